import { randomUUID } from "node:crypto";
import { assetHash } from "../assets/hash.ts";
import { LIMITS } from "../limits.ts";
import { type Call, type Cloud, type Route, field, form, parsed, uploadClaims } from "./call.ts";
import type { WorkerScript } from "./release.ts";
import { ApiError, type Reply, envelope } from "./reply.ts";
import { scriptOf, tryScript } from "./script.ts";

type Params = Readonly<Record<string, string>>;
type Manifest = Readonly<Record<string, { readonly hash: string; readonly size: number }>>;
type Version = WorkerScript["versions"][number];

const account = "^/accounts/[^/]+/workers";
const at = (rest: string): RegExp => new RegExp(`${account}${rest}$`);
const script = "/scripts/(?<name>[^/]+)";

/** Upload sessions that are open: by the id in the token. */
const sessions = new WeakMap<Cloud, Map<string, Manifest>>();

/** The calls of Workers with static assets. */
export const workersRoutes: readonly Route[] = [
  { method: "GET", path: at("/services/(?<name>[^/]+)"), auth: "account", run: service },
  { method: "POST", path: at(`${script}/assets-upload-session`), auth: "account", run: openSession },
  { method: "POST", path: at("/assets/upload"), auth: "upload", run: uploadAssets },
  { method: "PUT", path: at(script), auth: "account", run: (call, params, cloud) => putScript(call, params, cloud) },
  {
    method: "POST",
    path: at(`${script}/versions`),
    auth: "account",
    run: (call, params, cloud) => putVersion(call, params, cloud),
  },
  { method: "GET", path: at(`${script}/versions`), auth: "account", run: listVersions },
  { method: "GET", path: at(`${script}/versions/(?<id>[^/]+)`), auth: "account", run: readVersion },
  { method: "GET", path: at(`${script}/deployments`), auth: "account", run: listDeployments },
  { method: "POST", path: at(`${script}/deployments`), auth: "account", run: createDeployment },
  { method: "GET", path: at(`${script}/subdomain`), auth: "account", run: subdomain },
  { method: "POST", path: at(`${script}/subdomain`), auth: "account", run: subdomain },
  { method: "GET", path: at("/workers/(?<name>[^/]+)"), auth: "account", run: worker },
  { method: "GET", path: at("/subdomain"), auth: "account", run: () => envelope({ subdomain: "workers" }) },
  { method: "PATCH", path: at(`${script}/(script-)?settings`), auth: "account", run: () => envelope({}) },
  { method: "GET", path: at(`${script}/secrets`), auth: "account", run: () => envelope([]) },
  { method: "GET", path: at(`${script}/schedules`), auth: "account", run: () => envelope({ schedules: [] }) },
];

function find({ store }: Cloud, name = ""): WorkerScript {
  const found = store.read<WorkerScript>("scripts", name);
  if (found === undefined) throw new ApiError(404, 10_007, "This Worker does not exist on your account.");
  return found;
}

function service(_: Call, { name }: Params, cloud: Cloud): Reply {
  const found = cloud.store.read<WorkerScript>("scripts", name ?? "");
  if (found === undefined) throw new ApiError(404, 10_090, "This service does not exist.");
  const made = found.deployments.at(-1)?.created_on ?? new Date(0).toISOString();
  const environment = { environment: "production", created_on: made, modified_on: made };
  return envelope({ id: name, default_environment: { ...environment, script: { last_deployed_from: "wrangler" } } });
}

function openSession(call: Call, _: Params, cloud: Cloud): Reply {
  const { manifest } = parsed<{ manifest: Manifest }>(call);
  const files = Object.entries(manifest);
  if (files.length > LIMITS.files) throw new ApiError(400, 100_302, `A version has at most ${LIMITS.files} assets.`);
  const large = files.find(([, { size }]) => size > LIMITS.fileBytes);
  if (large !== undefined) throw new ApiError(413, 100_303, `${large[0]} is larger than 25 MiB.`);
  const missing = [...new Set(files.map(([, { hash }]) => hash))].filter((hash) => !cloud.store.has(hash));
  const id = randomUUID();
  const open = sessions.get(cloud) ?? new Map<string, Manifest>();
  sessions.set(cloud, open.set(id, manifest));
  const purpose = missing.length === 0 ? "assets" : "upload";
  const jwt = cloud.tokens.issue({ purpose, session: id }, cloud.tokenSeconds);
  const buckets = Array.from({ length: Math.ceil(missing.length / 50) }, (__, index) =>
    missing.slice(index * 50, index * 50 + 50),
  );
  return envelope({ jwt, buckets });
}

async function uploadAssets(call: Call, _: Params, cloud: Cloud): Promise<Reply> {
  const claims = uploadClaims(call, cloud, "upload");
  const manifest = sessions.get(cloud)?.get(String(claims["session"])) ?? {};
  for (const [hash, value] of await form(call)) {
    const path = Object.keys(manifest).find((one) => manifest[one]!.hash === hash);
    if (path === undefined || typeof value === "string")
      throw new ApiError(400, 100_304, `The asset ${hash} is not in the manifest.`);
    const bytes = Buffer.from(await value.text(), "base64");
    if (assetHash(path, bytes) !== hash) throw new ApiError(400, 100_305, `${path}: the asset is not ${hash}.`);
    cloud.store.put(hash, { contentType: value.type === "application/null" ? null : value.type, bytes });
    cloud.uploads++;
  }
  const whole = Object.values(manifest).every(({ hash }) => cloud.store.has(hash));
  if (!whole) return envelope({ jwt: null }, 202);
  return envelope(
    { jwt: cloud.tokens.issue({ purpose: "assets", session: claims["session"] }, cloud.tokenSeconds) },
    201,
  );
}

interface Metadata {
  readonly assets?: {
    readonly jwt?: string;
    readonly config?: {
      readonly _headers?: string;
      readonly _redirects?: string;
      readonly not_found_handling?: Version["notFound"];
    };
  };
  readonly annotations?: Readonly<Record<string, string>>;
}

async function versionOf(call: Call, name: string, cloud: Cloud): Promise<Version> {
  const fields = await form(call);
  const metadata = JSON.parse((await field(fields, "metadata")) ?? "{}") as Metadata;
  const claims = cloud.tokens.read(metadata.assets?.jwt ?? "");
  if (claims?.["purpose"] !== "assets")
    throw new ApiError(400, 10_159, "The completion token of the assets is not valid, or has expired.");
  const manifest = sessions.get(cloud)?.get(String(claims["session"])) ?? {};
  const config = metadata.assets?.config ?? {};
  const id = randomUUID();
  const script = await scriptOf(call);
  await tryScript(id, script, cloud);
  return {
    id,
    number: (cloud.store.read<WorkerScript>("scripts", name)?.versions.length ?? 0) + 1,
    created_on: new Date().toISOString(),
    manifest: Object.fromEntries(Object.entries(manifest).map(([path, { hash }]) => [path, hash])),
    headers: config._headers ?? "",
    redirects: config._redirects ?? "",
    notFound: config.not_found_handling ?? "none",
    message: metadata.annotations?.["workers/message"] ?? "",
    alias: metadata.annotations?.["workers/alias"] ?? null,
    script,
  };
}

function add(cloud: Cloud, name: string, version: Version): WorkerScript {
  const before = cloud.store.read<WorkerScript>("scripts", name);
  const after = { name, versions: [version, ...(before?.versions ?? [])], deployments: before?.deployments ?? [] };
  cloud.store.save("scripts", name, after);
  return after;
}

function deploy(cloud: Cloud, owner: WorkerScript, version: string): string {
  const made = { id: randomUUID(), created_on: new Date().toISOString(), version };
  cloud.store.save("scripts", owner.name, { ...owner, deployments: [made, ...owner.deployments] });
  return made.id;
}

async function putScript(call: Call, { name = "" }: Params, cloud: Cloud): Promise<Reply> {
  const version = await versionOf(call, name, cloud);
  const deployment = deploy(cloud, add(cloud, name, version), version.id);
  return envelope({
    id: name,
    tag: name,
    etag: version.id,
    deployment_id: version.id,
    version_id: version.id,
    deployment,
    startup_time_ms: 1,
    entry_point: "",
  });
}

async function putVersion(call: Call, { name = "" }: Params, cloud: Cloud): Promise<Reply> {
  find(cloud, name);
  const version = await versionOf(call, name, cloud);
  add(cloud, name, version);
  return envelope({ ...versionShown(version), startup_time_ms: 1 });
}

function versionShown({ id, number, created_on, message, alias }: Version): object {
  return {
    id,
    number,
    metadata: {
      created_on,
      modified_on: created_on,
      source: "wrangler",
      author_id: "fake",
      author_email: "someone@example.org",
      has_preview: true,
    },
    annotations: {
      "workers/message": message,
      "workers/triggered_by": "upload",
      ...(alias === null ? {} : { "workers/alias": alias }),
    },
    resources: {
      script: { etag: id, handlers: [], last_deployed_from: "wrangler" },
      script_runtime: { usage_model: "standard" },
      bindings: [],
    },
  };
}

function listVersions(_: Call, { name }: Params, cloud: Cloud): Reply {
  return envelope({ items: find(cloud, name).versions.map(versionShown) });
}

function readVersion(_: Call, { name, id }: Params, cloud: Cloud): Reply {
  const found = find(cloud, name).versions.find((one) => one.id === id);
  if (found === undefined) throw new ApiError(404, 10_041, "This version does not exist.");
  return envelope(versionShown(found));
}

function listDeployments(_: Call, { name }: Params, cloud: Cloud): Reply {
  const deployments = find(cloud, name).deployments.map(({ id, created_on, version }) => ({
    id,
    created_on,
    source: "wrangler",
    strategy: "percentage",
    author_email: "someone@example.org",
    annotations: { "workers/triggered_by": "deployment" },
    versions: [{ version_id: version, percentage: 100 }],
  }));
  return envelope({ deployments });
}

function createDeployment(call: Call, { name }: Params, cloud: Cloud): Reply {
  const owner = find(cloud, name);
  const { versions } = parsed<{ versions: readonly { version_id: string; percentage: number }[] }>(call);
  const [only] = versions;
  if (versions.length !== 1 || only?.percentage !== 100)
    throw new ApiError(400, 10_021, "Only whole deployments are known here.");
  if (!owner.versions.some(({ id }) => id === only.version_id))
    throw new ApiError(404, 10_041, "This version does not exist.");
  return envelope({ id: deploy(cloud, owner, only.version_id) });
}

function subdomain(_: Call, { name }: Params, cloud: Cloud): Reply {
  find(cloud, name);
  return envelope({ enabled: true, previews_enabled: true });
}

function worker(_: Call, { name }: Params, cloud: Cloud): Reply {
  return envelope({ id: find(cloud, name).name, name, subdomain: { enabled: true, previews_enabled: true } });
}
