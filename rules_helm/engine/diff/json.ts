import type { Entry, Report } from "./report.ts";
import { type Line, plain } from "./say.ts";
import { entryTitle } from "./words.ts";

/** The report for other programs. `version` grows when a field changes its meaning; new fields may come at any time. */
export function jsonOf(report: Report): string {
  const { base, head, counts, apps, warnings } = report;
  const value = {
    version: 1,
    base,
    head,
    counts,
    warnings: warnings.map(({ entry, line, danger }) => ({
      overlay: entry.overlay,
      app: entry.app,
      resource: entryTitle(entry),
      change: line === undefined ? "removed" : plain(line),
      danger,
    })),
    apps: apps.map(({ overlay, app, action, entries, common, counts: numbers }) => ({
      overlay,
      app,
      action,
      counts: numbers,
      resources: entries.map(resource),
      common: common.map(({ line, entries: those }) => ({ ...lineOf(line), resources: those.map(entryTitle) })),
    })),
  };
  return `${JSON.stringify(value, null, 2)}\n`;
}

function resource(entry: Entry): object {
  const { action, apiVersion, kind, namespace, name, formerName, file, restarts, danger, lines } = entry;
  return { action, apiVersion, kind, namespace, name, formerName, file, restarts, danger, changes: lines.map(lineOf) };
}

function lineOf(line: Line): object {
  return { text: plain(line), danger: line.danger, details: line.details };
}
