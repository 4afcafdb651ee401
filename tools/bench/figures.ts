/** A figure that the repository promises for a machine with two cores. */
export interface Figure {
  readonly name: string;
  readonly what: string;
  /** Seconds. */
  readonly limit: number;
  /** Whether it is measured only when it is named, because it takes many minutes. */
  readonly long: boolean;
}

/** The promised figures, in the order in which they are measured. */
export const figures: readonly Figure[] = [
  { name: "unchanged", what: "test //... with nothing changed", limit: 1.5, long: false },
  { name: "one-line", what: "one line changed in a service: its tests, image and checks", limit: 10, long: false },
  { name: "format", what: "format on an unchanged tree", limit: 2, long: false },
  { name: "new-runner", what: "test //... on a new runner with a filled cache", limit: 60, long: false },
  { name: "second-clone", what: "test //... in a second clone on the same machine", limit: 60, long: false },
  { name: "cold", what: "test //... and up, in an empty home folder", limit: 900, long: true },
];

/** What was measured for a figure: seconds of each repeat, or why there is nothing. */
export type Measured =
  | { readonly kind: "measured"; readonly seconds: readonly number[]; readonly note?: string }
  | { readonly kind: "failed"; readonly why: string };

/** The middle of some numbers, which are not none; of an even count the mean of the two in the middle. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  const [low, high] = [sorted[(sorted.length - 1) >> 1], sorted[middle]];
  if (low === undefined || high === undefined) throw new Error("median of no numbers");
  return (low + high) / 2;
}

/** The figures that a command line asks for; all but the long ones when it names none. */
export function chooseFigures(
  names: readonly string[],
  withLong: boolean,
): readonly Figure[] | { readonly unknown: string } {
  const unknown = names.find((name) => !figures.some((figure) => figure.name === name));
  if (unknown !== undefined) return { unknown };
  return figures.filter(({ name, long }) => (names.length > 0 ? names.includes(name) : withLong || !long));
}

const seconds = (value: number) => `${value < 100 ? value.toFixed(value < 10 ? 2 : 1) : Math.round(value)} s`;

/** One line of the result: median, limit, verdict, ratio to the baseline of the same run, and the repeats. */
export function resultLine(figure: Figure, measured: Measured, baseline: number): string {
  const head = figure.name.padEnd(13);
  if (measured.kind === "failed")
    return `${head} failed   limit ${seconds(figure.limit)}  ${figure.what}: ${measured.why}`;
  const middle = median(measured.seconds);
  const verdict = middle <= figure.limit ? "ok  " : "over";
  const repeats =
    measured.seconds.length > 1 ? ` [${measured.seconds.map((value) => value.toFixed(2)).join(" ")}]` : "";
  const note = measured.note === undefined ? "" : ` (${measured.note})`;
  return `${head} ${seconds(middle).padStart(8)} ${verdict} limit ${seconds(figure.limit).padStart(7)}  ${(middle / baseline).toFixed(1).padStart(7)}×  ${figure.what}${repeats}${note}`;
}

/** One line for a figure that is a ratio: of the fastest half of each side, since a loaded machine only ever adds. */
export function ratioLine(
  name: string,
  what: string,
  ours: readonly number[],
  theirs: readonly number[],
  limit: number,
): { readonly text: string; readonly ok: boolean } {
  const [mine, other] = [fastHalf(ours), fastHalf(theirs)];
  const ratio = mine / other;
  const verdict = ratio <= limit ? "ok  " : "over";
  const measured = `${mine.toFixed(1)} ms to ${other.toFixed(1)} ms`;
  return {
    ok: ratio <= limit,
    text: `${name.padEnd(13)} ${`${ratio.toFixed(2)}×`.padStart(8)} ${verdict} limit ${`${limit.toFixed(2)}×`.padStart(7)}            ${what} (${measured})`,
  };
}

function fastHalf(values: readonly number[]): number {
  return median([...values].sort((a, b) => a - b).slice(0, Math.ceil(values.length / 2)));
}
