import { LIMITS } from "../limits.ts";
import { type Fault, fill, matcher, patternFault, saidLines } from "./rule-file.ts";

/** One line of a `_redirects` file. */
export interface RedirectRule {
  readonly line: number;
  readonly from: string;
  readonly to: string;
  /** 200 serves `to` under the path `from`. */
  readonly status: number;
}

const statuses = new Set([200, 301, 302, 303, 307, 308]);
const dynamic = /\*|:[A-Za-z]/;

/** Reads a `_redirects` file. What Cloudflare would silently skip is a fault here. */
export function parseRedirects(text: string): {
  readonly rules: readonly RedirectRule[];
  readonly faults: readonly Fault[];
} {
  const rules: RedirectRule[] = [];
  const faults: Fault[] = [];
  for (const { line, text: said } of saidLines(text)) {
    const words = said.replace(/\s+#.*$/, "").split(/\s+/);
    const [from = "", to = "", code = "302"] = words;
    const same = rules.find((rule) => rule.from === from);
    const message =
      said.length > LIMITS.lineLength
        ? `expected at most ${LIMITS.lineLength} characters, found ${said.length}`
        : words.length < 2 || words.length > 3
          ? `expected "FROM TO [STATUS]", found ${words.length} word${words.length === 1 ? "" : "s"}`
          : (lineFault(from, to, code) ?? (same && `${from} is redirected by line ${same.line} already, which wins`));
    if (message === undefined) rules.push({ line, from, to, status: Number(code) });
    else faults.push({ line, message });
  }
  faults.push(...surplus(rules));
  return { rules, faults: faults.sort((a, b) => a.line - b.line) };
}

/** Where a path is sent to, by the first rule that matches; undefined when none does. */
export function redirectFor(rules: readonly RedirectRule[], path: string): { to: string; status: number } | undefined {
  for (const { from, to, status } of rules) {
    const match = matcher(from).exec(path);
    if (match !== null) return { to: fill(to, match.groups), status };
  }
  return undefined;
}

function lineFault(from: string, to: string, code: string): string | undefined {
  if (!from.startsWith("/")) return `expected a path that begins with / to redirect from, found "${from}"`;
  if (!to.startsWith("/") && !/^https?:\/\/[^/]/.test(to)) {
    return `expected a path that begins with / or https://HOST to redirect to, found "${to}"`;
  }
  if (!/^\d+$/.test(code) || !statuses.has(Number(code))) {
    return `expected the status 200, 301, 302, 303, 307 or 308, found "${code}"`;
  }
  if (Number(code) === 200 && !to.startsWith("/")) return `200 serves a path of this site; ${to} is another`;
  if (to.startsWith("/") && /\/index(\.html)?$/.test(to) && (from.endsWith("/*") || from.endsWith("/"))) {
    return `${from} to ${to} never ends: ${to} is itself redirected to its folder; see not_found_handling for a site of one page`;
  }
  const known = new Set([...from.matchAll(/:([A-Za-z]\w*)/g)].map(([, name]) => name));
  if (from.includes("*")) known.add("splat");
  const unknown = [...to.replace(/^https?:\/\/[^/]*/, "").matchAll(/:([A-Za-z]\w*)/g)].find(
    ([, name]) => !known.has(name),
  );
  if (unknown !== undefined) return `${unknown[0]} is not in ${from}`;
  return patternFault(from);
}

/** From the first dynamic rule on, each rule counts as one. */
function surplus(rules: readonly RedirectRule[]): readonly Fault[] {
  const first = rules.findIndex(({ from }) => dynamic.test(from));
  const fixed = first < 0 ? rules : rules.slice(0, first);
  const others = first < 0 ? [] : rules.slice(first);
  const faults: Fault[] = [];
  const tooMany = (list: readonly RedirectRule[], limit: number, what: string): void => {
    const beyond = list[limit];
    if (beyond !== undefined)
      faults.push({ line: beyond.line, message: `expected at most ${limit} ${what}, found ${list.length}` });
  };
  tooMany(fixed, LIMITS.staticRedirects, "redirects without * and :placeholder");
  tooMany(
    others,
    LIMITS.dynamicRedirects,
    "redirects from the first one with * or :placeholder on; put those without before it",
  );
  return faults;
}
