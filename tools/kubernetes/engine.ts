import { execFile } from "node:child_process";
import { readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import { temporaryFolder } from "#lib/testing/process.ts";
import { Mistake } from "./args.ts";
import type { Report } from "./finding.ts";

/** Absolute paths of what a check is done with. */
export interface Tools {
  /** engine.mjs of rules_helm. */
  readonly engine: string;
  readonly kubeconform: string;
  /** A folder of `kubernetes_schemas`. */
  readonly schemas: string;
}

/** What is checked; paths count from the working directory. */
export interface Work {
  readonly manifests: readonly string[];
  readonly crds: readonly string[];
  /** Whether schemas and hardening are checked; otherwise the manifests are only read. */
  readonly checks: boolean;
}

/**
 * Runs the engine's command `check`.
 * @throws Mistake with the engine's own words when it refuses, such as for a folder that does not exist
 */
export async function checkManifests(tools: Tools, work: Work): Promise<Report> {
  const folder = await temporaryFolder();
  const [request, report] = ["request", "report.json"].map((name) => path.join(folder.path, name)) as [string, string];
  try {
    const params = {
      label: "validate",
      manifests: work.manifests,
      kubeconform: work.checks ? tools.kubeconform : null,
      schemas: work.checks ? [tools.schemas] : [],
      origin: "--crds",
      crds: work.crds,
      hardening: work.checks,
      allow: {},
      report,
    };
    await writeFile(request, `check\n${JSON.stringify(params)}\n`);
    await run([tools.engine, `@${request}`]);
    return JSON.parse(await readFile(report, "utf8")) as Report;
  } finally {
    await folder.remove();
  }
}

function run(args: readonly string[]): Promise<void> {
  return new Promise((resolve, reject) => {
    execFile(process.execPath, [...args], { maxBuffer: 1 << 26 }, (error, _, stderr) => {
      if (!error) resolve();
      else if (error.code === 1) reject(new Mistake(stderr.trim().replace(/^rules_helm: validate: /, "")));
      else reject(new Error(stderr.trim() || error.message, { cause: error }));
    });
  });
}
