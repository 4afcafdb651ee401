import { type IncomingMessage, type ServerResponse, request as ask } from "node:http";
import { connect } from "node:net";
import type { Duplex } from "node:stream";
import { type Call, type Cloud, field, form } from "./call.ts";
import { globPattern } from "./faults.ts";
import type { Release, Script } from "./release.ts";
import { ApiError } from "./reply.ts";
import { ScriptError } from "./runtime.ts";
import { lookUp, redirectOf } from "./serve.ts";

/** What an upload says of its script, as far as it concerns running it. */
interface Metadata {
  readonly main_module?: string;
  readonly compatibility_date?: string;
  readonly compatibility_flags?: readonly string[];
  readonly bindings?: readonly {
    readonly name: string;
    readonly type: string;
    readonly text?: string;
    json?: unknown;
  }[];
  readonly assets?: { readonly config?: { readonly run_worker_first?: boolean | readonly string[] } };
}

/** The script of an upload; null for assets alone. Refuses bindings that are not run here. */
export async function scriptOf(call: Call): Promise<Script | null> {
  const fields = await form(call);
  const metadata = JSON.parse((await field(fields, "metadata")) ?? "{}") as Metadata;
  const main = metadata.main_module;
  if (main === undefined) return null;
  const modules: Script["modules"][number][] = [];
  for (const [name, value] of fields) {
    if (name === "metadata" || typeof value === "string" || value.type === "application/source-map") continue;
    modules.push({ name, type: value.type, base64: Buffer.from(await value.arrayBuffer()).toString("base64") });
  }
  if (!modules.some(({ name }) => name === main))
    throw new ApiError(400, 10_021, `No such module "${main}", which main_module names.`);
  const bindings: Script["bindings"][number][] = [];
  let assetsBinding: string | undefined;
  for (const { name, type, text, json } of metadata.bindings ?? []) {
    if (type === "assets") assetsBinding = name;
    else if (type === "plain_text" || type === "secret_text") bindings.push({ name, kind: "text", value: text ?? "" });
    else if (type === "json") bindings.push({ name, kind: "json", value: JSON.stringify(json) });
    else throw new ApiError(400, 10_021, `The binding ${name} is of the type ${type}, which this fake does not have.`);
  }
  return {
    main,
    modules,
    bindings,
    date: metadata.compatibility_date ?? "2021-11-02",
    flags: metadata.compatibility_flags ?? [],
    assetsBinding,
    first: metadata.assets?.config?.run_worker_first ?? false,
  };
}

/** Starts a new version's script, as Cloudflare does before it takes it; refuses it with what the runtime said. */
export async function tryScript(id: string, script: Script | null, { runtimes }: Cloud): Promise<void> {
  if (script === null || !runtimes.able) return;
  try {
    await runtimes.port(id, script);
  } catch (error) {
    if (!(error instanceof ScriptError)) throw error;
    throw new ApiError(400, 10_021, error.message);
  }
}

/**
 * Whether a request is the script's. `run_worker_first` decides; where it says nothing, assets come first, and the script
 * has what they do not. With a list of paths, or for a navigation since 2025-04-01, `not_found_handling` counts as an asset.
 */
export function isForScript(release: Release, url: URL, { method, headers }: IncomingMessage): Script | undefined {
  const { script } = release;
  if (script === null) return undefined;
  const { first } = script;
  if (first === true) return script;
  const rules = first === false ? [] : first;
  const matches = (rule: string): boolean => globPattern(rule).test(url.pathname);
  if (rules.some((rule) => rule.startsWith("!") && matches(rule.slice(1)))) return undefined;
  if (rules.some((rule) => matches(rule))) return script;
  const navigates = headers["sec-fetch-mode"] === "navigate" && script.date >= "2025-04-01";
  const handled = release.notFound !== "none" && (first !== false || navigates);
  if (handled || redirectOf(release, url) !== undefined) return undefined;
  const found = lookUp(release, decodeURI(url.pathname));
  const exists = "location" in found || !found.fallback;
  return exists && (method === "GET" || method === "HEAD") ? undefined : script;
}

const plain = { "content-type": "text/plain" };

/** Lets the script answer. */
export async function runScript(
  id: string,
  script: Script,
  { runtimes }: Cloud,
  request: IncomingMessage,
  body: Buffer,
  response: ServerResponse,
): Promise<void> {
  if (!runtimes.able) return notRun(response);
  const port = await runtimes.port(id, script).catch((error: unknown) => error as Error);
  if (port instanceof Error) return void response.writeHead(500, plain).end(`error code: 1101, ${port.message}\n`);
  await new Promise<void>((done) => {
    const { method, url: path, rawHeaders } = request;
    const asked = ask(
      { host: "127.0.0.1", port, method, path, headers: rawHeaders as never, setHost: false },
      (answer) => {
        response.writeHead(answer.statusCode ?? 500, answer.statusMessage, answer.rawHeaders);
        answer.pipe(response).once("close", done);
      },
    );
    response.once("close", () => asked.destroy());
    asked.once("error", () => {
      if (!response.headersSent) response.writeHead(500, plain).end("error code: 1101\n");
      done();
    });
    asked.end(body);
  });
}

function notRun(response: ServerResponse): void {
  const message = "This Worker has a script, and there is no workerd here to run it; WORKERD names its program.";
  response.writeHead(501, plain).end(`${message}\n`);
}

/** Hands a connection that asks for an upgrade, such as to a WebSocket, to the script. */
export async function upgradeScript(
  id: string,
  script: Script,
  { runtimes }: Cloud,
  { method, url, rawHeaders }: IncomingMessage,
  socket: Duplex,
  head: Buffer,
): Promise<void> {
  const port = await runtimes.port(id, script).catch(() => undefined);
  if (port === undefined) return void socket.destroy();
  const other = connect(port, "127.0.0.1", () => {
    const lines = [`${method} ${url} HTTP/1.1`];
    for (let index = 0; index < rawHeaders.length; index += 2)
      lines.push(`${rawHeaders[index]}: ${rawHeaders[index + 1]}`);
    other.write(`${lines.join("\r\n")}\r\n\r\n`);
    other.write(head);
    socket.pipe(other).pipe(socket);
  });
  for (const [one, next] of [
    [socket, other],
    [other, socket],
  ] as const)
    one.once("error", () => next.destroy()).once("close", () => next.destroy());
}
