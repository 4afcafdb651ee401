import type { Step } from "./graph.ts";

/** A run in words, one step a line. */
export function traceText(start: string, steps: readonly Step[]): string {
  let state = start;
  const lines = [`    ${start}, a new resource`];
  for (const step of steps) {
    lines.push(`    ${stepText(state, step)}`);
    state = step.to.state;
  }
  return lines.join("\n");
}

function stepText(from: string, { cause, edge, to }: Step): string {
  const outside = to.things.length > 0 ? `; outside: ${to.things.join(", ")}` : "";
  const values = [...to.values]
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => `${name.slice(5)} ${String(value)}`);
  const recorded = values.length > 0 ? ` with ${values.join(", ")}` : "";
  switch (cause) {
    case "taken":
      return `${from} → ${to.state}${recorded} by ${edge!.action}${edge!.trigger ? ` (${edge!.trigger})` : ""}${outside}`;
    case "interrupted":
      return `${from}: a crash or timeout after ${edge!.action} took effect, before it was recorded${outside}`;
    case "failed":
      return `${from}: failed once more${recorded}`;
    case "status lost":
      return `${from} → ${to.state}: the status was lost or edited${outside}`;
  }
}
