import { startKubernetes } from "#lib/testing/kubernetes.ts";
import type { Finding } from "./finding.ts";
import type { Options } from "./args.ts";
import { dryRun } from "./dry-run.ts";
import { checkManifests, type Tools } from "./engine.ts";
import { reportText } from "./report.ts";

/** What `validate` came to: text for people, and whether something was found. */
export interface Outcome {
  readonly text: string;
  readonly found: boolean;
}

/** Checks manifests as `--help` says; `progress` gets a line for each step. The control plane is gone when it returns or throws. */
export async function validate(
  options: Options,
  tools: Tools,
  bundledCrds: readonly string[],
  progress: (text: string) => void,
): Promise<Outcome> {
  const crds = [...bundledCrds, ...options.crds];
  progress(options.checks ? "reading manifests, checking schemas and hardening" : "reading manifests");
  const report = await checkManifests(tools, { manifests: options.manifests, crds, checks: options.checks });
  const findings = [...report.findings];
  if (options.server && report.resources.length > 0) {
    progress("starting etcd and kube-apiserver");
    const plane = await startKubernetes();
    try {
      progress(`applying ${report.resources.length} resources without keeping them`);
      const known = new Set(report.findings.filter((each) => each.rule === "schema").map(place));
      const said = await dryRun(plane, report.resources, report.crds);
      findings.push(...said.filter((each) => each.rule !== "server" || !known.has(place(each))));
    } finally {
      await plane.close();
    }
  }
  return { text: reportText(report, findings), found: findings.length > 0 };
}

/** What the schema says of a line, the server need not say again. */
function place(finding: Finding): string {
  return `${finding.file}:${finding.line}`;
}
