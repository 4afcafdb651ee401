import { spawnSync } from "node:child_process";
import { chmodSync, copyFileSync, readFileSync, utimesSync } from "node:fs";
import { join, resolve } from "node:path";
import { type Command, Refusal } from "./command.ts";
import { epoch, withTemporaryFolder } from "./helm.ts";

/** What `helm_push` asks for. */
export interface PushParams {
  readonly label: string;
  readonly helm: string;
  readonly archive: string;
  /** The file with the digest that the build told. */
  readonly digest: string;
  /** `oci://HOST/PATH`. */
  readonly repository: string;
}

/** `helm push` with the credentials of whoever runs it: `[--repository oci://...] [flags of helm push...]`. */
export const push: Command<PushParams> = (params, { args, say }) => {
  const at = args.indexOf("--repository");
  const repository = at < 0 ? params.repository : args[at + 1];
  if (repository === undefined) throw new Refusal("--repository: expected oci://HOST/PATH, received nothing");
  const flags = at < 0 ? args : args.toSpliced(at, 2);
  say(pushed(params, repository, flags).log);
  return 0;
};

/**
 * Pushes a chart and checks that the registry's digest is the one of the build.
 *
 * @returns what helm said, and the reference of the chart
 */
export function pushed(
  params: PushParams,
  repository: string,
  flags: readonly string[],
): { log: string; reference: string } {
  const { label, helm, archive, digest } = params;
  const log = withTemporaryFolder((folder) => {
    // helm writes the archive's time into the manifest.
    const file = join(folder, "chart.tgz");
    copyFileSync(archive, file);
    chmodSync(file, 0o644);
    utimesSync(file, epoch, epoch);
    const { status, stdout, stderr, error } = spawnSync(resolve(helm), ["push", file, repository, ...flags], {
      encoding: "utf8",
      env: { ...process.env, TZ: "UTC" },
    });
    if (error !== undefined) throw new Error(`${helm} could not be run: ${error.message}`, { cause: error });
    if (status === 0) return stdout + stderr;
    throw new Refusal(`${label}: helm could not push to ${repository}`, [
      stdout + stderr,
      "Log in with `helm registry login`; --plain-http and other flags of helm push can follow --.",
    ]);
  });
  const field = (name: string): string => new RegExp(`^${name}: (.*)$`, "m").exec(log)?.[1] ?? "";
  const expected = readFileSync(digest, "utf8");
  if (field("Digest") !== expected) {
    throw new Refusal(`${label}: the registry has another digest than the build`, [
      `expected ${expected}`,
      `received ${field("Digest")}`,
    ]);
  }
  return { log, reference: field("Pushed") };
}
