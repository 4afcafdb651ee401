import type { Field, Machine, Property } from "../model.ts";
import { typeText } from "../read/types.ts";
import { emitMermaid } from "./mermaid.ts";
import { header } from "./typescript.ts";
import { durationText } from "./words.ts";

/** The machine's documentation page, before it is formatted. `moments` is what the check has explored. */
export function emitPage(machine: Machine, moments: number): string {
  const { name, description, states, transitions, context, properties, errorHandling: errors } = machine;
  const guards = new Map(transitions.flatMap(({ guard }) => (guard ? [[guard.name, guard]] : [])));
  return [
    `<!-- ${header(machine)} -->`,
    `# ${name}`,
    description,
    `\`\`\`mermaid\n${emitMermaid(machine)}\`\`\``,
    "## States",
    table(
      ["state", "is", "looked at again", "fields", "meaning"],
      states.map((state) => [
        state.name,
        (["initial", "terminal", "error", "deletion"] as const).filter((flag) => state[flag]).join(", "),
        state.requeueMs === undefined ? "" : `after ${durationText(state.requeueMs)}`,
        fieldList(state.fields),
        state.description,
      ]),
    ),
    "A status that no state has written becomes `Unknown`, which keeps it and restarts the work.",
    "## Transitions",
    table(
      ["from", "action", "to", "when", "given", "outside", "meaning"],
      transitions.map((edge) => [
        edge.from,
        edge.action,
        edge.to,
        [edge.trigger ?? "", edge.guard ? `\`${edge.guard.name}\`` : ""].filter((word) => word !== "").join(", "),
        fieldList(edge.params),
        [...edge.creates.map((thing) => `creates ${thing}`), ...edge.removes.map((thing) => `removes ${thing}`)].join(
          ", ",
        ),
        edge.description,
      ]),
    ),
    ...(guards.size > 0
      ? [
          "## Guards",
          table(
            ["guard", "is true when", "meaning"],
            [...guards.values()].map((guard) => [guard.name, code(guard.expression), guard.description]),
          ),
        ]
      : []),
    ...(context.length > 0 ? ["## Context", `What is observed beside the clock: ${fieldList(context)}.`] : []),
    "## Failures",
    `A failed action is tried again after ${durationText(errors.initialMs)}, each time ${errors.factor} times as long, at most ${durationText(errors.maxMs)} (± ${Math.round(errors.jitter * 100)} %), and given up after ${errors.maxRetries} retries.`,
    "## What was checked",
    [
      `In all ${moments} moments of its runs, with a crash or timeout after every effect, repeated failures and a status that is lost:`,
      "",
      "- every state is reached, and every transition can be taken",
      "- work always comes to a goal or an error, and an error can be left",
      ...(states.some((state) => state.deletion)
        ? ["- deletion is possible from everywhere, comes to its end, and leaves nothing that was created"]
        : []),
      ...properties.map((property) => `- ${propertyText(property)}`),
    ].join("\n"),
    "",
  ].join("\n\n");
}

function propertyText(property: Property): string {
  switch (property.kind) {
    case "without":
      return `${property.never} never exists without ${property.without}`;
    case "reaches":
      return `from ${property.from.join(", ")}, ${property.to.join(" or ")} can be reached`;
    case "answers":
      return `${property.in.join(", ")} answer${property.in.length > 1 ? "" : "s"} ${property.trigger}${leading(property.to)}`;
    case "offers":
      return `${property.in.join(", ")} offer${property.in.length > 1 ? "" : "s"} ${property.actions.join(", ")}${leading(property.to)}${property.when ? ` where ${code(property.when.expression)}` : ""}`;
    case "requires":
      return `${property.by === "to" ? `whatever leads to ${property.name}` : property.name} requires ${code(property.guard.expression)}`;
  }
}

const leading = (to: readonly string[] | undefined): string => (to ? ` by leading to ${to.join(" or ")}` : "");

const fieldList = (fields: readonly Field[]): string =>
  fields.map(({ name, type }) => `\`${name}: ${typeText(type)}\``).join(", ");

const code = (text: string): string => `\`${text.replace(/\s+/g, " ").trim()}\``;

function table(heads: readonly string[], rows: readonly (readonly string[])[]): string {
  const used = heads.map((_, column) => rows.some((row) => row[column] !== ""));
  const line = (cells: readonly string[]): string =>
    `| ${cells
      .filter((_, column) => used[column])
      .map((cell) => cell.replaceAll("|", "\\|").replace(/\s+/g, " "))
      .join(" | ")} |`;
  return [line(heads), line(heads.map(() => "---")), ...rows.map(line)].join("\n");
}
