import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { Refusal } from "../engine/command.ts";

/** What is pushed, and with what. */
export interface Push {
  /** An OCI image layout that `writeLayout` made. */
  readonly layout: string;
  /** The program crane, which has the credentials of whoever runs it. */
  readonly crane: string;
  readonly version: string;
}

/**
 * Pushes an engine to a repository of a registry, under its version as tag; `insecure` allows plain http.
 *
 * @returns what one writes into MODULE.bazel to use it
 * @throws Refusal
 */
export function push({ layout, crane, version }: Push, repository: string, insecure: boolean): string {
  if (!/^[\w.-]+(:\d+)?(\/[a-z0-9._-]+)+$/.test(repository)) {
    throw new Refusal(`expected REGISTRY/REPOSITORY, received ${repository || "nothing"}`, [
      "bazel run ... -- registry.example.org/tools/semgrep",
    ]);
  }
  const { manifests } = JSON.parse(readFileSync(join(layout, "index.json"), "utf8")) as {
    manifests: { digest: string }[];
  };
  const digest = manifests[0]?.digest ?? "";
  // The layout holds one index; crane takes the first manifest in index.json as what is pushed.
  const args = ["push", layout, `${repository}:${version}`, ...(insecure ? ["--insecure"] : [])];
  const { status, stdout, stderr, error } = spawnSync(crane, args, { encoding: "utf8" });
  if (error) throw error;
  if (status !== 0) throw new Refusal(`${repository}: crane could not push`, [stderr.trim()]);
  const pushed = /@(sha256:[0-9a-f]{64})/.exec(stdout)?.[1];
  if (pushed !== digest) {
    throw new Refusal(`${repository}: the registry has something else`, [`expected ${digest}`, `received ${pushed}`]);
  }
  const plain = insecure ? "    plain_http = True,\n" : "";
  return `semgrep.oci(\n    digest = "${digest}",\n${plain}    repository = "${repository}",\n)\n`;
}
