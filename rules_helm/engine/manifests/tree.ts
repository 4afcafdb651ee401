/** Files by path, with `/`, from a folder that is known from the context. */
export type Files = ReadonlyMap<string, Buffer>;

/** What one application renders to. */
export interface RenderedApp {
  /** Who renders it, to speak of in messages. */
  readonly label: string;
  readonly overlay: string;
  readonly app: string;
  /** Its manifests, by name. */
  readonly manifests: Files;
  readonly application: Buffer;
}

/** How committed files differ from what is rendered; every list is sorted. */
export interface Difference {
  /** Rendered and committed, but not the same. */
  readonly stale: readonly string[];
  /** Rendered, not committed. */
  readonly missing: readonly string[];
  /** Committed, but no application renders it. */
  readonly orphans: readonly string[];
}

/** The folder of an overlay that holds the Applications; no app can have this name. */
export const applicationsFolder = "applications";

/** Where the manifests of an application stand, from the folder of all manifests. */
export function folderOf({ overlay, app }: Pick<RenderedApp, "overlay" | "app">): string {
  return `${overlay}/${app}`;
}

/** Where its Application stands, from the folder of all manifests. */
export function applicationPath({ overlay, app }: Pick<RenderedApp, "overlay" | "app">): string {
  return `${overlay}/${applicationsFolder}/${app}.yaml`;
}

/** Every file that these applications render, by its path. Throws an error that names both when two want one place. */
export function renderedFiles(apps: readonly RenderedApp[]): Files {
  const files = new Map<string, Buffer>();
  const owners = new Map<string, string>();
  for (const app of apps) {
    if (app.app === applicationsFolder) {
      throw new Error(
        `${app.label}: an application cannot be named "${applicationsFolder}": this folder holds the Applications; give it another \`app\``,
      );
    }
    const folder = folderOf(app);
    const other = owners.get(folder);
    if (other !== undefined) {
      throw new Error(`${other} and ${app.label} both render to ${folder}; give one of them another \`app\` or name`);
    }
    owners.set(folder, app.label);
    for (const [name, bytes] of app.manifests) files.set(`${folder}/${name}`, bytes);
    files.set(applicationPath(app), app.application);
  }
  return files;
}

/** Compares what is rendered with what is committed, byte by byte. */
export function compare(rendered: Files, committed: Files): Difference {
  const paths = [...rendered.keys()].sort();
  return {
    stale: paths.filter((path) => committed.has(path) && !committed.get(path)!.equals(rendered.get(path)!)),
    missing: paths.filter((path) => !committed.has(path)),
    orphans: [...committed.keys()].filter((path) => !rendered.has(path)).sort(),
  };
}

/** One line for each path that differs; empty when nothing does. */
export function describe(folder: string, { stale, missing, orphans }: Difference): readonly string[] {
  return [
    ...stale.map((path) => `  stale    ${folder}/${path}`),
    ...missing.map((path) => `  missing  ${folder}/${path}`),
    ...orphans.map((path) => `  orphan   ${folder}/${path}`),
  ];
}
