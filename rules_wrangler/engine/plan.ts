import type { Manifest } from "./assets/manifest.ts";

/** What a deployment would do. Paths are sorted. */
export interface Plan {
  readonly added: readonly string[];
  readonly changed: readonly string[];
  readonly removed: readonly string[];
  readonly unchanged: number;
  /** Files that Cloudflare does not have yet, each content once, and their bytes. */
  readonly uploads: number;
  readonly uploadBytes: number;
  /** What changes besides files: `_headers`, `_redirects`, the configuration, the script. */
  readonly settings: readonly string[];
}

/** Compares what would be deployed with what was deployed last; without that, everything is new. */
export function plan(next: Manifest, last: Manifest | undefined): Plan {
  const before = last?.files ?? {};
  const paths = Object.keys(next.files).sort();
  const known = new Set(Object.values(before).map(({ hash }) => hash));
  const missing = new Map(
    Object.values(next.files)
      .filter(({ hash }) => !known.has(hash))
      .map(({ hash, bytes }) => [hash, bytes]),
  );
  const changed = paths.filter((path) => path in before && before[path]!.hash !== next.files[path]!.hash);
  const added = paths.filter((path) => !(path in before));
  return {
    added,
    changed,
    removed: Object.keys(before)
      .filter((path) => !(path in next.files))
      .sort(),
    unchanged: paths.length - added.length - changed.length,
    uploads: missing.size,
    uploadBytes: [...missing.values()].reduce((sum, bytes) => sum + bytes, 0),
    settings: settings(next, last),
  };
}

function settings(next: Manifest, last: Manifest | undefined): readonly string[] {
  const pairs = [
    ["_headers", next.headers, last?.headers],
    ["_redirects", next.redirects, last?.redirects],
    ["configuration", next.configuration, last?.configuration],
    ["script", next.script, last?.script],
  ] as const;
  return pairs.filter(([, now, then]) => now !== then).map(([what]) => what);
}

const shownPaths = 50;

/** A plan for people. `against` says what it was compared with. */
export function planText(
  { added, changed, removed, unchanged, uploads, uploadBytes, settings: others }: Plan,
  against: string,
): string {
  const marked = [
    ...added.map((path) => `  + ${path}`),
    ...changed.map((path) => `  ~ ${path}`),
    ...removed.map((path) => `  - ${path}`),
    ...others.map((what) => `  ~ ${what}`),
  ];
  const hidden = marked.length - shownPaths;
  return [
    against,
    ...marked.slice(0, shownPaths),
    ...(hidden > 0 ? [`  and ${hidden} more; --json lists them all`] : []),
    `${added.length} added, ${changed.length} changed, ${removed.length} removed, ${unchanged} unchanged: ` +
      `${uploads} file${uploads === 1 ? "" : "s"} to upload, ${size(uploadBytes)}`,
    "",
  ].join("\n");
}

function size(bytes: number): string {
  return bytes < 10 * 1024
    ? `${bytes} B`
    : bytes < 1024 * 1024
      ? `${Math.round(bytes / 1024)} KiB`
      : `${(bytes / 1024 / 1024).toFixed(1)} MiB`;
}
