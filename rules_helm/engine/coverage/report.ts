import type { Coverage } from "./measure.ts";
import { keyOf, type Leaf, leavesOf, type Path, type ValuesFile } from "./values.ts";

/**
 * One line for each value that no template reads, with file, line, key and, where one is near, the key that was meant;
 * and one for each allowance that is not needed. Empty when all is well.
 *
 * @param allowed keys that may stay unread, each with the reason; a key allows all that is below it
 */
export function reportCoverage(
  files: readonly ValuesFile[],
  coverage: Coverage,
  allowed: Readonly<Record<string, string>>,
): readonly string[] {
  const read = coverage.read.map(({ key }) => key);
  const needed = new Set<string>();
  const lines = files.flatMap((file) =>
    leavesOf(file.values)
      .filter((leaf) => !isRead(leaf.path, coverage))
      .flatMap((leaf) => {
        const allowance = Object.keys(allowed).find((key) => covers(key, leaf));
        if (allowance !== undefined) {
          needed.add(allowance);
          return [];
        }
        const meant = nearestKey(leaf.key, read);
        const hint = meant === undefined ? "" : `; did you mean ${meant}?`;
        const line = file.line(leaf.path);
        return [`${file.name}:${line > 0 ? `${line}:` : ""} ${leaf.key}: no template reads this value${hint}`];
      }),
  );
  const idle = Object.keys(allowed).filter((key) => !needed.has(key));
  return [
    ...lines,
    ...idle.map((key) => `unread: ${key}: this value is read, or there is none of this name; remove the allowance`),
  ];
}

function covers(key: string, leaf: Leaf): boolean {
  return leaf.path.some((_, index) => keyOf(leaf.path.slice(0, index + 1)) === key);
}

/** A leaf of one file may be a map or gone after merging: what stands in its place, or nearest above it, decides. */
function isRead(path: Path, { read, unread }: Coverage): boolean {
  for (let length = path.length; length > 0; length -= 1) {
    const place = path.slice(0, length);
    const below = (leaf: Leaf): boolean => startsWith(leaf.path, place) || startsWith(place, leaf.path);
    if (read.some(below)) return true;
    if (unread.some(below)) return false;
  }
  return false;
}

function startsWith(path: Path, start: Path): boolean {
  return start.length <= path.length && start.every((part, index) => path[index] === part);
}

/** The key that differs least, if it differs by little: a third of its letters at most. */
export function nearestKey(key: string, keys: readonly string[]): string | undefined {
  const ranked = keys
    .map((other) => ({ other, distance: distance(key.toLowerCase(), other.toLowerCase()) }))
    .sort((a, b) => a.distance - b.distance);
  const best = ranked[0];
  return best && best.distance <= Math.max(1, Math.floor(key.length / 3)) ? best.other : undefined;
}

/** Levenshtein's distance: insertions, deletions and replacements of one letter. */
function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i += 1) {
    const next = [i];
    for (let j = 1; j <= b.length; j += 1) {
      const replaced = row[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(replaced, row[j]! + 1, next[j - 1]! + 1));
    }
    row = next;
  }
  return row[b.length]!;
}
