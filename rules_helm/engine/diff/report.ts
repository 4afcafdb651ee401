import type { Line } from "./say.ts";

/** What happens to one resource. */
export interface Entry {
  readonly overlay: string;
  readonly app: string;
  readonly action: "added" | "changed" | "removed";
  readonly kind: string;
  readonly apiVersion: string;
  readonly namespace: string;
  readonly name: string;
  /** The name that it had, where that was another. */
  readonly formerName?: string;
  /** Its file, from the folder of manifests; the old one for what is removed. */
  readonly file: string;
  readonly lines: readonly Line[];
  /** Why its removal deserves a look. */
  readonly danger?: string;
  /** Whether its pods are replaced. */
  readonly restarts: boolean;
}

/** What happens to one application in one overlay. */
export interface App {
  readonly overlay: string;
  readonly app: string;
  readonly action: "added" | "changed" | "removed";
  /** In the order of kinds that reviewers ask for first; without what only `common` says. */
  readonly entries: readonly Entry[];
  /** What is the same for three resources or more, told once. */
  readonly common: readonly { readonly line: Line; readonly entries: readonly Entry[] }[];
  readonly counts: Counts;
}

/** How many resources are added, changed and removed. */
export interface Counts {
  readonly added: number;
  readonly changed: number;
  readonly removed: number;
}

/** Something dangerous, and the resource that it is about. */
export interface Warning {
  readonly entry: Entry;
  readonly line?: Line;
  readonly danger: string;
}

/** Everything that changes in the cluster. */
export interface Report {
  /** The two sides, as people call them: `main (1a2b3c4)`, `the working tree`. */
  readonly base: string;
  readonly head: string;
  readonly apps: readonly App[];
  readonly warnings: readonly Warning[];
  readonly counts: Counts;
}

const order = [
  "Application Namespace CustomResourceDefinition StatefulSet Deployment DaemonSet Job CronJob Pod HorizontalPodAutoscaler",
  "PodDisruptionBudget PersistentVolumeClaim PersistentVolume Service Ingress HTTPRoute GRPCRoute NetworkPolicy ServiceAccount Role",
  "ClusterRole RoleBinding ClusterRoleBinding ConfigMap Secret",
]
  .join(" ")
  .split(" ");

/** Arranges entries by overlay and application, and tells once what many have in common. */
export function reportOf(
  entries: readonly Entry[],
  wholeApps: { readonly added: ReadonlySet<string>; readonly removed: ReadonlySet<string> },
  sides: Pick<Report, "base" | "head">,
): Report {
  const byApp = new Map<string, Entry[]>();
  for (const entry of entries.toSorted(inOrder)) {
    const key = appKey(entry);
    const known = byApp.get(key);
    if (known === undefined) byApp.set(key, [entry]);
    else known.push(entry);
  }
  const apps = [...byApp].map(([key, mine]): App => {
    const action = wholeApps.added.has(key) ? "added" : wholeApps.removed.has(key) ? "removed" : "changed";
    const { overlay, app } = mine[0]!;
    return { overlay, app, action, ...folded(mine), counts: countsOf(mine) };
  });
  const warnings = apps.flatMap(warningsOf);
  return { ...sides, apps, warnings, counts: countsOf(entries) };
}

/** An application of an overlay as one key. */
export function appKey({ overlay, app }: Pick<Entry, "overlay" | "app">): string {
  return `${overlay}\0${app}`;
}

function inOrder(a: Entry, b: Entry): number {
  const rank = ({ kind }: Entry) => (order.includes(kind) ? order.indexOf(kind) : order.length);
  const text = (entry: Entry) => [entry.overlay, entry.app].join("\0");
  const name = (entry: Entry) => [entry.kind, entry.namespace, entry.name].join("\0");
  return compare(text(a), text(b)) || rank(a) - rank(b) || compare(name(a), name(b));
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function countsOf(entries: readonly Entry[]): Counts {
  const number = (action: Entry["action"]) => entries.filter((entry) => entry.action === action).length;
  return { added: number("added"), changed: number("changed"), removed: number("removed") };
}

function folded(entries: readonly Entry[]): Pick<App, "entries" | "common"> {
  const byLine = new Map<string, { line: Line; entries: Entry[] }>();
  for (const entry of entries.filter(({ action }) => action === "changed")) {
    for (const line of entry.lines.filter(({ danger }) => danger === undefined)) {
      const key = JSON.stringify([line.parts, line.details]);
      const group = byLine.get(key) ?? { line, entries: [] };
      if (!group.entries.includes(entry)) group.entries.push(entry);
      byLine.set(key, group);
    }
  }
  const common = [...byLine].filter(([, group]) => group.entries.length > 2);
  const told = new Set(common.map(([key]) => key));
  const shown = entries.flatMap((entry) => {
    if (entry.action !== "changed") return [entry];
    const lines = entry.lines.filter(
      (line) => line.danger !== undefined || !told.has(JSON.stringify([line.parts, line.details])),
    );
    return lines.length > 0 ? [{ ...entry, lines }] : [];
  });
  return { entries: shown, common: common.map(([, group]) => group) };
}

function warningsOf({ entries }: App): Warning[] {
  return entries.flatMap((entry) => [
    ...(entry.danger === undefined ? [] : [{ entry, danger: entry.danger }]),
    ...entry.lines.flatMap((line) => (line.danger === undefined ? [] : [{ entry, line, danger: line.danger }])),
  ]);
}
