import { LIMITS } from "../limits.ts";
import { type Fault, fill, matcher, patternFault, saidLines } from "./rule-file.ts";

/** One path of a `_headers` file. */
export interface HeaderRule {
  readonly line: number;
  /** A path, or `https://host/path`. */
  readonly path: string;
  readonly set: readonly (readonly [name: string, value: string])[];
  readonly unset: readonly string[];
}

const isPath = /^(\/|https?:\/\/)/;
const token = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/;

/** Reads a `_headers` file. What Cloudflare would silently skip is a fault here. */
export function parseHeaders(text: string): {
  readonly rules: readonly HeaderRule[];
  readonly faults: readonly Fault[];
} {
  const rules: { line: number; path: string; set: [string, string][]; unset: string[] }[] = [];
  const faults: Fault[] = [];
  for (const { line, text: said } of saidLines(text)) {
    const fault = (message: string): void => void faults.push({ line, message });
    if (said.length > LIMITS.lineLength)
      fault(`expected at most ${LIMITS.lineLength} characters, found ${said.length}`);
    if (isPath.test(said)) {
      const wrong = pathFault(said);
      if (wrong !== undefined) fault(wrong);
      const same = rules.find(({ path }) => path === said);
      if (same !== undefined) fault(`${said} stands on line ${same.line} already; write its headers there`);
      rules.push({ line, path: said, set: [], unset: [] });
      continue;
    }
    const rule = rules.at(-1);
    if (rule === undefined) {
      fault(`expected a path that begins with / before the first header, found "${said}"`);
      continue;
    }
    const [name = "", value] = splitHeader(said);
    if (said.startsWith("!")) {
      const gone = said.slice(1).trim();
      if (token.test(gone)) rule.unset.push(gone.toLowerCase());
      else fault(`expected "! Name", the header to remove, found "${said}"`);
    } else if (value === undefined) fault(`expected "Name: value", "! Name" or a path, found "${said}"`);
    else if (!token.test(name)) fault(`"${name}" is no name of a header`);
    else if (value === "") fault(`${name} has no value; write one, or "! ${name}" to remove the header`);
    else rule.set.push([name.toLowerCase(), value]);
  }
  for (const { line, path, set, unset } of rules) {
    if (set.length + unset.length === 0)
      faults.push({ line, message: `${path} has no headers; write some below it, or delete it` });
  }
  const surplus = rules[LIMITS.headerRules];
  if (surplus !== undefined) {
    const message = `expected at most ${LIMITS.headerRules} paths, found ${rules.length}; join some with * or :placeholder`;
    faults.push({ line: surplus.line, message });
  }
  return { rules, faults: faults.sort((a, b) => a.line - b.line) };
}

/** The headers that rules give to a path: values of one name are joined in order, then what `!` names is removed. */
export function headersFor(rules: readonly HeaderRule[], url: URL): ReadonlyMap<string, string | undefined> {
  const headers = new Map<string, string | undefined>();
  for (const { path, set, unset } of rules) {
    const subject = path.startsWith("/") ? url.pathname : `https://${url.hostname}${url.pathname}`;
    const match = matcher(path).exec(subject);
    if (match === null) continue;
    for (const name of unset) headers.set(name, undefined);
    for (const [name, value] of set) {
      const filled = fill(value, match.groups);
      const before = headers.get(name);
      headers.set(name, before === undefined ? filled : `${before}, ${filled}`);
    }
  }
  return headers;
}

function splitHeader(said: string): readonly [string, string | undefined] {
  const colon = said.indexOf(":");
  return colon < 0 ? [said, undefined] : [said.slice(0, colon).trim(), said.slice(colon + 1).trim()];
}

function pathFault(path: string): string | undefined {
  if (path.startsWith("http://")) return `${path}: expected https://, which is all that Cloudflare serves`;
  if (/^https:\/\/[^/]*:\d/.test(path)) return `${path}: expected a host without a port`;
  if (/\s/.test(path)) return `"${path}" has a space; a path stands alone on its line`;
  return patternFault(path.replace(/^https:\/\//, ""));
}
