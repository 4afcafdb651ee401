import type { Span } from "./spans.ts";

/** A stretch of offsets with which the same number of voters agree. */
export interface Plateau extends Span {
  readonly votes: number;
}

/**
 * How many voters agree with each value, when each names the spans it agrees with: plateaus by value, without those of no votes.
 * It is Marzullo's algorithm (Maintaining the time in a distributed system, 1984; NTP chooses clocks with it), which a minority
 * of false voters cannot mislead.
 */
export function plateausOf(voters: readonly (readonly Span[])[]): Plateau[] {
  const edges = voters.flat().flatMap(({ from, to }) => [
    { at: from, step: 1 },
    { at: to, step: -1 },
  ]);
  edges.sort((a, b) => a.at - b.at || b.step - a.step);
  const plateaus: Plateau[] = [];
  let votes = 0;
  edges.forEach(({ at, step }, i) => {
    votes += step;
    const next = edges[i + 1];
    if (!next || votes === 0 || (next.at === at && next.step === step)) return;
    plateaus.push({ from: at, to: next.at, votes });
  });
  return plateaus;
}

/** A value that many agree with, and how far around it nearly as many do. */
export interface Peak extends Plateau {
  /** Where at least {@link SHOULDER} of its votes remain. */
  readonly shoulders: Span;
}

/** The share of a peak's votes that its shoulders have. */
export const SHOULDER = 0.8;
/** Down to this share of its votes a slope belongs to its peak, as long as it does not rise again by more than {@link rise}. */
const FOOT = 0.25;
const rise = (votes: number) => Math.max(2, 0.05 * votes);

/** The highest peaks, the best first; what stands on the slopes of a better one is left out. Of equal ones the wider comes first. */
export function peaksOf(plateaus: readonly Plateau[], count: number): Peak[] {
  const order = plateaus.map((_, i) => i);
  const width = (i: number) => plateaus[i]!.to - plateaus[i]!.from;
  order.sort((a, b) => plateaus[b]!.votes - plateaus[a]!.votes || width(b) - width(a) || a - b);
  const peaks: Peak[] = [];
  const slopes: Range[] = [];
  for (const i of order) {
    if (peaks.length === count) break;
    const { from, to, votes } = plateaus[i]!;
    if (slopes.some(({ first, last }) => first <= i && i <= last)) continue;
    const { first, last } = around(plateaus, i, SHOULDER, Infinity);
    peaks.push({ from, to, votes, shoulders: { from: plateaus[first]!.from, to: plateaus[last]!.to } });
    slopes.push(around(plateaus, i, FOOT, rise(votes)));
  }
  return peaks;
}

interface Range {
  readonly first: number;
  readonly last: number;
}

/** What joins a plateau without falling below a share of its votes, and without rising from its lowest by more than `most`. */
function around(plateaus: readonly Plateau[], top: number, share: number, most: number): Range {
  const reach = (step: 1 | -1) => {
    let [at, lowest] = [top, plateaus[top]!.votes];
    for (let next = plateaus[at + step]; next; next = plateaus[at + step]) {
      const apart = step === 1 ? next.from - plateaus[at]!.to : plateaus[at]!.from - next.to;
      if (apart > JOIN_MS || next.votes < share * plateaus[top]!.votes || next.votes > lowest + most) break;
      at += step;
      lowest = Math.min(lowest, next.votes);
    }
    return at;
  };
  return { first: reach(-1), last: reach(1) };
}

const JOIN_MS = 1_000;
