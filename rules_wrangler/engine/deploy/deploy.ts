import { copyFile, mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, isAbsolute, join, resolve } from "node:path";
import { type Manifest, manifestDigest } from "../assets/manifest.ts";
import { type Command, type Io, Refusal } from "../command.ts";
import { plan, planText } from "../plan.ts";
import { failureText } from "./api.ts";
import { wranglerArguments } from "./arguments.ts";
import { type Commit, commitOf } from "./commit.ts";
import { type Credentials, credentials, wranglerEnvironment } from "./credentials.ts";
import { type Live, liveOf } from "./live.ts";
import { type DeployOptions, deployOptions } from "./options.ts";
import { type Recorded, Records } from "./record.ts";
import { type WranglerResult, runWrangler } from "./wrangler.ts";

/** The parameters of `deploy` and `rollback`. */
export interface DeployParams {
  readonly label: string;
  readonly manifest: string;
  readonly site: string;
  readonly config: string;
  /** The built script; empty without one. */
  readonly script: string;
  /** wrangler's program. */
  readonly wrangler: string;
  readonly productionBranch: string;
  /** From the configuration; empty when it names none. */
  readonly account: string;
}

/** Publishes a site with wrangler, or says what that would change. */
export const deploy: Command<DeployParams> = async (params, io) => {
  const options = deployOptions(params.label, io.args, params.productionBranch);
  if (options.vars.length > 0 && params.script === "")
    throw new Refusal(`${params.label}: --var: expected a Worker with a script; nothing else reads variables`);
  const manifest = JSON.parse(await readFile(params.manifest, "utf8")) as Manifest;
  const records = new Records(io.env, manifest);
  if (options.plan) return showPlan(manifest, options, records, io);
  const who = credentials(params.label, io.env, params.account || undefined);
  return records.alone(params.label, () => publish(params, options, manifest, records, who, io));
};

async function showPlan(manifest: Manifest, options: DeployOptions, records: Records, io: Io): Promise<number> {
  const recorded = options.against === undefined ? records.current(options.branch) : undefined;
  const last = options.against === undefined ? recorded?.manifest : await readManifest(options.against, io);
  const found = plan(manifest, last);
  if (options.json) io.print(`${JSON.stringify(found, null, 2)}\n`);
  else io.print(planText(found, comparison(manifest, options, recorded)));
  return 0;
}

async function readManifest(path: string, { env }: Io): Promise<Manifest> {
  const file = isAbsolute(path) ? path : join(env["BUILD_WORKING_DIRECTORY"] ?? ".", path);
  try {
    return JSON.parse(await readFile(file, "utf8")) as Manifest;
  } catch (cause) {
    throw new Refusal(`--against ${path}: expected a manifest, the output of a target's .manifest`, [
      (cause as Error).message,
    ]);
  }
}

function comparison(
  { kind, name }: Manifest,
  { against, branch }: DeployOptions,
  recorded: Recorded | undefined,
): string {
  const what = `${kind === "pages" ? "Pages project" : "Worker"} ${name}, branch ${branch}`;
  if (against !== undefined) return `${what}, compared with ${against}:`;
  if (recorded === undefined) return `${what}, of which this machine has deployed nothing yet:`;
  return `${what}, compared with the deployment ${recorded.deployment} of ${recorded.at}:`;
}

async function publish(
  params: DeployParams,
  options: DeployOptions,
  manifest: Manifest,
  records: Records,
  who: Credentials,
  io: Io,
): Promise<number> {
  const preview = options.branch !== params.productionBranch;
  const before = await preflight(params, options, manifest, who);
  const found = await commitOf(io.env["BUILD_WORKSPACE_DIRECTORY"], manifestDigest(manifest));
  const commit: Commit = {
    ...found,
    hash: options.commitHash ?? found.hash,
    message: options.commitMessage ?? found.message,
  };
  const script = params.script === "" ? undefined : resolve(params.script);
  const home = await mkdtemp(join(io.env["TEST_TMPDIR"] ?? tmpdir(), "wrangler-"));
  try {
    const config = join(home, basename(params.config));
    await copyFile(params.config, config);
    const args = wranglerArguments({
      ...manifest,
      config,
      site: resolve(params.site),
      script,
      vars: options.vars,
      branch: options.branch,
      preview,
      commit,
    });
    const run = {
      program: params.wrangler,
      env: wranglerEnvironment(io.env, who, home),
      cwd: home,
      secrets: [who.token],
      say: io.say,
    };
    if (before === undefined && manifest.kind === "pages") {
      const create = [
        "pages",
        "project",
        "create",
        manifest.name,
        "--production-branch",
        params.productionBranch,
        "--force",
      ];
      const created = await runWrangler({ ...run, args: create, timeoutSeconds: options.timeoutSeconds });
      if (created.status !== 0)
        throw new Refusal(`${params.label}: nothing was uploaded, the project could not be made`);
    }
    const result = await runWrangler({ ...run, args, timeoutSeconds: options.timeoutSeconds });
    if (result.status !== 0) throw await notPublished(params.label, options, manifest, before, result, who);
    const { id, url } = published(result);
    records.add(options.branch, { deployment: id, at: new Date().toISOString(), manifest });
    io.say(
      `${params.label}: published ${Object.keys(manifest.files).length} files as ${id}${url === "" ? "" : `, ${url}`}\n`,
    );
    return 0;
  } finally {
    await rm(home, { recursive: true, force: true });
  }
}

/** What serves now; refuses before anything is uploaded when the deployment cannot be meant as it was said. */
async function preflight(
  { label, productionBranch }: DeployParams,
  { branch, create }: DeployOptions,
  { kind, name }: Manifest,
  who: Credentials,
): Promise<Live | undefined> {
  const refuse = (what: string, lines: readonly string[]): Refusal =>
    new Refusal(`${label}: nothing was uploaded, ${what}`, lines);
  const answer = await liveOf(kind, name, who);
  if ("failure" in answer) {
    const denied = answer.failure.status === 401 || answer.failure.status === 403;
    throw refuse(failureText(answer.failure), [
      denied
        ? "Check that CLOUDFLARE_API_TOKEN is valid, belongs to CLOUDFLARE_ACCOUNT_ID and may edit Pages or Workers."
        : "Try again later.",
    ]);
  }
  if ("missing" in answer) {
    if (kind === "pages" && !create) {
      throw refuse(`the account has no Pages project "${name}"`, [
        "Correct the name, or let it be made: bazel run TARGET -- --create",
      ]);
    }
    if (kind === "worker" && branch !== productionBranch) {
      throw refuse(`the account has no Worker "${name}" to preview`, [
        `Deploy ${productionBranch} first: bazel run TARGET`,
      ]);
    }
    return undefined;
  }
  const { live } = answer;
  if (kind === "pages" && live.productionBranch !== undefined && live.productionBranch !== productionBranch) {
    throw refuse(
      `the project's production branch is "${live.productionBranch}", the target's is "${productionBranch}"`,
      ["Make them one: the attribute production_branch, or the project's settings."],
    );
  }
  return live;
}

async function notPublished(
  label: string,
  { timeoutSeconds }: DeployOptions,
  { kind, name }: Manifest,
  before: Live | undefined,
  { status, timedOut }: WranglerResult,
  who: Credentials,
): Promise<Refusal> {
  const why = timedOut ? `wrangler was stopped after ${timeoutSeconds} s` : `wrangler ended with ${status}`;
  const now = await liveOf(kind, name, who);
  if ("failure" in now)
    return new Refusal(`${label}: was not published, ${why}`, [
      "What serves now is not known: " + failureText(now.failure),
    ]);
  const id = "live" in now ? now.live.id : undefined;
  if (id !== before?.id)
    return new Refusal(`${label}: ${why}, but ${id} serves now`, [
      "The answer was lost, or somebody else deployed. Deploy again.",
    ]);
  const serves = id === undefined ? "Nothing serves yet" : `The previous deployment, ${id}, still serves`;
  return new Refusal(`${label}: was not published, ${why}`, [
    `${serves}. Files that were uploaded are kept; deploying again goes on from there.`,
  ]);
}

function published({ events }: WranglerResult): { readonly id: string; readonly url: string } {
  const text = (value: unknown): string => (typeof value === "string" ? value : "");
  for (const event of events.toReversed()) {
    if (event["type"] === "pages-deploy-detailed")
      return { id: text(event["deployment_id"]), url: text(event["alias"]) || text(event["url"]) };
    if (event["type"] === "deploy")
      return { id: text(event["version_id"]), url: text((event["targets"] as readonly unknown[] | undefined)?.[0]) };
    if (event["type"] === "version-upload")
      return { id: text(event["version_id"]), url: text(event["preview_alias_url"]) || text(event["preview_url"]) };
  }
  throw new Error(
    `expected wrangler to write down what it published, found ${events.map(({ type }) => String(type)).join(", ") || "nothing"}`,
  );
}
