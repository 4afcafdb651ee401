/** A token of a BUILD file; `value` is a string's content, otherwise the same as `text`. */
export interface Token {
  readonly type: "string" | "name" | "comment" | "newline" | "open" | "close" | "operator";
  readonly text: string;
  readonly value: string;
  readonly line: number;
}

const pattern = new RegExp(
  [
    /(?<space>[ \t\r]+|\\\r?\n)/,
    /(?<newline>\n)/,
    /(?<comment>#[^\n]*)/,
    /(?<string>r?(?:"""(?:[^\\]|\\[^])*?"""|'''(?:[^\\]|\\[^])*?'''|"(?:[^"\\\n]|\\[^])*"|'(?:[^'\\\n]|\\[^])*'))/,
    /(?<name>[A-Za-z_][A-Za-z0-9_]*)/,
    /(?<open>[([{])/,
    /(?<close>[)\]}])/,
    /(?<operator>[=!<>]=|[0-9]+|[^])/,
  ]
    .map(({ source }) => source)
    .join("|"),
  "gy",
);

/** Splits a BUILD file into tokens. Every character belongs to one: it never fails; buildozer judges the syntax. */
export function tokenize(text: string): Token[] {
  const tokens: Token[] = [];
  let line = 1;
  for (const match of text.matchAll(pattern)) {
    const [matched] = match;
    const groups = match.groups!;
    for (const type of ["newline", "comment", "string", "name", "open", "close", "operator"] as const) {
      if (groups[type] !== undefined) {
        tokens.push({ type, text: matched, value: type === "string" ? unquote(matched) : matched, line });
      }
    }
    for (const character of matched) if (character === "\n") line += 1;
  }
  return tokens;
}

function unquote(literal: string): string {
  const raw = literal.startsWith("r");
  const quoted = raw ? literal.slice(1) : literal;
  const width = /^("""|''')/.test(quoted) ? 3 : 1;
  const body = quoted.slice(width, -width);
  return raw
    ? body
    : body.replace(/\\([^])/g, (_, escaped: string) => ({ n: "\n", t: "\t", r: "\r" })[escaped] ?? escaped);
}
