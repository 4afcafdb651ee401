import { structuredPatch } from "diff";
import { stringify } from "yaml";
import { type Line, change, count, isBrief, say } from "./say.ts";
import { type Json, type JsonObject, canonical, isObject, same, textAt } from "./tree.ts";

/** Where in an object; an item of a list that has a key is `[key]`. */
export type Path = readonly string[];

/** What a rule may look at beside the two values. */
export interface Both {
  readonly was: JsonObject;
  readonly is: JsonObject;
}

/** Says what a change at a place means. */
export interface Rule {
  /** `*` is any key, `[]` any item of a list. A last `**` is any path of one key or more, and speaks where no other rule does. */
  readonly at: Path;
  /** Whether it only speaks where one side has nothing; what both have is then looked at in depth. */
  readonly oneSided?: true;
  /** No line: there is no effect. */
  readonly say: (was: Json | undefined, is: Json | undefined, path: Path, both: Both) => Line[];
}

/** What changes between two objects, in the words of the first rule that fits; by path where none does. */
export function changes(both: Both, rules: readonly Rule[]): Line[] {
  const visit = (was: Json | undefined, is: Json | undefined, path: Path, left: readonly Rule[]): Line[] => {
    if (same(was, is)) return [];
    const oneSided = was === undefined || is === undefined;
    const rule = left.find((one) => !isOpen(one) && fits(one.at, path) && (one.oneSided === undefined || oneSided));
    if (rule !== undefined) return rule.say(was, is, path, both);
    const deeper = left.filter((one) => leadsTo(one, path));
    const [before, after] = [parts(was, path, is), parts(is, path, was)];
    if (before === undefined || after === undefined || (oneSided && deeper.every(isOpen))) {
      const open = left.find((one) => isOpen(one) && fits(one.at, path));
      return open === undefined ? [byPath(was, is, path)] : open.say(was, is, path, both);
    }
    const keys = [...new Set([...Object.keys(before), ...Object.keys(after)])];
    const inside = keys.flatMap((key) => visit(before[key], after[key], [...path, key], deeper));
    return reordered(was, is, Object.keys(before), Object.keys(after), path)
      ? [...inside, say`order of ${{ it: pathText(path) }} changed`]
      : inside;
  };
  return visit(both.was, both.is, [], rules);
}

function isOpen({ at }: Rule): boolean {
  return at.at(-1) === "**";
}

/** The generic phrase: `strategy.type RollingUpdate → Recreate`; what is too long for a phrase becomes details. */
export function byPath(was: Json | undefined, is: Json | undefined, path: Path, name = pathText(path)): Line {
  if (isBrief(was) && isBrief(is) && !isMultiline(was) && !isMultiline(is)) {
    return say`${{ it: name }} ${change(was, is)}`;
  }
  return { ...lines(name, asText(was), asText(is)) };
}

/** `name: 3 lines added, 1 removed`, with the difference as details. */
export function lines(name: string, was: string | undefined, is: string | undefined): Line {
  const details = textDifference(was ?? "", is ?? "");
  const size = (text: string) => text.replace(/\n$/, "").split("\n").length;
  if (was === undefined)
    return { ...say`${{ it: name }} added (${count(size(is ?? ""), "line")})`, details: details ?? "" };
  if (is === undefined)
    return { ...say`${{ it: name }} removed (${count(size(was), "line")})`, details: details ?? "" };
  if (details === undefined)
    return say`${{ it: name }} rewritten (${count(size(was), "line")}, now ${count(size(is), "line")})`;
  const number = (sign: string) => details.split("\n").filter((line) => line.startsWith(sign)).length;
  const [more, less] = [number("+"), number("-")];
  const words = [...(more > 0 ? [`${count(more, "line")} added`] : []), ...(less > 0 ? [`${less} removed`] : [])];
  return { ...say`${{ it: name }}: ${words.join(", ")}`, details };
}

/** A unified difference without its header; undefined when the two have so little in common that it helps nobody. */
export function textDifference(was: string, is: string): string | undefined {
  const patch = structuredPatch("", "", was, is, "", "", { context: 2, maxEditLength: 3000 });
  if (patch === undefined) return undefined;
  return patch.hunks
    .flatMap(({ oldStart, newStart, lines: text }, n) => [
      ...(n > 0 || oldStart > 1 ? [`@@ line ${Math.max(oldStart, newStart)} @@`] : []),
      ...text,
    ])
    .join("\n");
}

/** `spec.ports[http].targetPort` without the `spec.` that all have. */
export function pathText(path: Path): string {
  const from = path[0] === "spec" && path.length > 1 && !path[1]!.startsWith("[") ? 1 : 0;
  return path
    .slice(from)
    .map((key, n) => (key.startsWith("[") ? key : n === 0 ? key : `.${/[./]/.test(key) ? JSON.stringify(key) : key}`))
    .join("");
}

/** The key of the last list item on a path. */
export function itemOf(path: Path): string {
  return (path.findLast((key) => key.startsWith("[")) ?? "[]").slice(1, -1);
}

function asText(value: Json | undefined): string | undefined {
  return value === undefined || typeof value === "string" ? value : stringify(value, { lineWidth: 0 });
}

function isMultiline(value: Json | undefined): boolean {
  return typeof value === "string" && value.includes("\n");
}

function fits(at: Path, path: Path): boolean {
  const open = at.at(-1) === "**";
  if (open ? path.length < at.length : path.length !== at.length) return false;
  return (open ? at.slice(0, -1) : at).every((key, n) => fitsKey(key, path[n]!));
}

function leadsTo(rule: Rule, path: Path): boolean {
  const at = isOpen(rule) ? rule.at.slice(0, -1) : rule.at;
  return (isOpen(rule) || at.length > path.length) && path.every((key, n) => n >= at.length || fitsKey(at[n]!, key));
}

function fitsKey(pattern: string, key: string): boolean {
  return pattern === "*" ? !key.startsWith("[") : pattern === "[]" ? key.startsWith("[") : pattern === key;
}

/** Lists by the key that Kubernetes merges their items by; of other lists of mappings, the first of these that every item has. */
const mergeKeys: Readonly<Record<string, readonly string[]>> = {
  ports: ["containerPort", "port", "protocol", "name"],
  volumeMounts: ["mountPath"],
  volumeDevices: ["devicePath"],
  topologySpreadConstraints: ["topologyKey"],
  hostAliases: ["ip"],
};
const sets = new Set(["finalizers", "accessModes", "policyTypes", "categories", "shortNames", "drop", "syncOptions"]);

function parts(
  value: Json | undefined,
  path: Path,
  other: Json | undefined,
): Readonly<Record<string, Json>> | undefined {
  if (value === undefined) return {};
  if (isObject(value)) return isObject(other) || other === undefined ? value : undefined;
  if (!Array.isArray(value) || (other !== undefined && !Array.isArray(other))) return undefined;
  const list = path.findLast((key) => !key.startsWith("[")) ?? "";
  return keyed(value, list) !== undefined && keyed((other ?? []) as readonly Json[], list) !== undefined
    ? keyed(value, list)
    : undefined;
}

function keyed(items: readonly Json[], list: string): Readonly<Record<string, Json>> | undefined {
  const keys = items.map((item) => keyOf(item, list));
  if (keys.includes(undefined) || new Set(keys).size < keys.length) return undefined;
  return Object.fromEntries(items.map((item, n) => [`[${keys[n]}]`, item]));
}

function keyOf(item: Json, list: string): string | undefined {
  if (sets.has(list) && typeof item === "string") return item;
  if (!isObject(item)) return undefined;
  if (list === "ports" && (item["containerPort"] ?? item["port"]) !== undefined) {
    const protocol = textAt(item, "protocol") || "TCP";
    return `${textAt(item, "containerPort") || textAt(item, "port")}${protocol === "TCP" ? "" : `/${protocol}`}`;
  }
  const key = (mergeKeys[list] ?? []).concat("name", "key", "type").find((name) => textAt(item, name) !== "");
  return key === undefined ? textAt(item, "metadata", "name") || undefined : textAt(item, key);
}

/** Lists of Kubernetes whose order has no effect. */
const unordered = new Set([
  "containers",
  "volumes",
  "volumeMounts",
  "ports",
  "imagePullSecrets",
  "tolerations",
  "hostAliases",
  ...sets,
]);

function reordered(
  was: Json | undefined,
  is: Json | undefined,
  before: string[],
  after: string[],
  path: Path,
): boolean {
  if (!Array.isArray(was) || !Array.isArray(is)) return false;
  const list = path.findLast((key) => !key.startsWith("[")) ?? "";
  if (unordered.has(list) || (list === "env" && !canonical([was, is]).includes("$("))) return false;
  return (
    before.filter((key) => after.includes(key)).join("\n") !== after.filter((key) => before.includes(key)).join("\n")
  );
}

/** Items that only one of two lists has, whatever their order; equal items count once each. */
export function setDifference(was: readonly Json[], is: readonly Json[]): { gone: Json[]; come: Json[] } {
  const before = new Set(was.map(canonical));
  const after = new Set(is.map(canonical));
  return {
    gone: was.filter((item) => !after.has(canonical(item))),
    come: is.filter((item) => !before.has(canonical(item))),
  };
}
