/** What is wrong on a line of a file. */
export interface Fault {
  /** From 1. */
  readonly line: number;
  readonly message: string;
}

/** A line that says something: neither empty nor a comment. */
export interface SaidLine {
  readonly line: number;
  readonly text: string;
}

/** Lines of `_headers` or `_redirects`, without empty ones and comments. */
export function saidLines(text: string): readonly SaidLine[] {
  return text
    .split("\n")
    .map((raw, index) => ({ line: index + 1, text: raw.trim() }))
    .filter((said) => said.text !== "" && !said.text.startsWith("#"));
}

/**
 * A pattern of either file as a regular expression with named groups: `*` is the group `splat`, `:name` a group up to
 * the next `/`. Cloudflare matches the whole path.
 */
export function matcher(pattern: string): RegExp {
  const source = pattern
    .split(/(\*|:[A-Za-z]\w*)/)
    .map((part) => {
      if (part === "*") return "(?<splat>.*)";
      if (/^:[A-Za-z]\w*$/.test(part)) return `(?<${part.slice(1)}>[^/]+)`;
      return part.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
    })
    .join("");
  return new RegExp(`^${source}$`);
}

/** Replaces `:name` and `:splat` by what a pattern matched. */
export function fill(text: string, groups: Readonly<Record<string, string>> | undefined): string {
  return text.replace(/:([A-Za-z]\w*)/g, (all, name: string) => groups?.[name] ?? all);
}

/** What is wrong with a path pattern, as a message; undefined when it is fine. */
export function patternFault(pattern: string): string | undefined {
  if ((pattern.match(/\*/g) ?? []).length > 1) return `${pattern}: expected at most one *, use :name for the others`;
  const names = (pattern.match(/:[A-Za-z]\w*/g) ?? []).map((name) => name.slice(1));
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice !== undefined) return `${pattern}: :${twice} stands there twice; give each placeholder a name of its own`;
  if (names.includes("splat") && pattern.includes("*")) return `${pattern}: :splat is the name of *; rename it`;
  return undefined;
}
