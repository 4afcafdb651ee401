import { type Document, LineCounter, isNode, isScalar, parseDocument } from "yaml";

/** Keys of values, from the root. */
export type Path = readonly string[];

/** A place that values come from: a file, or an attribute of the target. */
export interface Layer {
  readonly name: string;
  /** Where it says a value, and which, for messages; undefined when it does not. */
  readonly find: (path: Path) => string | undefined;
}

/** A values file. `scope` are the keys that it stands below: the names of the charts between it and the root. */
export function layerOf(name: string, text: string, scope: Path): Layer {
  const counter = new LineCounter();
  const document = parseDocument(text, { lineCounter: counter, logLevel: "silent" });
  return {
    name,
    find: (path) => {
      if (scope.some((key, index) => path[index] !== key)) return undefined;
      return found(document, counter, path.slice(scope.length), name);
    },
  };
}

function found(document: Document, counter: LineCounter, path: Path, name: string): string | undefined {
  if (path.length === 0 || !document.hasIn(path)) return undefined;
  const node = document.getIn(path, true);
  const line = isNode(node) && node.range ? `:${counter.linePos(node.range[0]).line}` : "";
  const value = isScalar(node) ? JSON.stringify(node.value) : "a mapping or a sequence";
  return `${value.length > 80 ? `${value.slice(0, 77)}...` : value}, from ${name}${line}`;
}

/** A single key that an attribute sets. */
export function settled(name: string, key: string): Layer {
  return { name, find: (path) => (path.join(".") === key ? `set by ${name}` : undefined) };
}

/** Where a value comes from, or which part of it is set nowhere; `layers` from the strongest to the weakest. */
export function whereSet(name: string, path: Path, layers: readonly Layer[]): string {
  const find = (keys: Path): string | undefined =>
    layers.map((layer) => layer.find(keys)).find((one) => one !== undefined);
  const value = find(path);
  if (value !== undefined) return `${name} is ${value}`;
  const missing = path.findIndex((_, index) => find(path.slice(0, index + 1)) === undefined);
  const parent = missing > 0 ? find(path.slice(0, missing)) : undefined;
  const part = name
    .split(".")
    .slice(0, name.split(".").length - path.length + missing + 1)
    .join(".");
  const files = layers.map((layer) => layer.name).join(", ") || "any values file";
  const above = parent === undefined ? "" : ` (${part.slice(0, part.lastIndexOf("."))} is ${parent})`;
  return `${part} is set by none of ${files}${above}; set it, or give it a default in the template`;
}
