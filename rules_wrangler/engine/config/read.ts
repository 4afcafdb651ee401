import {
  type Node,
  type ParseError,
  findNodeAtLocation,
  parseTree,
  getNodeValue,
  printParseErrorCode,
} from "jsonc-parser";
import { TomlError, parse as parseToml } from "smol-toml";
import type { Fault } from "../rules/rule-file.ts";

/** A wrangler configuration, parsed. */
export interface Configuration {
  readonly value: Readonly<Record<string, unknown>>;
  /** The line on which a key stands; 1 where that is not known. */
  lineOf(path: readonly (string | number)[]): number;
}

/** Reads wrangler.jsonc, wrangler.json or wrangler.toml, by the file's name: comments and trailing commas in both JSON forms, as wrangler does. */
export function readConfiguration(file: string, text: string): Configuration | { readonly faults: readonly Fault[] } {
  if (file.endsWith(".toml")) return readToml(text);
  if (file.endsWith(".json") || file.endsWith(".jsonc")) return readJson(text);
  return { faults: [{ line: 1, message: "expected a name that ends with .jsonc, .json or .toml" }] };
}

function readJson(text: string): Configuration | { readonly faults: readonly Fault[] } {
  const lineAt = (offset: number): number => text.slice(0, offset).split("\n").length;
  const errors: ParseError[] = [];
  const root = parseTree(text.replace(/^\uFEFF/, " "), errors, { allowTrailingComma: true, disallowComments: false });
  if (errors.length > 0) {
    const faults = errors.map(({ error, offset }) => ({
      line: lineAt(offset),
      message: `not JSON: ${printParseErrorCode(error)
        .replace(/([a-z])([A-Z])/g, "$1 $2")
        .toLowerCase()}`,
    }));
    return { faults };
  }
  if (root?.type !== "object") return { faults: [{ line: 1, message: "expected an object with a name" }] };
  const twice = duplicate(root);
  if (twice !== undefined)
    return { faults: [{ line: lineAt(twice.offset), message: `${String(twice.value)} is said twice` }] };
  return {
    value: getNodeValue(root) as Record<string, unknown>,
    lineOf: (path) => {
      const node = findNodeAtLocation(root, [...path]);
      return node === undefined ? 1 : lineAt((node.parent?.type === "property" ? node.parent : node).offset);
    },
  };
}

function duplicate(node: Node): Node | undefined {
  const keys = new Set<unknown>();
  for (const child of node.children ?? []) {
    const key = node.type === "object" ? child.children?.[0] : undefined;
    if (key !== undefined && keys.has(key.value)) return key;
    keys.add(key?.value);
    const deeper = duplicate(node.type === "object" ? (child.children?.[1] ?? child) : child);
    if (deeper !== undefined) return deeper;
  }
  return undefined;
}

function readToml(text: string): Configuration | { readonly faults: readonly Fault[] } {
  try {
    const value = parseToml(text) as Record<string, unknown>;
    return { value, lineOf: (path) => tomlLine(text, path, value) };
  } catch (error) {
    if (!(error instanceof TomlError)) throw error;
    const message = error.message.split("\n")[0]!.replace(/^Invalid TOML document: /, "");
    return { faults: [{ line: error.line, message: `not TOML: ${message}` }] };
  }
}

/** The first line after which the document has the key: parsers of TOML give no places, so the document is parsed up to each line. */
function tomlLine(text: string, path: readonly (string | number)[], whole: unknown): number {
  if (reach(whole, path) === undefined) return 1;
  const lines = text.split("\n");
  for (let count = 1; count <= lines.length; count++) {
    try {
      if (reach(parseToml(lines.slice(0, count).join("\n")), path) !== undefined) return count;
    } catch {
      continue;
    }
  }
  return 1;
}

function reach(value: unknown, path: readonly (string | number)[]): unknown {
  return path.reduce<unknown>((at, key) => (at as Record<string | number, unknown> | undefined)?.[key], value);
}
