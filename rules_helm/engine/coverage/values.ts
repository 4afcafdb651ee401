import { isMap, isPair, isScalar, LineCounter, type Node, parseDocument } from "yaml";

/** A place in values: keys of maps and indexes of lists. */
export type Path = readonly (string | number)[];

/** A value that holds no other: a scalar, null, an empty map or an empty list. */
export interface Leaf {
  readonly path: Path;
  readonly key: string;
  readonly value: unknown;
}

/** A values file: what it holds, and where. */
export interface ValuesFile {
  readonly name: string;
  readonly values: Readonly<Record<string, unknown>>;
  /** The line of a place, or of the nearest place above it that is written down; 0 for what stands in no file. */
  line(path: Path): number;
}

/** A path as helm's --set writes it: `hosts[0].name`, with dots inside a key escaped. */
export function keyOf(path: Path): string {
  return path
    .map((part, index) =>
      typeof part === "number" ? `[${part}]` : `${index > 0 ? "." : ""}${part.replaceAll(".", "\\.")}`,
    )
    .join("");
}

/** Reads a values file. Throws an error with file and line when it is not one YAML mapping. */
export function readValues(name: string, text: string): ValuesFile {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, merge: true });
  const [error] = document.errors;
  if (error) {
    throw new Error(`${name}:${lines.linePos(error.pos[0]).line}: ${error.message.split("\n")[0]!.replace(/:$/, "")}`);
  }
  const values: unknown = document.toJS() ?? {};
  if (!isMapping(values)) throw new Error(`${name}:1: expected a mapping of values, received a ${typeof values}`);
  const at = (path: Path): number | undefined => {
    const parent = document.getIn(path.slice(0, -1), true);
    const last = path.at(-1);
    const pair = isMap(parent)
      ? parent.items.find(({ key }) => (isScalar(key) ? String(key.value) : key) === last)
      : undefined;
    const node = isPair(pair) ? pair.key : document.getIn(path, true);
    const start = (node as Node | null | undefined)?.range?.[0];
    return start === undefined ? undefined : lines.linePos(start).line;
  };
  return { name, values, line: (path) => nearest(path, at) };
}

function nearest(path: Path, at: (path: Path) => number | undefined): number {
  for (let length = path.length; length > 0; length -= 1) {
    const line = at(path.slice(0, length));
    if (line !== undefined) return line;
  }
  return 1;
}

/** Values as helm merges them: maps by key, everything else replaced by the later one. */
export function mergeValues(...layers: readonly Readonly<Record<string, unknown>>[]): Record<string, unknown> {
  const merged: Record<string, unknown> = {};
  for (const layer of layers) {
    for (const [key, value] of Object.entries(layer)) {
      const below = merged[key];
      merged[key] = isMapping(below) && isMapping(value) ? mergeValues(below, value) : value;
    }
  }
  return merged;
}

/** Every leaf, in the order in which it stands. */
export function leavesOf(values: unknown, path: Path = []): readonly Leaf[] {
  const entries: [string | number, unknown][] = Array.isArray(values)
    ? values.map((item, index) => [index, item])
    : isMapping(values)
      ? Object.entries(values)
      : [];
  if (entries.length > 0) return entries.flatMap(([part, value]) => leavesOf(value, [...path, part]));
  return path.length === 0 ? [] : [{ path, key: keyOf(path), value: values }];
}

/** A copy with other values in some places. */
export function replaceAt(values: unknown, changes: readonly (readonly [Path, unknown])[]): Record<string, unknown> {
  const copy = structuredClone(values) as Record<string, unknown>;
  for (const [path, value] of changes) {
    let holder = copy as Record<string | number, unknown>;
    for (const part of path.slice(0, -1)) holder = holder[part] as Record<string | number, unknown>;
    holder[path.at(-1)!] = value;
  }
  return copy;
}

/** True for a map, false for lists, scalars and null. */
export function isMapping(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Values that attributes of a target set, as if they stood in a file; without those whose key has indexes or escapes. */
export function valuesOfKeys(name: string, keys: readonly string[]): ValuesFile {
  const plain = keys.filter((key) => /^[^.[\]\\,={}]+(\.[^.[\]\\,={}]+)*$/.test(key));
  const nested = plain.map((key) => key.split(".").reduceRight<unknown>((value, part) => ({ [part]: value }), "given"));
  return { name, values: mergeValues(...(nested as Record<string, unknown>[])), line: () => 0 };
}
