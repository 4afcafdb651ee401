import { broken } from "../document.ts";

/** A line of a go.mod, those in blocks with the block's verb. */
export interface Directive {
  readonly verb: string;
  /** What follows, without quotes. */
  readonly words: readonly string[];
  /** What stands behind `//`. */
  readonly comment: string;
  readonly line: number;
}

/** Reads the lines of a go.mod by its grammar: https://go.dev/ref/mod#go-mod-file-grammar */
export function directivesIn(source: string, file: string): Directive[] {
  const found: Directive[] = [];
  let block: { verb: string; line: number } | null = null;
  for (const [index, raw] of source.split("\n").entries()) {
    const line = index + 1;
    const { words, comment } = tokens(raw, file, line);
    const [first] = words;
    if (first === undefined) continue;
    if (block !== null && first === ")") {
      block = null;
    } else if (block !== null) {
      found.push({ verb: block.verb, words, comment, line });
    } else if (words.at(-1) === "(" && words.length === 2) {
      block = { verb: first, line };
    } else {
      found.push({ verb: first, words: words.slice(1), comment, line });
    }
  }
  if (block !== null) {
    throw broken(file, block.line, `the block \`${block.verb} (\` has no end`, "Is the file cut off?");
  }
  return found;
}

function tokens(raw: string, file: string, line: number): { words: string[]; comment: string } {
  const words: string[] = [];
  let word = "";
  const end = (): void => {
    if (word !== "") words.push(word);
    word = "";
  };
  for (let at = 0; at < raw.length; at += 1) {
    const char = raw[at] ?? "";
    if (raw.startsWith("//", at)) {
      end();
      return { words, comment: raw.slice(at + 2) };
    }
    if (char === '"' || char === "`") {
      const close = raw.indexOf(char, at + 1);
      if (close < 0) throw broken(file, line, "a string has no end", "Is the file cut off?");
      word += raw.slice(at + 1, close);
      at = close;
    } else if (char === "(" || char === ")") {
      end();
      words.push(char);
    } else if (char.trim() === "") end();
    else word += char;
  }
  end();
  return { words, comment: "" };
}
