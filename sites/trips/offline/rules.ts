/** How a request is answered. `first` says who is asked first; `most` is how many answers of the kind are kept. */
export interface Rule {
  readonly kind: "shell" | "asset" | "archive" | "trip" | "picture" | "tile";
  readonly first: "cache" | "network";
  readonly most: number;
}

const RULES: readonly (readonly [RegExp, Rule])[] = [
  [/^(?:index\.html)?$/, { kind: "shell", first: "network", most: 1 }],
  [/^(?:assets\/|favicon\.svg$)/, { kind: "asset", first: "cache", most: 80 }],
  [/^[\w-]+\.pmtiles$/, { kind: "archive", first: "cache", most: 4 }],
  [/^api\/(?:trips(?:\/[\w-]+)?|points)$/, { kind: "trip", first: "network", most: 24 }],
  [/^(?:images\/(?:thumb|display)|api\/images)\//, { kind: "picture", first: "cache", most: 600 }],
  [/^api\/tiles\//, { kind: "tile", first: "network", most: 400 }],
];

/**
 * The rule for a request of the page, by its address and that of the page's folder; null for what is left to the browser:
 * other places, the live socket, files to save, checks of the service.
 */
export function ruleFor(method: string, url: string, folder: string): Rule | null {
  if (method !== "GET" || !url.startsWith(folder)) return null;
  const path = url.slice(folder.length).split(/[?#]/)[0]!;
  return RULES.find(([pattern]) => pattern.test(path))?.[1] ?? null;
}

/** Under which address an answer is kept: the page is one, whatever trip and view its address names. */
export function keyFor(rule: Rule, url: string, folder: string): string {
  return rule.kind === "shell" ? folder : url;
}

/** Bytes from `start` up to and with `end`. */
export interface Range {
  readonly start: number;
  readonly end: number;
}

/** The range that a header asks for in a file of so many bytes; null for a header that asks for no single range or none that is there. */
export function rangeOf(header: string, size: number): Range | null {
  const [, from, to] = /^bytes=(\d+)-(\d*)$/.exec(header) ?? [];
  if (from === undefined) return null;
  const start = Number(from);
  const end = Math.min(to ? Number(to) : size - 1, size - 1);
  return start <= end ? { start, end } : null;
}
