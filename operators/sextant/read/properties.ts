import type { Node } from "yaml";
import type { Guard, Property, State, Transition } from "../model.ts";
import { readGuard } from "./guards.ts";
import type { Reader } from "./reader.ts";
import { suggestion } from "./suggest.ts";
import { readTrigger } from "./transitions.ts";

/** Keys of a property; which of them go together is said by its shape. */
export const PROPERTY_KEYS = [
  "never",
  "without",
  "from",
  "reaches",
  "answers",
  "offers",
  "in",
  "to",
  "when",
  "action",
  "requires",
] as const;

/** What `answers` and `offers` may have, too. */
const MORE: readonly string[] = ["to", "when"];

/** Reads `properties`: what has to hold in every run, whatever fails. */
export function readProperties(
  reader: Reader,
  node: Node | undefined,
  machine: {
    readonly states: readonly State[];
    readonly transitions: readonly Transition[];
    readonly guards: ReadonlyMap<string, Guard>;
  },
): readonly Property[] {
  const names = machine.states.map(({ name }) => name);
  const actions = [...new Set(machine.transitions.map(({ action }) => action))];
  const things = [...new Set(machine.transitions.flatMap(({ creates }) => creates))];
  const among = (one: Node | undefined, what: string, known: readonly string[]): string[] =>
    reader.texts(one, what).flatMap(({ value, at }) => {
      if (value === "*") return [...known];
      if (known.includes(value)) return [value];
      reader.problem(at, `there is no ${what} "${value}"${suggestion(value, known) || "; declare it first"}`);
      return [];
    });
  const optional = (one: Node | undefined): readonly string[] | undefined =>
    one === undefined ? undefined : among(one, "state", names);
  return reader.items(node, "properties").flatMap((item): Property[] => {
    const at = reader.at(item);
    const entries = reader.entries(item, "property", PROPERTY_KEYS);
    const keys = Object.keys(entries).sort();
    const shape = keys.join(" ");
    switch ("answers" in entries || "offers" in entries ? keys.filter((key) => !MORE.includes(key)).join(" ") : shape) {
      case "never without": {
        const [never, without] = [among(entries.never, "thing", things)[0], among(entries.without, "thing", things)[0]];
        return never !== undefined && without !== undefined ? [{ kind: "without", at, never, without }] : [];
      }
      case "from reaches":
        return [
          {
            kind: "reaches",
            at,
            from: among(entries.from, "state", names),
            to: among(entries.reaches, "state", names),
          },
        ];
      case "answers in": {
        if (entries.when !== undefined) reader.problem(entries.when, `"when" belongs to "offers"; remove it`);
        const trigger = readTrigger(reader, entries.answers);
        const [states, to] = [among(entries.in, "state", names), optional(entries.to)];
        return trigger === undefined ? [] : [{ kind: "answers", at, trigger, in: states, to }];
      }
      case "in offers":
        return [
          {
            kind: "offers",
            at,
            actions: among(entries.offers, "action", actions),
            in: among(entries.in, "state", names),
            to: optional(entries.to),
            when: readGuard(reader, entries.when, "property", machine.guards),
          },
        ];
      case "action requires":
      case "requires to": {
        const guard = readGuard(reader, entries.requires, "property", machine.guards);
        if (guard === undefined) return [];
        const by = shape === "requires to" ? "to" : "action";
        const known = by === "to" ? names : actions;
        const what = by === "to" ? "state" : "action";
        return among(entries[by], what, known).map((name) => ({ kind: "requires", at, by, name, guard }));
      }
      default:
        reader.problem(
          item,
          `a property has the keys "never" and "without", "from" and "reaches", "answers" and "in" (and "to"), "offers" and "in" (and "to", "when"), or "requires" with "to" or "action"; got ${shape || "none"}`,
        );
        return [];
    }
  });
}
