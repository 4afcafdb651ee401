import { randomUUID } from "node:crypto";
import { assetHash } from "../assets/hash.ts";
import { LIMITS } from "../limits.ts";
import { type Call, type Cloud, type Route, field, form, parsed, uploadClaims } from "./call.ts";
import type { PagesDeployment, PagesProject } from "./release.ts";
import { ApiError, type Reply, envelope } from "./reply.ts";

const project = String.raw`^/accounts/[^/]+/pages/projects/(?<name>[^/]+)`;
const at = (rest: string): RegExp => new RegExp(`${project}${rest}$`);

/** The calls of Cloudflare Pages. */
export const pagesRoutes: readonly Route[] = [
  { method: "GET", path: /^\/accounts\/[^/]+\/pages\/projects$/, auth: "account", run: listProjects },
  { method: "POST", path: /^\/accounts\/[^/]+\/pages\/projects$/, auth: "account", run: createProject },
  {
    method: "GET",
    path: at(""),
    auth: "account",
    run: (_, { name }, cloud) => envelope(shown(find(cloud, name), cloud)),
  },
  { method: "GET", path: at("/upload-token"), auth: "account", run: uploadToken },
  { method: "GET", path: at("/deployments"), auth: "account", run: listDeployments },
  { method: "POST", path: at("/deployments"), auth: "account", run: createDeployment },
  { method: "GET", path: at("/deployments/(?<id>[^/]+)"), auth: "account", run: readDeployment },
  { method: "POST", path: at("/deployments/(?<id>[^/]+)/rollback"), auth: "account", run: rollback },
  { method: "POST", path: /^\/pages\/assets\/check-missing$/, auth: "upload", run: checkMissing },
  { method: "POST", path: /^\/pages\/assets\/upload$/, auth: "upload", run: uploadAssets },
  { method: "POST", path: /^\/pages\/assets\/upsert-hashes$/, auth: "upload", run: upsertHashes },
];

function find({ store }: Cloud, name = ""): PagesProject {
  const found = store.read<PagesProject>("projects", name);
  if (found !== undefined) return found;
  throw new ApiError(
    404,
    8_000_007,
    "Project not found. The specified project name does not match any of your existing projects.",
  );
}

function listProjects(_: Call, __: object, cloud: Cloud): Reply {
  return envelope(cloud.store.list<PagesProject>("projects").map((one) => shown(one, cloud)));
}

function createProject(call: Call, _: object, cloud: Cloud): Reply {
  const { name, production_branch: branch } = parsed<{ name: string; production_branch: string }>(call);
  if (!/^[a-z0-9]([a-z0-9-]{0,56}[a-z0-9])?$/.test(name)) {
    throw new ApiError(400, 8_000_001, "Project names have 1 to 58 lowercase letters, digits and dashes.");
  }
  if (cloud.store.read("projects", name) !== undefined)
    throw new ApiError(409, 8_000_002, "A project with this name already exists.");
  const made: PagesProject = {
    id: randomUUID(),
    name,
    production_branch: branch,
    created_on: new Date().toISOString(),
    deployments: [],
    live: null,
  };
  cloud.store.save("projects", name, made);
  return envelope(shown(made, cloud));
}

function uploadToken(_: Call, { name }: Readonly<Record<string, string>>, cloud: Cloud): Reply {
  const claims = { purpose: "pages", project: find(cloud, name).name, max_file_count_allowed: LIMITS.files };
  return envelope({ jwt: cloud.tokens.issue(claims, cloud.tokenSeconds) });
}

function checkMissing(call: Call, _: object, cloud: Cloud): Reply {
  uploadClaims(call, cloud, "pages");
  const { hashes } = parsed<{ hashes: readonly string[] }>(call);
  return envelope([...new Set(hashes)].filter((hash) => !cloud.store.has(hash)));
}

function uploadAssets(call: Call, _: object, cloud: Cloud): Reply {
  uploadClaims(call, cloud, "pages");
  const files =
    parsed<readonly { key: string; value: string; metadata: { contentType: string }; base64: boolean }[]>(call);
  for (const { key, value, metadata, base64 } of files) {
    const bytes = Buffer.from(value, base64 ? "base64" : "utf8");
    if (bytes.length > LIMITS.fileBytes) throw new ApiError(413, 8_000_020, `${key} is larger than 25 MiB.`);
    cloud.store.put(key, { contentType: metadata.contentType, bytes });
    cloud.uploads++;
  }
  return envelope({ successful_key_count: files.length, unsuccessful_keys: [] });
}

function upsertHashes(call: Call, _: object, cloud: Cloud): Reply {
  uploadClaims(call, cloud, "pages");
  parsed<{ hashes: readonly string[] }>(call);
  return envelope(null);
}

async function createDeployment(call: Call, { name }: Readonly<Record<string, string>>, cloud: Cloud): Promise<Reply> {
  const fields = await form(call);
  const owner = find(cloud, name);
  const manifest = JSON.parse((await field(fields, "manifest")) ?? "null") as Record<string, string> | null;
  if (manifest === null)
    throw new ApiError(400, 8_000_096, 'A "manifest" field was expected in the request body but was not provided.');
  checkManifest(manifest, cloud);
  const branch = (await field(fields, "branch")) ?? owner.production_branch;
  const made: PagesDeployment = {
    id: randomUUID(),
    created_on: new Date().toISOString(),
    manifest,
    headers: (await field(fields, "_headers")) ?? "",
    redirects: (await field(fields, "_redirects")) ?? "",
    script: null,
    notFound: "/404.html" in manifest ? "404-page" : "single-page-application",
    environment: branch === owner.production_branch ? "production" : "preview",
    branch,
    commit_hash: (await field(fields, "commit_hash")) ?? "",
    commit_message: (await field(fields, "commit_message")) ?? "",
    commit_dirty: (await field(fields, "commit_dirty")) === "true",
  };
  const latest = find(cloud, name);
  cloud.store.save("projects", owner.name, {
    ...latest,
    deployments: [made, ...latest.deployments],
    live: made.environment === "production" ? made.id : latest.live,
  });
  return envelope(deploymentShown(owner, made, cloud));
}

function checkManifest(manifest: Readonly<Record<string, string>>, { store }: Cloud): void {
  const paths = Object.keys(manifest);
  if (paths.length > LIMITS.files)
    throw new ApiError(400, 8_000_021, `A deployment has at most ${LIMITS.files} files.`);
  for (const path of paths) {
    const hash = manifest[path]!;
    if (!store.has(hash)) throw new ApiError(400, 8_000_022, `${path}: the asset ${hash} was not uploaded.`);
    if (assetHash(path, store.get(hash).bytes) !== hash)
      throw new ApiError(400, 8_000_023, `${path}: the asset is not ${hash}.`);
  }
}

function listDeployments(call: Call, { name }: Readonly<Record<string, string>>, cloud: Cloud): Reply {
  const owner = find(cloud, name);
  const wanted = call.query.get("env");
  const list = owner.deployments.filter(({ environment }) => wanted === null || environment === wanted);
  return envelope(list.map((one) => deploymentShown(owner, one, cloud)));
}

function deploymentOf(owner: PagesProject, id = ""): PagesDeployment {
  const found = owner.deployments.find((one) => one.id === id);
  if (found === undefined) throw new ApiError(404, 8_000_009, "The deployment ID you have specified does not exist.");
  return found;
}

function readDeployment(_: Call, { name, id }: Readonly<Record<string, string>>, cloud: Cloud): Reply {
  const owner = find(cloud, name);
  return envelope(deploymentShown(owner, deploymentOf(owner, id), cloud));
}

function rollback(_: Call, { name, id }: Readonly<Record<string, string>>, cloud: Cloud): Reply {
  const owner = find(cloud, name);
  const target = deploymentOf(owner, id);
  if (target.environment !== "production")
    throw new ApiError(400, 8_000_039, "Only a production deployment can be rolled back to.");
  cloud.store.save("projects", owner.name, { ...owner, live: target.id });
  return envelope(deploymentShown(owner, target, cloud));
}

function shown(one: PagesProject, cloud: Cloud): object {
  const live = one.deployments.find(({ id }) => id === one.live);
  return {
    id: one.id,
    name: one.name,
    subdomain: `${one.name}.pages.${cloud.host}`,
    domains: [`${one.name}.pages.${cloud.host}`],
    production_branch: one.production_branch,
    created_on: one.created_on,
    canonical_deployment: live === undefined ? null : deploymentShown(one, live, cloud),
    deployment_configs: { production: {}, preview: {} },
  };
}

function deploymentShown(owner: PagesProject, one: PagesDeployment, cloud: Cloud): object {
  const stage = { name: "deploy", status: "success", started_on: one.created_on, ended_on: one.created_on };
  return {
    id: one.id,
    short_id: one.id.slice(0, 8),
    project_id: owner.id,
    project_name: owner.name,
    environment: one.environment,
    production_branch: owner.production_branch,
    url: `http://${one.id.slice(0, 8)}.${owner.name}.pages.${cloud.host}`,
    created_on: one.created_on,
    modified_on: one.created_on,
    latest_stage: stage,
    stages: [stage],
    aliases: one.environment === "preview" ? [`http://${aliasOf(one.branch)}.${owner.name}.pages.${cloud.host}`] : null,
    deployment_trigger: {
      type: "ad_hoc",
      metadata: {
        branch: one.branch,
        commit_hash: one.commit_hash,
        commit_message: one.commit_message,
        commit_dirty: one.commit_dirty,
      },
    },
  };
}

/** The subdomain of a branch. */
export function aliasOf(branch: string): string {
  return branch
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "-")
    .replace(/^-|-$/g, "")
    .slice(0, 28);
}
