import type { Kind } from "../config/check.ts";
import type { Commit } from "./commit.ts";

/** What a run of wrangler publishes. */
export interface Publication {
  readonly kind: Kind;
  readonly name: string;
  /** The configuration, absolute: beside a script wrangler would look for one there. */
  readonly config: string;
  /** The folder of the site, absolute. */
  readonly site: string;
  /** The built script of a Worker, absolute. */
  readonly script: string | undefined;
  /** Variables for the script, `NAME:VALUE`. */
  readonly vars: readonly string[];
  readonly branch: string;
  readonly preview: boolean;
  readonly commit: Commit;
}

/**
 * wrangler's arguments. Everything that it would find out by itself, or ask, is said: branch and commit of Pages (which
 * also keep it from publishing a new project as a Worker), message and tag of a Worker.
 */
export function wranglerArguments({
  kind,
  name,
  config,
  site,
  script,
  vars,
  branch,
  preview,
  commit,
}: Publication): readonly string[] {
  const message = commit.message.slice(0, 100);
  if (kind === "pages") {
    return [
      ...["pages", "deploy", site, "--project-name", name, "--branch", branch],
      ...["--commit-hash", commit.hash, "--commit-message", message, `--commit-dirty=${commit.dirty}`, "--no-bundle"],
    ];
  }
  const what = [
    ...(script === undefined ? [] : [script, "--no-bundle"]),
    "--config",
    config,
    "--name",
    name,
    "--assets",
    site,
  ];
  const given = vars.flatMap((one) => ["--var", one]);
  const said = [...given, "--message", message, "--tag", commit.hash.slice(0, 25)];
  return preview
    ? ["versions", "upload", ...what, ...said, "--preview-alias", previewAlias(branch, name)]
    : ["deploy", ...what, ...said];
}

/** The subdomain of a preview: it begins with a letter and is at most 63 characters long with the Worker's name. */
export function previewAlias(branch: string, name: string): string {
  const plain = branch.toLowerCase().replace(/[^a-z0-9]+/g, "-");
  const begun = /^[a-z]/.test(plain) ? plain : `b-${plain}`;
  return begun.slice(0, Math.max(1, 62 - name.length)).replace(/-+$/, "");
}
