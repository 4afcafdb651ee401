import { createTwoFilesPatch } from "diff";

/**
 * A unified diff of two texts, "" when they are the same; at most `limit` lines of it. Where the texts have little in common, their
 * first different lines instead.
 *
 * @param from what the old text is called
 * @param to what the new text is called
 */
export function unifiedDiff(from: string, to: string, before: string, after: string, limit = 400): string {
  if (before === after) return "";
  const patch = createTwoFilesPatch(from, to, before, after, "", "", {
    context: 3,
    headerOptions: { includeIndex: false, includeUnderline: false, includeFileHeaders: true },
    maxEditLength: 1_000,
  });
  const lines = patch === undefined ? firstDifference(from, to, before, after) : patch.trimEnd().split("\n");
  if (lines.length <= limit) return lines.join("\n");
  return [...lines.slice(0, limit), `... and ${lines.length - limit} lines more`].join("\n");
}

function firstDifference(from: string, to: string, before: string, after: string): string[] {
  const [old, fresh] = [before.split("\n"), after.split("\n")];
  const at = old.findIndex((line, index) => line !== fresh[index]);
  const first = at < 0 ? old.length : at;
  return [
    `--- ${from}`,
    `+++ ${to}`,
    `@@ little is the same; the first difference is in line ${first + 1}, of ${old.length} and ${fresh.length} lines @@`,
    ...old.slice(first, first + 20).map((line) => `-${line}`),
    ...fresh.slice(first, first + 20).map((line) => `+${line}`),
  ];
}
