import { chmod, writeFile } from "node:fs/promises";
import path from "node:path";
import { eventually, freePort, type Program, startProgram, temporaryFolder, toolPath } from "#lib/testing/process.ts";
import { serveCloudflare } from "../fake/http.ts";
import { ACCOUNT, type FakeCloudflare, TOKEN } from "../fake/types.ts";
import { type Cluster, OPERATOR } from "./cluster.ts";
import { type Gateway, startGateway } from "./gateway.ts";

/** A call of Cloudflare that a replica made: `POST /accounts/…/access/apps`. */
export interface CloudflareCall {
  readonly method: string;
  readonly path: string;
}

/** The operator as a process of its own, with its own ways to Kubernetes and to Cloudflare, on which all it does is seen. */
export interface Replica {
  readonly name: string;
  readonly program: Program;
  /** Its way to Kubernetes. */
  readonly gateway: Gateway;
  /** Its calls of Cloudflare, the oldest first. */
  readonly calls: readonly CloudflareCall[];
  /** Those that change something. */
  writes(): readonly CloudflareCall[];
  /** Is told of each call of Cloudflare when it has had its effect; the answer is given when the promise resolves. */
  afterCall(listen: ((call: CloudflareCall) => Promise<void> | void) | undefined): void;
  /** The status of `/healthz` or `/readyz`. */
  status(of: "healthz" | "readyz"): Promise<number>;
  /** The sum of a metric's series. */
  metric(name: string, labels?: string): Promise<number>;
  leads(): Promise<boolean>;
  /** Kills it, and closes its ways. */
  close(): Promise<void>;
}

/** On a machine that is busy with other things. */
const START_MS = 60_000;
const ANSWER_MS = 10_000;
/** Node itself: under Bazel, execPath is a wrapper that wants an environment of its own. */
// nosemgrep: environment-outside-config -- Bazel sets it for what it starts, nobody else does
const node = process.env["JS_BINARY__NODE_BINARY"] ?? process.execPath;
/** Times that suit a test: nothing here is late by more than a second. */
const TIMES = { SETTLE_SECONDS: "1", PASS_SECONDS: "3" };

/**
 * Starts the operator that `CLOUDFLARE_OPERATOR_MAIN` names, with the token of its ServiceAccount, and waits until it
 * answers.
 */
export async function startReplica(cluster: Cluster, cloudflare: FakeCloudflare, name: string): Promise<Replica> {
  const gateway = await startGateway(cluster.plane);
  const calls: CloudflareCall[] = [];
  let listener: ((call: CloudflareCall) => Promise<void> | void) | undefined;
  const seen: FakeCloudflare = Object.create(cloudflare, {
    fetch: {
      value: async (...[url, request]: Parameters<FakeCloudflare["fetch"]>) => {
        const call = { method: request.method, path: new URL(url).pathname };
        calls.push(call);
        const answer = await cloudflare.fetch(url, request);
        await listener?.(call);
        return answer;
      },
    },
  });
  const served = await serveCloudflare(seen);
  const folder = await temporaryFolder();
  const port = await freePort();
  const config = path.join(folder.path, "kubeconfig.json");
  await writeFile(config, JSON.stringify(kubeConfig(gateway.url, cluster.token)));
  await chmod(config, 0o600);
  const program = startProgram(node, [toolPath("CLOUDFLARE_OPERATOR_MAIN")], {
    env: {
      ...TIMES,
      KUBECONFIG: config,
      HOST: "127.0.0.1",
      PORT: String(port),
      CLOUDFLARE_API_URL: served.baseUrl,
      CLOUDFLARE_API_TOKEN: TOKEN,
      CLOUDFLARE_ACCOUNT_ID: ACCOUNT,
      TUNNEL_NAME: "homelab",
      OWNER: "test",
      CALL_LIMIT: "100000",
      LEASE_NAMESPACE: OPERATOR,
      LEASE_NAME: OPERATOR,
      POD_NAME: name,
    },
  });
  const url = `http://127.0.0.1:${port}`;
  const soon = () => ({ signal: AbortSignal.timeout(ANSWER_MS) });
  const status = async (of: "healthz" | "readyz") => (await fetch(`${url}/${of}`, soon())).status;
  const metric = async (metricName: string, labels = "") => {
    const text = await (await fetch(`${url}/metrics`, soon())).text();
    const lines = text
      .split("\n")
      .filter((line) => line.startsWith(`${metricName}{`) || line.startsWith(`${metricName} `));
    return lines
      .filter((line) => line.includes(labels))
      .reduce((sum, line) => sum + Number(line.slice(line.lastIndexOf(" "))), 0);
  };
  const close = async () => {
    await program.stop("SIGKILL");
    await Promise.all([gateway.close(), served.close(), folder.remove()]);
  };
  try {
    await eventually(`${name} answers`, async () => (await status("healthz")) === 200, START_MS);
  } catch (cause) {
    await close();
    throw new Error(`${name} did not start:\n${program.output()}`, { cause });
  }
  return {
    name,
    program,
    gateway,
    calls,
    writes: () => calls.filter(({ method }) => method !== "GET"),
    afterCall: (listen) => void (listener = listen),
    status,
    metric,
    leads: async () => (await metric("leader_election_master_status")) === 1,
    close,
  };
}

/** Over plain HTTP, which the client library allows only to those who say that they know. */
const kubeConfig = (server: string, token: string) => ({
  apiVersion: "v1",
  kind: "Config",
  clusters: [{ name: "test", cluster: { server, "insecure-skip-tls-verify": true } }],
  users: [{ name: OPERATOR, user: { token } }],
  contexts: [{ name: "test", context: { cluster: "test", user: OPERATOR } }],
  "current-context": "test",
});
