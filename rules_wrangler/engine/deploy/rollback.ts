import { copyFile, mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { parseArgs } from "node:util";
import type { Manifest } from "../assets/manifest.ts";
import { type Command, Refusal } from "../command.ts";
import { callApi, expectResult } from "./api.ts";
import { credentials, wranglerEnvironment } from "./credentials.ts";
import type { DeployParams } from "./deploy.ts";
import { liveOf } from "./live.ts";
import { Records } from "./record.ts";
import { runWrangler } from "./wrangler.ts";

interface Deployment {
  readonly id: string;
  readonly created_on: string;
  readonly deployment_trigger?: { readonly metadata?: { readonly commit_message?: string } };
}

interface Versions {
  readonly deployments: readonly {
    readonly created_on: string;
    readonly versions: readonly { readonly version_id: string }[];
  }[];
}

/** Serves an earlier production deployment again: the one before, or `--to ID`; `--list` says which there are. */
export const rollback: Command<DeployParams> = async (params, io) => {
  const { label } = params;
  const { to, list } = parseOptions(label, io.args);
  const manifest = JSON.parse(await readFile(params.manifest, "utf8")) as Manifest;
  const { kind, name } = manifest;
  const who = credentials(label, io.env, params.account || undefined);
  const live = await liveOf(kind, name, who);
  if ("missing" in live)
    throw new Refusal(`${label}: the account has no ${kind === "pages" ? "Pages project" : "Worker"} "${name}"`);
  const now = expectResult("live" in live ? { result: live.live } : live, label).id;
  const known = await history(manifest, who, label);
  if (list) {
    for (const { id, at, what } of known) io.print(`${id === now ? "*" : " "} ${id}  ${at}  ${what}\n`);
    return 0;
  }
  const target = to ?? known[known.findIndex(({ id }) => id === now) + 1]?.id;
  if (target === undefined)
    throw new Refusal(`${label}: nothing was changed, there is no earlier deployment`, [
      "bazel run TARGET -- --list says which there are.",
    ]);
  if (target === now) throw new Refusal(`${label}: nothing was changed, ${target} serves already`);
  if (!known.some(({ id }) => id === target))
    throw new Refusal(`${label}: nothing was changed, there is no production deployment ${target}`, [
      "bazel run TARGET -- --list says which there are.",
    ]);
  const records = new Records(io.env, manifest);
  return records.alone(label, async () => {
    if (kind === "pages") {
      expectResult(
        await callApi(who, "POST", `pages/projects/${name}/deployments/${target}/rollback`),
        `${label}: nothing was changed`,
      );
    } else {
      const home = await mkdtemp(join(io.env["TEST_TMPDIR"] ?? tmpdir(), "wrangler-"));
      try {
        await copyFile(params.config, join(home, basename(params.config)));
        const args = ["rollback", target, "--name", name, "--message", "Rollback", "--yes"];
        const env = wranglerEnvironment(io.env, who, home);
        const { status } = await runWrangler({
          program: params.wrangler,
          args,
          env,
          cwd: home,
          timeoutSeconds: 120,
          secrets: [who.token],
          say: io.say,
        });
        if (status !== 0) throw new Refusal(`${label}: nothing was changed, wrangler ended with ${status}`);
      } finally {
        await rm(home, { recursive: true, force: true });
      }
    }
    records.point(params.productionBranch, target);
    io.say(`${label}: ${target} serves again\n`);
    return 0;
  });
};

function parseOptions(
  label: string,
  args: readonly string[],
): { readonly to: string | undefined; readonly list: boolean } {
  try {
    const { values } = parseArgs({ args: [...args], options: { to: { type: "string" }, list: { type: "boolean" } } });
    return { to: values.to, list: values.list ?? false };
  } catch (error) {
    throw new Refusal(`${label}: ${(error as Error).message}`, ["bazel run TARGET -- [--list | --to ID]"]);
  }
}

/** Production deployments, newest first; a version that was rolled back to stands where it was first deployed. */
async function history(
  { kind, name }: Manifest,
  who: Parameters<typeof callApi>[0],
  label: string,
): Promise<readonly { readonly id: string; readonly at: string; readonly what: string }[]> {
  if (kind === "pages") {
    const answer = await callApi<readonly Deployment[]>(
      who,
      "GET",
      `pages/projects/${name}/deployments?env=production`,
    );
    return expectResult(answer, label).map(({ id, created_on: at, deployment_trigger: trigger }) => ({
      id,
      at,
      what: trigger?.metadata?.commit_message ?? "",
    }));
  }
  const answer = await callApi<Versions>(who, "GET", `workers/scripts/${name}/deployments`);
  const all = expectResult(answer, label).deployments.map(({ created_on: at, versions }) => ({
    id: versions[0]?.version_id ?? "",
    at,
    what: "",
  }));
  return all.filter(({ id }, index) => all.findLastIndex((other) => other.id === id) === index);
}
