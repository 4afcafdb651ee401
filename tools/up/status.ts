import type { PlannedPart } from "./part.ts";
import type { PartState, Phase } from "./supervisor.ts";

const SYMBOLS: Readonly<Record<Phase, string>> = {
  waiting: "·",
  starting: "◌",
  ready: "●",
  restarting: "↻",
  stopping: "◌",
  stopped: "○",
  failed: "✗",
};
const COLOURS: Readonly<Record<Phase, number>> = {
  waiting: 245,
  starting: 220,
  ready: 41,
  restarting: 208,
  stopping: 220,
  stopped: 245,
  failed: 196,
};
const NAME_COLOURS = [75, 114, 179, 176, 80, 210, 147, 186];

/** Paints text in one of the 256 terminal colours, or leaves it. */
export type Paint = (text: string, colour: number) => string;

/** The paint for a terminal that shows colours or not. */
export const paintFor = (colours: boolean): Paint =>
  colours ? (text, colour) => `\x1b[38;5;${colour}m${text}\x1b[39m` : (text) => text;

/** A duration as people say it: `0.4 s`, `12 s`, `3 min`, `2 h`. */
export function spoken(ms: number): string {
  if (ms < 9_950) return `${(ms / 1_000).toFixed(1)} s`;
  if (ms < 90_000) return `${Math.round(ms / 1_000)} s`;
  if (ms < 5_400_000) return `${Math.round(ms / 60_000)} min`;
  return `${Math.round(ms / 3_600_000)} h`;
}

/** The prefix of a part's log lines: its name, padded to the longest one, in its own colour. */
export function prefixes(names: readonly string[], paint: Paint): ReadonlyMap<string, string> {
  const width = Math.max(...names.map((name) => name.length), 2);
  return new Map(
    names.map((name, index) => [
      name,
      paint(`${name.padEnd(width)} │`, NAME_COLOURS[index % NAME_COLOURS.length] as number),
    ]),
  );
}

/** The status line of one part, no wider than `columns`. */
export function statusLine(
  part: PlannedPart,
  state: PartState,
  now: number,
  columns: number,
  width: number,
  paint: Paint,
): string {
  const address = Object.values(part.ports)
    .map((port) => `:${port}`)
    .join(" ");
  const again = state.restarts > 0 ? `, restarted ${state.restarts}×` : "";
  const note = state.note === "" ? "" : ` (${state.note})`;
  const text = `${part.name.padEnd(width)}  ${state.phase} ${spoken(now - state.since)}${again}${note}  ${address}  ${part.about}`;
  const fitting = text.length > columns - 3 ? `${text.slice(0, Math.max(0, columns - 4))}…` : text;
  return `${paint(SYMBOLS[state.phase], COLOURS[state.phase])} ${fitting}`;
}

/** What is told once when a part changes, on a terminal that cannot be redrawn; null for changes not worth a line. */
export function changeLine(part: PlannedPart, state: PartState, tookMs: number): string | null {
  const address = Object.values(part.ports)
    .map((port) => `127.0.0.1:${port}`)
    .join(", ");
  switch (state.phase) {
    case "ready":
      return `${part.name} is ready after ${spoken(tookMs)} (${address})`;
    case "restarting":
      return `${part.name} is started again: ${state.note}`;
    case "failed":
      return `${part.name} failed: ${state.note}`;
    case "stopped":
      return `${part.name} has stopped`;
    default:
      return null;
  }
}
