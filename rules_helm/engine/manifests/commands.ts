import { readFileSync } from "node:fs";
import { join } from "node:path";
import { type Command, Refusal } from "../command.ts";
import { unifiedDiff } from "../text-diff.ts";
import { isManifest, readCommitted, readFolder, writeDifference } from "./disk.ts";
import { compare, describe, type Files, type RenderedApp, renderedFiles } from "./tree.ts";

/** An application as the rules name it: `manifests` is a folder, `application` a file. */
export interface AppParams {
  readonly label: string;
  readonly overlay: string;
  readonly app: string;
  readonly manifests: string;
  readonly application: string;
}

/** What all commands on committed manifests know. */
interface Shared {
  readonly label: string;
  /** The folder of the committed manifests, from the root of the repository. */
  readonly folder: string;
  /** The command that brings them up to date. */
  readonly mend: string;
}

/** What the staleness test of one application asks for; `committed` are its files, by path below `folder`. */
export interface StalenessParams extends Shared {
  readonly app: AppParams;
  readonly committed: Readonly<Record<string, string>>;
}

/** What the orphan test asks for; `committed` are paths below `folder`. */
export interface OrphansParams extends Shared {
  readonly apps: readonly AppParams[];
  readonly committed: readonly string[];
}

/** What the program that writes manifests asks for. */
export interface UpdateParams extends Shared {
  readonly apps: readonly AppParams[];
}

/** Fails with a diff when what is committed for an application is not what it renders to. */
export const manifestsStaleness: Command<StalenessParams> = ({ label, folder, mend, app, committed }) => {
  const rendered = allOf(label, [app]);
  const found = new Map(Object.entries(committed).map(([path, file]) => [path, readFileSync(file)]));
  const { stale, missing, orphans } = compare(rendered, found);
  const differing = [...stale, ...missing, ...orphans];
  if (differing.length === 0) return 0;
  const text = (files: Files, path: string): string => files.get(path)?.toString() ?? "";
  const name = (files: Files, path: string): string => (files.has(path) ? `${folder}/${path}` : "nothing");
  const diffs = differing
    .sort()
    .map((path) => unifiedDiff(name(found, path), name(rendered, path), text(found, path), text(rendered, path)));
  throw new Refusal(
    `${label}: the committed manifests are not what ${app.label} renders to (- committed, + rendered)`,
    [...diffs, "", `Take over what is rendered: ${mend}`],
  );
};

/** Fails when a committed file is rendered by no application, or two want one place. */
export const manifestsOrphans: Command<OrphansParams> = ({ label, folder, mend, apps, committed }) => {
  const rendered = allOf(label, apps);
  const orphans = committed.filter((path) => !rendered.has(path)).sort();
  if (orphans.length === 0) return 0;
  throw new Refusal(`${label}: no application renders these files`, [
    ...orphans.map((path) => `${folder}/${path}`),
    "",
    `Delete them: ${mend}`,
  ]);
};

/** Writes what is rendered into the checkout; with `--check` it changes nothing, and ends with 1 when something differs. */
export const manifestsUpdate: Command<UpdateParams> = ({ label, folder, mend, apps }, { args, env, say }) => {
  const root = env["BUILD_WORKSPACE_DIRECTORY"];
  if (root === undefined) throw new Refusal(`${label}: this program writes to a checkout; start it with bazel run`);
  const unknown = args.filter((arg) => arg !== "--check");
  if (unknown.length > 0) throw new Refusal(`${label}: expected --check or nothing, received ${unknown.join(" ")}`);
  const target = join(root, folder);
  const rendered = allOf(label, apps);
  const difference = compare(rendered, readCommitted(target));
  const lines = describe(folder, difference);
  if (lines.length === 0) {
    say(`manifests: ${rendered.size} files are what is rendered\n`);
    return 0;
  }
  if (args.includes("--check")) {
    say(`${lines.join("\n")}\nmanifests: ${lines.length} of ${rendered.size} files differ; mend with ${mend}\n`);
    return 1;
  }
  writeDifference(target, rendered, difference);
  const strange = difference.orphans.filter((path) => !isManifest(path));
  const written = difference.stale.length + difference.missing.length;
  const deleted = difference.orphans.length - strange.length;
  say(`manifests: ${written} written, ${deleted} deleted, ${rendered.size - written} unchanged\n`);
  if (strange.length === 0) return 0;
  throw new Refusal(`${label}: these files are no manifests; move or delete them`, [
    ...strange.map((path) => `${folder}/${path}`),
  ]);
};

function allOf(label: string, apps: readonly AppParams[]): Files {
  const read = apps.map((app): RenderedApp => {
    return { ...app, manifests: readFolder(app.manifests), application: readFileSync(app.application) };
  });
  try {
    return renderedFiles(read);
  } catch (error) {
    throw new Refusal(`${label}: the applications do not fit together`, [(error as Error).message]);
  }
}
