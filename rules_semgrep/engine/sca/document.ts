import { type MemberNode, parse as parseMomoa, type ValueNode } from "@humanwhocodes/momoa";
import { getStaticTOMLValue, ParseError as TomlError, parseTOML } from "toml-eslint-parser";
import { isMap, isPair, isScalar, isSeq, LineCounter, parseDocument, type Document, parseAllDocuments } from "yaml";
import { Refusal } from "../command.ts";

/** A way into a document: keys and indices. */
export type Path = readonly (string | number)[];

/** A document that knows where its parts stand. */
export interface Parsed {
  readonly value: unknown;
  /** The line of a part, counted from 1; 1 for a part that is not there. */
  readonly lineOf: (path: Path) => number;
}

/** What is wrong with a file that somebody else's program writes. */
export function broken(file: string, line: number | undefined, what: string, advice: string): Refusal {
  return new Refusal(`${file}${line === undefined ? "" : `:${line}`}: ${what}`, [advice]);
}

const DAMAGED = "Is it cut off, or left with conflict marks by a merge? Let the program that writes it write it anew.";

/** Parses JSON; two entries of one key are refused. */
export function parseJson(text: string, file: string): Parsed {
  let body: ValueNode;
  try {
    body = parseMomoa(text).body;
  } catch (error) {
    const { message, line } = error as { message: string; line?: number };
    throw broken(file, line, `it is not JSON (${message})`, DAMAGED);
  }
  refuseTwice(body, file);
  return { value: JSON.parse(text) as unknown, lineOf: (path) => jsonLine(body, path) };
}

/**
 * Parses a YAML document; two entries of one key are refused.
 *
 * @param which what of several documents counts; `only` refuses several
 */
export function parseYaml(text: string, file: string, which: "only" | "last" = "only"): Parsed {
  const counter = new LineCounter();
  const options = { lineCounter: counter, logLevel: "silent" } as const;
  const all = which === "last" ? parseAllDocuments(text, options) : [];
  const document = all.at(-1) ?? parseDocument(text, options);
  const [error] = document.errors;
  if (error !== undefined) {
    const what = error.message.split("\n")[0]?.replace(/ at line .*/, "") ?? "";
    throw broken(file, counter.linePos(error.pos[0]).line, `it is not YAML (${what})`, DAMAGED);
  }
  return {
    value: document.toJS({ maxAliasCount: 100 }) as unknown,
    lineOf: (path) => counter.linePos(yamlOffset(document, path)).line || 1,
  };
}

/** Parses TOML. Lines are known for tables, and for members of lists of tables (`["package", 3]`). */
export function parseToml(text: string, file: string): Parsed {
  try {
    const program = parseTOML(text);
    const lines = new Map(
      program.body[0].body.flatMap((node) =>
        node.type === "TOMLTable" ? [[JSON.stringify(node.resolvedKey), node.loc.start.line]] : [],
      ),
    );
    return { value: getStaticTOMLValue(program), lineOf: (path) => lines.get(JSON.stringify(path)) ?? 1 };
  } catch (error) {
    if (!(error instanceof TomlError)) throw error;
    throw broken(file, error.lineNumber, `it is not TOML (${error.message})`, DAMAGED);
  }
}

/** A mapping's entries; none for anything else. */
export function entries(value: unknown): [string, unknown][] {
  return Object.entries(record(value));
}

/** A mapping; an empty one for anything else. */
export function record(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : {};
}

/** A list; an empty one for anything else. */
export function list(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

/** A text, or a number as text; "" for anything else. */
export function text(value: unknown): string {
  return typeof value === "string" ? value : typeof value === "number" ? String(value) : "";
}

function refuseTwice(node: ValueNode, file: string): void {
  if (node.type === "Array") for (const { value } of node.elements) refuseTwice(value, file);
  if (node.type !== "Object") return;
  const seen = new Set<string>();
  for (const { name, value } of node.members) {
    const key = name.type === "String" ? name.value : name.name;
    if (seen.has(key)) throw broken(file, name.loc.start.line, `${JSON.stringify(key)} is there twice`, DAMAGED);
    seen.add(key);
    refuseTwice(value, file);
  }
}

function jsonLine(body: ValueNode, path: Path): number {
  let node: ValueNode | undefined = body;
  let line = 1;
  for (const step of path) {
    if (node?.type === "Object") {
      const member: MemberNode | undefined = node.members.find(
        ({ name }) => name.type === "String" && name.value === step,
      );
      if (member === undefined) return line;
      line = member.loc.start.line;
      node = member.value;
    } else if (node?.type === "Array") {
      node = node.elements[Number(step)]?.value;
      line = node?.loc.start.line ?? line;
    } else return line;
  }
  return line;
}

function yamlOffset(document: Document, path: Path): number {
  let node: unknown = document.contents;
  let offset = 0;
  for (const step of path) {
    if (isMap(node)) {
      const pair = node.items.find(({ key }) => isScalar(key) && String(key.value) === String(step));
      if (!isPair(pair)) return offset;
      offset = (pair.key as { range?: [number, number, number] }).range?.[0] ?? offset;
      node = pair.value;
    } else if (isSeq(node)) {
      node = node.items[Number(step)];
      offset = (node as { range?: [number, number, number] } | undefined)?.range?.[0] ?? offset;
    } else return offset;
  }
  return offset;
}
