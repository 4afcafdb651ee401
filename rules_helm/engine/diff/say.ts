import { type Json, isObject } from "./tree.ts";

/** A piece of a sentence: plain words, a name or literal, what a value was, or what it is. */
export type Part = string | { readonly it: string } | { readonly was: string } | { readonly is: string };

/** One thing that changes, as a phrase without a full stop. */
export interface Line {
  readonly parts: readonly Part[];
  /** Why a reviewer should stop here, as a phrase; absent where there is no danger. */
  readonly danger?: string;
  /** More to read, as a unified diff without its header. */
  readonly details?: string;
}

/** Builds a line from a template; text that is put in is plain unless it is a part. */
export function say(words: TemplateStringsArray, ...values: readonly (Part | readonly Part[])[]): Line {
  const parts = words.flatMap((word, n) => {
    const value = values[n];
    return [word, ...(value === undefined ? [] : Array.isArray(value) ? (value as Part[]) : [value as Part])];
  });
  return { parts: parts.filter((part) => part !== "") };
}

/** The line, with a reason to stop at it; unchanged without one. */
export function dangerous(line: Line, danger: string | undefined | false): Line {
  return danger === undefined || danger === false ? line : { ...line, danger };
}

/** A name or a literal. */
export function it(value: Json | undefined): Part {
  return { it: brief(value) };
}

/** `a → b`; `b added` or `a removed` where there is only one of them. */
export function change(was: Json | undefined, is: Json | undefined): Part[] {
  if (was === undefined) return [{ is: brief(is) }, " added"];
  if (is === undefined) return [{ was: brief(was) }, " removed"];
  return [{ was: brief(was) }, " → ", { is: brief(is) }];
}

/** The words of a line, without marks. */
export function plain({ parts }: Pick<Line, "parts">): string {
  return parts.map(plainPart).join("");
}

/** The words of a part. */
export function plainPart(part: Part): string {
  if (typeof part === "string") return part;
  return "it" in part ? part.it : "was" in part ? part.was : part.is;
}

/** `a`, `a and b`, `a, b and c`. */
export function enumerate(words: readonly string[]): string {
  return words.length < 2 ? words.join("") : `${words.slice(0, -1).join(", ")} and ${words.at(-1)}`;
}

/** `1 line`, `2 lines`; the plural of what does not just take an s is given. */
export function count(number: number, noun: string, plural = `${noun}s`): string {
  return `${number.toLocaleString("en-US")} ${number === 1 ? noun : plural}`;
}

const limit = 100;

/** A value on one line, cut where it is long: scalars as they are (quoted where that helps), the rest in flow style. */
export function brief(value: Json | undefined): string {
  const text = flow(value, true);
  const characters = Array.from(text);
  return characters.length > limit ? `${characters.slice(0, limit - 1).join("")}…` : text;
}

/** Whether a value can be read in the middle of a sentence as a whole. */
export function isBrief(value: Json | undefined): boolean {
  return flow(value, true).length <= limit;
}

function flow(value: Json | undefined, outer: boolean): string {
  if (Array.isArray(value)) return `[${value.map((item) => flow(item, false)).join(", ")}]`;
  if (isObject(value)) {
    const pairs = Object.entries(value).map(([key, item]) => `${key}: ${flow(item, false)}`);
    return `{${pairs.join(", ")}}`;
  }
  if (typeof value !== "string") return String(value ?? "nothing");
  const needsQuotes = value === "" || /[\p{Cc}]|^\s|\s$/u.test(value) || (!outer && /[,:[\]{}]\s|[,[\]{}]/.test(value));
  return needsQuotes ? JSON.stringify(value) : value;
}
