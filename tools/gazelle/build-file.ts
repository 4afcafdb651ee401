import { tokenize, type Token } from "./starlark-tokens.ts";

/** An attribute's value as far as generation needs it; globs, selects, sums and names are `other`. */
export type ExistingValue =
  | { readonly type: "string"; readonly value: string }
  | { readonly type: "flag"; readonly value: boolean }
  | { readonly type: "list"; readonly items: readonly ListItem[] }
  | { readonly type: "other"; readonly strings: readonly string[]; readonly globs: readonly Glob[] };

/** One string of a list; `keep` when a `# keep` comment stands on its line or above it. */
export interface ListItem {
  readonly value: string;
  readonly keep: boolean;
}

/** The patterns of one `glob(...)` call. */
export interface Glob {
  readonly include: readonly string[];
  readonly exclude: readonly string[];
}

/** `name = value` in a rule. */
export interface ExistingAttr {
  readonly keep: boolean;
  readonly value: ExistingValue;
}

/** A call at the top level of a BUILD file that has a literal `name`. */
export interface ExistingRule {
  readonly kind: string;
  readonly name: string;
  readonly line: number;
  readonly keep: boolean;
  readonly attrs: ReadonlyMap<string, ExistingAttr>;
}

/** What is read out of a BUILD file. Writing is buildozer's work. */
export interface BuildFile {
  readonly rules: readonly ExistingRule[];
  /** Loaded file → local names. */
  readonly loads: ReadonlyMap<string, readonly string[]>;
  /** Names that stand outside of load statements, but for the kinds of `rules`. */
  readonly usedNames: ReadonlySet<string>;
  readonly directives: readonly { readonly key: string; readonly value: string; readonly line: number }[];
}

/** True for the comment that protects what it stands on: `# keep`, or `# keep: why`. */
export function isKeep(comment: string): boolean {
  return /^#+\s*keep\s*(:.*)?$/.test(comment.trim());
}

/** Reads rules, loads and directives. Statements that are not calls are passed over. */
export function parseBuildFile(text: string): BuildFile {
  const tokens = tokenize(text);
  const rules: ExistingRule[] = [];
  const loads = new Map<string, string[]>();
  const usedNames = new Set<string>();
  let comments: Token[] = [];
  let at = 0;
  while (at < tokens.length) {
    const token = tokens[at]!;
    if (token.type === "newline") {
      if (tokens[at - 1]?.type === "newline") comments = [];
      at += 1;
      continue;
    }
    if (token.type === "comment") {
      comments.push(token);
      at += 1;
      continue;
    }
    const end = statementEnd(tokens, at);
    const statement = tokens.slice(at, end);
    const call = token.type === "name" && statement[1]?.text === "(" ? parseCall(statement) : undefined;
    if (token.text === "load" && call) {
      const [from, ...symbols] = call.positional;
      const named = [...call.named.keys()];
      if (from !== undefined) loads.set(from, [...(loads.get(from) ?? []), ...symbols, ...named]);
    } else {
      const name = call?.named.get("name")?.value;
      const isRule = call && name?.type === "string";
      for (const used of statement.slice(isRule ? 1 : 0)) if (used.type === "name") usedNames.add(used.text);
      if (isRule) {
        const own = [...comments, ...trailingComment(statement)];
        rules.push({
          kind: token.text,
          name: name.value,
          line: token.line,
          keep: own.some(({ text: comment }) => isKeep(comment)),
          attrs: call.named,
        });
      }
    }
    comments = [];
    at = end;
  }
  return { rules, loads, usedNames, directives: parseDirectives(text) };
}

function parseDirectives(text: string): BuildFile["directives"] {
  return text.split("\n").flatMap((line, index) => {
    const match = /^#\s*gazelle:(\S+)\s*(.*?)\s*$/.exec(line);
    return match ? [{ key: match[1]!, value: match[2]!, line: index + 1 }] : [];
  });
}

/** Index after the newline that ends the statement starting at `start`. */
function statementEnd(tokens: readonly Token[], start: number): number {
  let depth = 0;
  for (let at = start; at < tokens.length; at += 1) {
    const { type, text } = tokens[at]!;
    if (type === "open") depth += 1;
    if (type === "close") depth -= 1;
    if (type === "newline" && depth <= 0 && text === "\n") return at + 1;
  }
  return tokens.length;
}

function trailingComment(statement: readonly Token[]): Token[] {
  const last = statement.filter(({ type }) => type !== "newline").at(-1);
  return last?.type === "comment" ? [last] : [];
}

interface Call {
  readonly positional: readonly string[];
  readonly named: ReadonlyMap<string, ExistingAttr>;
}

/** Reads `kind(…)`; the first token is the kind, the second the bracket. */
function parseCall(statement: readonly Token[]): Call {
  const close = closing(statement, 1);
  const positional: string[] = [];
  const named = new Map<string, ExistingAttr>();
  for (const argument of splitByComma(statement.slice(2, close))) {
    const [first, second, ...rest] = argument.tokens;
    if (first?.type === "name" && second?.text === "=") {
      const opening = rest[0]?.type === "open" ? rest.slice(1, 2).filter(({ type }) => type === "comment") : [];
      const own = [...argument.comments, ...opening];
      named.set(first.text, { keep: own.some(({ text }) => isKeep(text)), value: parseValue(rest) });
    } else if (first?.type === "string" && !second) {
      positional.push(first.value);
    }
  }
  return { positional, named };
}

function parseValue(tokens: readonly Token[]): ExistingValue {
  const bare = tokens.filter(({ type }) => type !== "comment" && type !== "newline");
  const [first] = bare;
  if (bare.length === 1 && first?.type === "string") return { type: "string", value: first.value };
  if (bare.length === 1 && (first?.text === "True" || first?.text === "False")) {
    return { type: "flag", value: first.text === "True" };
  }
  if (first?.text === "[" && closing(tokens, tokens.indexOf(first)) === tokens.indexOf(bare.at(-1)!)) {
    const items = splitByComma(tokens.slice(tokens.indexOf(first) + 1, tokens.indexOf(bare.at(-1)!)));
    if (items.every(({ tokens: item }) => item.length === 1 && item[0]!.type === "string")) {
      return {
        type: "list",
        items: items.map(({ tokens: [item], comments }) => ({
          value: item!.value,
          keep: comments.some(({ text }) => isKeep(text)),
        })),
      };
    }
  }
  return parseOther(bare);
}

function parseOther(tokens: readonly Token[]): ExistingValue {
  const globs: Glob[] = [];
  const strings: string[] = [];
  for (let at = 0; at < tokens.length; at += 1) {
    const token = tokens[at]!;
    if (token.type === "name" && token.text === "glob" && tokens[at + 1]?.text === "(") {
      const end = closing(tokens, at + 1);
      const patterns = (part: readonly Token[]): string[] =>
        part.filter(({ type }) => type === "string").map(({ value }) => value);
      const parts = splitByComma(tokens.slice(at + 2, end)).map(({ tokens: part }) => part);
      const excluded = parts.filter(([name]) => name?.text === "exclude");
      const included = parts.filter(([name]) => name?.text === "include" || name?.type !== "name");
      globs.push({ include: included.flatMap(patterns), exclude: excluded.flatMap(patterns) });
      at = end;
    } else if (token.type === "string") {
      strings.push(token.value);
    }
  }
  return { type: "other", strings, globs };
}

function closing(tokens: readonly Token[], open: number): number {
  let depth = 0;
  for (let at = open; at < tokens.length; at += 1) {
    const { type } = tokens[at]!;
    if (type === "open") depth += 1;
    if (type === "close" && --depth === 0) return at;
  }
  return tokens.length;
}

interface Element {
  readonly tokens: readonly Token[];
  readonly comments: readonly Token[];
}

/** Elements between top-level commas, each with the comments above it and at the end of its last line. */
function splitByComma(tokens: readonly Token[]): Element[] {
  const elements: { tokens: Token[]; comments: Token[] }[] = [];
  let current = { tokens: [] as Token[], comments: [] as Token[] };
  let depth = 0;
  let ended: { tokens: Token[]; comments: Token[] } | undefined;
  for (const token of tokens) {
    if (token.type === "open") depth += 1;
    if (token.type === "close") depth -= 1;
    if (depth === 0 && token.type === "newline") {
      ended = undefined;
    } else if (depth === 0 && token.type === "comment") {
      (ended ?? current).comments.push(token);
    } else if (depth === 0 && token.text === "," && token.type === "operator") {
      elements.push(current);
      ended = current;
      current = { tokens: [], comments: [] };
    } else {
      current.tokens.push(token);
    }
  }
  if (current.tokens.length > 0) elements.push(current);
  return elements.filter(({ tokens: element }) => element.length > 0);
}
