import { isAlias, isMap, isScalar, isSeq, LineCounter, type Node, parseDocument, type Scalar } from "yaml";
import type { Position, Problem, Written } from "../model.ts";
import { suggestion } from "./suggest.ts";
import { beginOf, syntaxText } from "./syntax.ts";

/** Keys of a map that may stand there, with their values. */
export type Entries<K extends string> = { readonly [P in K]?: Node };

/** Reads one YAML document by its nodes, collects every problem, and knows the place of everything. */
export class Reader {
  readonly problems: Problem[] = [];
  /** How many keys stood in a map again: the first of each counts. */
  repeats = 0;
  readonly file: string;
  readonly root: Node | null;
  readonly #source: string;
  readonly #lines = new LineCounter();

  constructor(file: string, source: string) {
    this.file = file;
    this.#source = source;
    const document = parseDocument(source, { lineCounter: this.#lines, prettyErrors: false, uniqueKeys: false });
    const [first] = [...document.errors, ...document.warnings].sort((a, b) => a.pos[0] - b.pos[0]);
    if (first) this.#add(this.position(beginOf(first, document)), syntaxText(first));
    this.root = document.contents;
  }

  /** Whether there is nothing but blanks and comments. */
  get isEmpty(): boolean {
    return this.root === null || (isScalar(this.root) && this.root.value === null);
  }

  /** The line and column of an offset in the file. */
  position(offset: number): Position {
    const { line, col } = this.#lines.linePos(offset);
    return { line: Math.max(1, line), column: Math.max(1, col) };
  }

  /** Where a node begins. */
  at(node: Node | null | undefined): Position {
    return this.position(node?.range?.[0] ?? 0);
  }

  /** Notes a problem at a node or a place. */
  problem(where: Node | Position | null, message: string): void {
    this.#add(where !== null && "line" in where ? where : this.at(where as Node | null), message);
  }

  /** The values of a map's keys; unknown and repeated keys are problems. */
  entries<K extends string>(node: Node | null | undefined, what: string, keys: readonly K[]): Entries<K> {
    const found: Partial<Record<K, Node>> = {};
    for (const [key, value, keyNode] of this.pairs(node, what)) {
      if (!(keys as readonly string[]).includes(key))
        this.problem(keyNode, `unknown key "${key}" in ${what}${suggestion(key, keys)}`);
      else if (value !== null) found[key as K] = value;
      else this.problem(keyNode, `"${key}" has no value; give it one, or remove the key`);
    }
    return found;
  }

  /** Key, value and the key's node of each entry of a map. */
  pairs(node: Node | null | undefined, what: string): [string, Node | null, Node][] {
    if (node === undefined || node === null) return [];
    if (!isMap(node)) {
      this.#notPlain(node, `${what}: expected a map (key: value)`);
      return [];
    }
    const seen = new Set<string>();
    let anotherItem = false;
    return node.items.flatMap(({ key, value }): [string, Node | null, Node][] => {
      const keyNode = key as Node;
      if (anotherItem) return [];
      if (!isScalar(keyNode) || typeof keyNode.value !== "string") {
        this.problem(keyNode, `${what}: expected a key that is a text`);
        return [];
      }
      if (keyNode.value === "<<") {
        this.problem(keyNode, "merge keys (<<) are no part of this; fieldGroups has what several states share");
        return [];
      }
      if (seen.has(keyNode.value)) {
        this.problem(keyNode, twice(keyNode.value, what));
        this.repeats += 1;
        anotherItem = LISTED.includes(what);
        return [];
      }
      seen.add(keyNode.value);
      const plain = value as Node | null;
      const empty = plain === null || (isScalar(plain) && plain.value === null);
      return [[keyNode.value, empty ? null : plain, keyNode]];
    });
  }

  /** The items of a list. */
  items(node: Node | undefined, what: string, such = "- …"): readonly Node[] {
    if (node === undefined) return [];
    if (isSeq(node)) return node.items as Node[];
    this.#notPlain(node, `${what}: expected a list ("${such}")`);
    return [];
  }

  /** A text; numbers and flags that YAML took for such are refused. */
  text(node: Node | undefined, what: string): Written<string> | undefined {
    if (node === undefined) return undefined;
    if (isScalar(node) && typeof node.value === "string") return { value: node.value, at: this.at(node) };
    this.#notPlain(node, `${what}: expected a text`);
    return undefined;
  }

  /** A text or a list of texts. */
  texts(node: Node | undefined, what: string): readonly Written<string>[] {
    if (node === undefined) return [];
    const nodes = isSeq(node) ? (node.items as Node[]) : [node];
    return nodes.flatMap((one) => this.text(one, what) ?? []);
  }

  flag(node: Node | undefined, what: string): boolean {
    if (node === undefined) return false;
    if (isScalar(node) && typeof node.value === "boolean") return node.value;
    this.#notPlain(node, `${what}: expected true or false`);
    return false;
  }

  /** A number within limits. */
  number(
    node: Node | undefined,
    what: string,
    limits: { min: number; max: number; whole?: boolean },
  ): number | undefined {
    if (node === undefined) return undefined;
    const { min, max, whole } = limits;
    const value = isScalar(node) ? node.value : undefined;
    if (typeof value === "number" && value >= min && value <= max && (!whole || Number.isInteger(value))) return value;
    this.#notPlain(node, `${what}: expected a ${whole ? "whole " : ""}number from ${min} to ${max}`);
    return undefined;
  }

  /** A duration (500ms, 5s, 2m, 1h, or several: 1m30s) in milliseconds. */
  duration(node: Node | undefined, what: string): number | undefined {
    if (node === undefined) return undefined;
    const text = isScalar(node) && typeof node.value === "string" ? node.value : "";
    const units: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000 };
    const parts = [...text.matchAll(/(\d+)(ms|s|m|h)/g)];
    const ms = parts.reduce((sum, [, count, unit]) => sum + Number(count) * units[unit!]!, 0);
    if (parts.length > 0 && parts.map(([part]) => part).join("") === text && ms > 0) return ms;
    this.#notPlain(node, `${what}: expected a duration above 0 such as 500ms, 5s or 1m30s`);
    return undefined;
  }

  /** The place of each character of a scalar's value, for messages about code in it. */
  places(node: Node): (offset: number) => Position {
    const scalar = node as Scalar<string>;
    const [start, end] = node.range ?? [0, 0];
    const raw = this.#source.slice(start, end);
    const direct = raw.indexOf(scalar.value);
    if (direct >= 0) return (offset) => this.position(start + direct + offset);
    return (offset) => {
      const before = scalar.value.slice(0, offset);
      const row = before.split("\n").length - 1;
      const rawLines = raw.split("\n").slice(1);
      const column = before.length - before.lastIndexOf("\n") - 1;
      const line = scalar.value.split("\n")[row]!;
      const rawRow = rawLines[row];
      if (rawRow === undefined || !rawRow.endsWith(line)) return this.position(start);
      const { line: first } = this.position(start);
      return { line: first + 1 + row, column: rawRow.length - line.length + column + 1 };
    };
  }

  #notPlain(node: Node, expected: string): void {
    this.problem(
      node,
      isAlias(node) ? `${expected}, got an alias; write the value itself` : `${expected}, got ${show(node)}`,
    );
  }

  #add({ line, column }: Position, message: string): void {
    const visible = message.replace(/[\u0000-\u001f\u007f-\u009f]/g, (char) => JSON.stringify(char).slice(1, -1));
    this.problems.push({ file: this.file, line, column, message: visible });
  }
}

/** What stands in lists: a key that comes again most often is another item whose "- " is missing. */
const LISTED: readonly string[] = ["state", "transition", "property"];

const twice = (key: string, what: string): string =>
  `"${key}" stands twice in ${what}; remove one${LISTED.includes(what) ? `, or begin another ${what} with "- "` : ""}`;

function show(node: Node): string {
  if (isMap(node)) return "a map";
  if (isSeq(node)) return "a list";
  return isScalar(node) ? (JSON.stringify(node.value) ?? "nothing") : "something else";
}
