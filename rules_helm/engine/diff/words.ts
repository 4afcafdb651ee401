import type { App, Counts, Entry, Report } from "./report.ts";
import { count, enumerate } from "./say.ts";

/** `production · trips`; the namespace or nothing for folders without overlays. */
export function appTitle({ overlay, app }: Pick<App, "overlay" | "app">): string {
  return [overlay, app].filter((word) => word !== "").join(" · ");
}

/** `Deployment trips-api`. */
export function entryTitle({ kind, name }: Pick<Entry, "kind" | "name">): string {
  return `${kind} ${name}`;
}

/** `2 resources added, 3 changed and 1 removed in 2 applications`. */
export function summary({ counts, apps }: Report): string {
  const total = counts.added + counts.changed + counts.removed;
  if (total === 0) return "Nothing changes in the cluster.";
  const named = apps.filter(({ app }) => app !== "").length;
  const where = named === 0 ? "" : ` in ${count(named, "application")}`;
  return `${countsText(counts)}${where}.`;
}

function countsText({ added, changed, removed }: Counts): string {
  const words = [
    [added, "added"],
    [changed, "changed"],
    [removed, "removed"],
  ] as const;
  const some = words.filter(([number]) => number > 0);
  return enumerate(
    some.map(([number, verb], n) => (n === 0 ? `${count(number, "resource")} ${verb}` : `${number} ${verb}`)),
  );
}

/** `Deployment a, Service b and 4 more`. */
export function several(entries: readonly Entry[]): string {
  const names = entries.map(entryTitle);
  return enumerate(names.length > 4 ? [...names.slice(0, 3), `${names.length - 3} more`] : names);
}
