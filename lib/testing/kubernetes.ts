import { generateKeyPairSync, randomUUID } from "node:crypto";
import { existsSync } from "node:fs";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { Agent, request as httpsRequest } from "node:https";
import path from "node:path";
import { eventually, freePort, type Program, startProgram, temporaryFolder, toolPath } from "./process.ts";

/** What a request to the control plane came to. */
export interface KubernetesResponse {
  readonly status: number;
  readonly body: string;
  /** Texts of the `Warning` headers: deprecations, Pod Security, fields that are spelt wrong. */
  readonly warnings: readonly string[];
}

/** A real etcd and a real kube-apiserver on the loopback, with a folder of their own. No node, no controller and no scheduler runs. */
export interface Kubernetes {
  /** `https://127.0.0.1:<port>` */
  readonly server: string;
  /** Bearer token of a cluster administrator (group system:masters). */
  readonly token: string;
  /** The certificates that the server is to be trusted by, as PEM. */
  readonly certificates: string;
  /** Sends one request as the administrator; `path` begins with `/`. Every status is an answer, only a broken connection throws. */
  request(
    method: string,
    path: string,
    body?: { readonly type: string; readonly text: string },
  ): Promise<KubernetesResponse>;
  /** Rejects when one of the programs ends by itself. */
  readonly broken: Promise<never>;
  /** Ends both programs, and deletes their data where no folder was named; safe to call twice. */
  close(): Promise<void>;
}

/** A control plane that is there again the next time: where it keeps what it knows, and its ports on the loopback. */
export interface KeptPlane {
  /** An existing folder. */
  readonly folder: string;
  readonly ports: { readonly server: number; readonly etcd: number; readonly peer: number };
}

const START_MS = 30_000;
const ATTEMPTS = 3;

/**
 * Starts the etcd and the kube-apiserver that `ETCD_BIN` and `KUBE_APISERVER_BIN` name and waits until the server is ready, about two seconds.
 * Admission is the default set with Pod Security, but for ServiceAccount: no controller runs that would make the accounts of a namespace.
 * @param kept where it goes on from the last time; absent: a new one with free ports, which leaves nothing behind
 */
export async function startKubernetes(kept?: KeptPlane): Promise<Kubernetes> {
  const binaries = { etcd: toolPath("ETCD_BIN"), server: toolPath("KUBE_APISERVER_BIN") };
  if (kept) return start(binaries, kept);
  for (let attempt = 1; ; attempt++) {
    try {
      return await start(binaries);
    } catch (error) {
      const taken = error instanceof Error && error.message.includes("address already in use");
      if (!taken || attempt === ATTEMPTS) throw error;
    }
  }
}

async function start(binaries: { etcd: string; server: string }, kept?: KeptPlane): Promise<Kubernetes> {
  const folder = kept ? { path: kept.folder, remove: async () => {} } : await temporaryFolder();
  const programs: Program[] = [];
  const close = async () => {
    for (const program of programs.splice(0).reverse()) await program.stop(kept ? "SIGTERM" : "SIGKILL");
    await folder.remove();
  };
  try {
    const ports = kept?.ports ?? { server: await freePort(), etcd: await freePort(), peer: await freePort() };
    const etcd = `http://127.0.0.1:${ports.etcd}`;
    const { server: port } = ports;
    const files = await credentials(folder.path);
    const { token } = files;
    const etcdArgs = etcdArguments(path.join(folder.path, "etcd"), etcd, ports.peer);
    if (!kept) etcdArgs.push("--unsafe-no-fsync");
    programs.push(
      startProgram(binaries.etcd, etcdArgs, { cwd: folder.path }),
      startProgram(binaries.server, serverArguments(files, etcd, port), { cwd: folder.path }),
    );
    const server = `https://127.0.0.1:${port}`;
    const certificates = await ready(programs, files.certificate);
    const agent = new Agent({ keepAlive: true, ca: certificates, maxSockets: 32 });
    const request: Kubernetes["request"] = (method, target, body) =>
      send(agent, token, method, `${server}${target}`, body);
    await waitUntil(programs, async () => (await request("GET", "/readyz")).status === 200);
    const broken = endOf(programs, "");
    broken.catch(() => {});
    return {
      server,
      token,
      certificates,
      request,
      broken,
      close: async () => {
        agent.destroy();
        await close();
      },
    };
  } catch (error) {
    await close();
    throw error;
  }
}

interface Credentials {
  readonly token: string;
  readonly tokens: string;
  readonly publicKey: string;
  readonly privateKey: string;
  readonly certificates: string;
  readonly certificate: string;
}

/** The keys of a folder, which are made when they are not there. */
async function credentials(folder: string): Promise<Credentials> {
  const certificates = path.join(folder, "certificates");
  const files = {
    tokens: path.join(folder, "tokens.csv"),
    publicKey: path.join(folder, "service-accounts.pub"),
    privateKey: path.join(folder, "service-accounts.key"),
    certificates,
    certificate: path.join(certificates, "apiserver.crt"),
  };
  if (existsSync(files.tokens)) return { ...files, token: (await readFile(files.tokens, "utf8")).split(",")[0]! };
  const token = randomUUID();
  const keys = generateKeyPairSync("ec", {
    namedCurve: "prime256v1",
    publicKeyEncoding: { type: "spki", format: "pem" },
    privateKeyEncoding: { type: "sec1", format: "pem" },
  });
  await mkdir(certificates, { recursive: true });
  await writeFile(files.publicKey, keys.publicKey);
  await writeFile(files.privateKey, keys.privateKey, { mode: 0o600 });
  await writeFile(files.tokens, `${token},administrator,administrator,"system:masters"\n`, { mode: 0o600 });
  return { ...files, token };
}

function etcdArguments(data: string, client: string, peerPort: number): string[] {
  const peer = `http://127.0.0.1:${peerPort}`;
  return [
    `--data-dir=${data}`,
    `--listen-client-urls=${client}`,
    `--advertise-client-urls=${client}`,
    `--listen-peer-urls=${peer}`,
    `--initial-advertise-peer-urls=${peer}`,
    `--initial-cluster=default=${peer}`,
    "--log-level=warn",
  ];
}

function serverArguments(files: Credentials, etcd: string, port: number): string[] {
  return [
    `--etcd-servers=${etcd}`,
    "--bind-address=127.0.0.1",
    "--advertise-address=127.0.0.1",
    `--secure-port=${port}`,
    `--cert-dir=${files.certificates}`,
    `--token-auth-file=${files.tokens}`,
    "--anonymous-auth=false",
    "--authorization-mode=RBAC",
    "--allow-privileged=true",
    "--service-cluster-ip-range=10.0.0.0/24",
    `--service-account-key-file=${files.publicKey}`,
    `--service-account-signing-key-file=${files.privateKey}`,
    "--service-account-issuer=https://kubernetes.default.svc",
    "--disable-admission-plugins=ServiceAccount",
    "--enable-priority-and-fairness=false",
    "--endpoint-reconciler-type=none",
  ];
}

async function ready(programs: readonly Program[], certificate: string): Promise<string> {
  let certificates = "";
  await waitUntil(programs, async () => {
    certificates = await readFile(certificate, "utf8");
    return certificates.trimEnd().endsWith("-----END CERTIFICATE-----");
  });
  return certificates;
}

async function waitUntil(programs: readonly Program[], probe: () => Promise<boolean>): Promise<void> {
  await Promise.race([
    eventually("kube-apiserver is ready", probe, START_MS),
    endOf(programs, " before it was ready"),
  ]).catch((cause: unknown) => {
    if (cause instanceof EndedError) throw cause;
    throw new Error(`kube-apiserver did not start:\n${outputsOf(programs)}`, { cause });
  });
}

class EndedError extends Error {}

function endOf(programs: readonly Program[], when: string): Promise<never> {
  const started = [...programs];
  return Promise.race(started.map((program) => program.exited)).then((status) => {
    throw new EndedError(`The control plane ended (${status})${when}:\n${outputsOf(started)}`);
  });
}

const outputsOf = (programs: readonly Program[]) =>
  programs.map((program) => program.output().slice(-4_000)).join("\n");

function send(
  agent: Agent,
  token: string,
  method: string,
  url: string,
  body: { readonly type: string; readonly text: string } | undefined,
): Promise<KubernetesResponse> {
  return new Promise((resolve, reject) => {
    const headers = {
      authorization: `Bearer ${token}`,
      accept: "application/json",
      ...(body ? { "content-type": body.type, "content-length": Buffer.byteLength(body.text) } : {}),
    };
    const request = httpsRequest(url, { agent, method, headers }, (response) => {
      const chunks: Buffer[] = [];
      response.on("data", (chunk: Buffer) => chunks.push(chunk));
      response.on("error", reject);
      response.on("end", () =>
        resolve({
          status: response.statusCode ?? 0,
          body: Buffer.concat(chunks).toString(),
          warnings: (response.headersDistinct["warning"] ?? []).map(warningText),
        }),
      );
    });
    request.on("error", reject);
    request.end(body?.text);
  });
}

/** The text of a header such as `299 - "v1 Endpoints is deprecated"`. */
function warningText(header: string): string {
  const quoted = /^\d{3} \S+ "(.*?)(?<!\\)"/s.exec(header)?.[1];
  return quoted === undefined ? header : quoted.replace(/\\(["\\])/g, "$1");
}
