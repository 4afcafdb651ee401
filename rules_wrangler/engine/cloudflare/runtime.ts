import { type ChildProcess, spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { existsSync, mkdirSync, realpathSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join, resolve } from "node:path";
import type { Script } from "./release.ts";

/** The header by which a script's request for an asset is known; its value is a secret of this process and a version's id. */
export const assetsHeader = "x-fake-cloudflare-assets";

/** A script that workerd, Cloudflare's own runtime, does not start: its message says why. */
export class ScriptError extends Error {}

/** Modules of a script by the content type of their upload, as workerd's configuration calls them. */
const moduleKinds: Readonly<Record<string, string>> = {
  "application/javascript+module": "esModule",
  "application/json": "json",
  "application/octet-stream": "data",
  "application/wasm": "wasm",
  "text/plain": "text",
};

/** How many scripts run at once; an older one is started again when it is asked for. */
const kept = 8;

/** Runs the scripts of Workers, a process of workerd each, on loopback. */
export class Runtimes {
  readonly #workerd: string | undefined;
  readonly #folder: string;
  readonly #assets: number;
  readonly #secret = randomBytes(16).toString("hex");
  readonly #running = new Map<string, Promise<number>>();
  readonly #children = new Set<ChildProcess>();

  /** `workerd` is its program, `folder` takes configurations, `assets` is the port of the fake itself. */
  constructor(workerd: string | undefined, folder: string, assets: number) {
    this.#workerd = workerd;
    this.#folder = folder;
    this.#assets = assets;
    process.once("exit", () => this.#kill());
  }

  /** Whether scripts can run here. */
  get able(): boolean {
    return this.#workerd !== undefined;
  }

  /** The version whose script asks for an asset; undefined for every other request. */
  caller(header: string | readonly string[] | undefined): string | undefined {
    const [secret, id] = typeof header === "string" ? header.split(".") : [];
    return secret === this.#secret ? id : undefined;
  }

  /** The port on which a version's script answers; starts it first. Fails with a ScriptError. */
  async port(id: string, script: Script): Promise<number> {
    let found = this.#running.get(id);
    if (found === undefined) {
      found = this.#start(id, script);
      this.#running.set(id, found);
      found.catch(() => this.#running.delete(id));
    }
    return found;
  }

  /** Ends all scripts. */
  async close(): Promise<void> {
    await Promise.allSettled(this.#running.values());
    this.#kill();
  }

  #kill(): void {
    for (const child of this.#children) child.kill("SIGKILL");
  }

  async #start(id: string, script: Script): Promise<number> {
    if (this.#workerd === undefined) throw new ScriptError("There is no workerd here; WORKERD names its program.");
    const folder = join(this.#folder, id);
    mkdirSync(folder, { recursive: true });
    script.modules.forEach(({ base64 }, index) =>
      writeFileSync(join(folder, `module-${index}`), Buffer.from(base64, "base64")),
    );
    writeFileSync(join(folder, "config.capnp"), this.#configuration(id, script));
    const child = spawn(this.#workerd, ["serve", "config.capnp", "--control-fd=3"], {
      cwd: folder,
      stdio: ["ignore", "ignore", "pipe", "pipe"],
    });
    this.#children.add(child);
    const [oldest] = this.#children;
    if (this.#children.size > kept) oldest?.kill("SIGKILL");
    child.once("exit", () => {
      this.#children.delete(child);
      this.#running.delete(id);
    });
    let errors = "";
    child.stderr!.setEncoding("utf8").on("data", (text: string) => (errors = (errors + text).slice(-4000)));
    return new Promise<number>((done, fail) => {
      let said = "";
      child.stdio[3]!.on("data", (text: Buffer) => {
        said += text.toString();
        const listening = /"event":"listen".*"port":(\d+)/.exec(said);
        if (listening !== null) done(Number(listening[1]));
      });
      child.once("error", (cause) => fail(new ScriptError(`workerd cannot be run: ${cause.message}`, { cause })));
      child.once("close", () => fail(new ScriptError(errors.trim().split("\n").slice(0, 3).join(" "))));
    });
  }

  #configuration(id: string, { main, modules, bindings, date, flags, assetsBinding }: Script): string {
    const ordered = [...modules.entries()].sort(([, a], [, b]) => Number(b.name === main) - Number(a.name === main));
    const parts = ordered.map(([index, { name, type }]) => {
      const kind = moduleKinds[type];
      if (kind === undefined)
        throw new ScriptError(`The module ${name} is of the type ${type}, which is not run here.`);
      return `(name = ${text(name)}, ${kind} = embed "module-${index}")`;
    });
    const bound = bindings.map(({ name, kind, value }) => `(name = ${text(name)}, ${kind} = ${text(value)})`);
    if (assetsBinding !== undefined) bound.push(`(name = ${text(assetsBinding)}, service = "assets")`);
    const header = `(name = ${text(assetsHeader)}, value = ${text(`${this.#secret}.${id}`)})`;
    return `using Workerd = import "/workerd/workerd.capnp";
const config :Workerd.Config = (
  services = [
    (name = "script", worker = (
      modules = [${parts.join(", ")}],
      bindings = [${bound.join(", ")}],
      compatibilityDate = ${text(date)},
      compatibilityFlags = [${flags.map(text).join(", ")}],
    )),
    (name = "assets", external = (address = "127.0.0.1:${this.#assets}", http = (injectRequestHeaders = [${header}]))),
    (name = "internet", network = (allow = ["public", "private"], tlsOptions = (trustBrowserCas = true))),
  ],
  sockets = [(name = "http", address = "127.0.0.1:0", http = (), service = "script")],
);
`;
  }
}

/** A text of Cap'n Proto's language. */
function text(value: string): string {
  const escaped = [...Buffer.from(value)].map((byte) =>
    byte >= 32 && byte < 127 && byte !== 34 && byte !== 92
      ? String.fromCharCode(byte)
      : `\\x${byte.toString(16).padStart(2, "0")}`,
  );
  return `"${escaped.join("")}"`;
}

/** workerd's program: what WORKERD names, else the one that the wrangler beside a file of this module depends on. */
export function findWorkerd(from: string, named: string | undefined): string | undefined {
  if (named !== undefined && named !== "") return resolve(named);
  try {
    const wrangler = realpathSync(createRequire(from).resolve("wrangler/package.json"));
    const workerd = createRequire(wrangler)("workerd") as { readonly default: string };
    return existsSync(workerd.default) ? workerd.default : undefined;
  } catch {
    return undefined;
  }
}
