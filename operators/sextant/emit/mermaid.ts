import type { Machine } from "../model.ts";

/** The machine as a Mermaid state diagram. */
export function emitMermaid({ states, transitions }: Machine): string {
  const lines = ["stateDiagram-v2"];
  const initial = states.filter((state) => state.initial).map(({ name }) => `[*] --> ${name}`);
  const edges = Map.groupBy(transitions, ({ from, to }) => `${from} --> ${to}`);
  const arrows = [...edges].map(([arrow, all]) => {
    const labels = all.map(({ action, guard, trigger }) => {
      return [action, guard ? `[${guard.name}]` : "", trigger ? `(${trigger})` : ""]
        .filter((word) => word !== "")
        .join(" ");
    });
    return `${arrow}: ${labels.join(" / ")}`;
  });
  const ends = states.filter(({ terminal, deletion }) => terminal && deletion).map(({ name }) => `${name} --> [*]`);
  const classes = (["terminal", "error", "deletion"] as const).flatMap((flag) => {
    const names = states.filter((state) => state[flag]).map(({ name }) => name);
    return names.length > 0 ? [`class ${names.join(",")} ${flag}`] : [];
  });
  lines.push(
    ...[...initial, ...arrows, ...ends].map((line) => `    ${line}`),
    "    classDef terminal stroke:#1a7f37,stroke-width:3px",
    "    classDef error stroke:#cf222e,stroke-width:2px",
    "    classDef deletion stroke-dasharray:4 3",
    ...classes.map((line) => `    ${line}`),
  );
  return `${lines.join("\n")}\n`;
}
