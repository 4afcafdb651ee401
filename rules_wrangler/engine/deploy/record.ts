import {
  existsSync,
  linkSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import type { Manifest } from "../assets/manifest.ts";
import { Refusal } from "../command.ts";
import { apiOf } from "./credentials.ts";

type Env = Readonly<Record<string, string | undefined>>;

/** What is kept of a deployment, so that the next one can be planned without the network. */
export interface Recorded {
  readonly deployment: string;
  readonly at: string;
  readonly manifest: Manifest;
}

const kept = 20;

/** What was deployed from this machine to one site: a folder in the user's state folder, apart for each API. */
export class Records {
  readonly folder: string;

  constructor(env: Env, { kind, name }: Pick<Manifest, "kind" | "name">) {
    const state = env["XDG_STATE_HOME"] || join(env["HOME"] || homedir(), ".local", "state");
    const { host } = new URL(apiOf(env));
    this.folder = join(state, "rules_wrangler", host.replaceAll(":", "_"), kind, name);
  }

  /** What a branch serves, as far as this machine knows. */
  current(branch: string): Recorded | undefined {
    const id = this.#branches()[branch];
    const file = join(this.folder, `${id}.json`);
    return id === undefined || !existsSync(file) ? undefined : (JSON.parse(readFileSync(file, "utf8")) as Recorded);
  }

  /** Notes a deployment, and that its branch serves it. */
  add(branch: string, recorded: Recorded): void {
    mkdirSync(this.folder, { recursive: true });
    this.#write(`${recorded.deployment}.json`, recorded);
    this.point(branch, recorded.deployment);
    const all = readdirSync(this.folder).filter((file) => file.endsWith(".json") && file !== "branches.json");
    const age = (file: string): number => statSync(join(this.folder, file)).mtimeMs;
    const used = new Set(Object.values(this.#branches()).map((id) => `${id}.json`));
    const old = all
      .sort((a, b) => age(b) - age(a))
      .slice(kept)
      .filter((file) => !used.has(file));
    for (const file of old) rmSync(join(this.folder, file));
  }

  /** Notes that a branch serves an earlier deployment. */
  point(branch: string, deployment: string): void {
    mkdirSync(this.folder, { recursive: true });
    this.#write("branches.json", { ...this.#branches(), [branch]: deployment });
  }

  /** Runs something while no other deployment of this site runs on this machine. */
  async alone<T>(label: string, run: () => Promise<T>): Promise<T> {
    mkdirSync(this.folder, { recursive: true });
    const lock = join(this.folder, "lock");
    this.#take(lock, label);
    try {
      return await run();
    } finally {
      rmSync(lock, { force: true });
    }
  }

  #take(lock: string, label: string): void {
    const own = `${lock}.${process.pid}`;
    writeFileSync(own, String(process.pid));
    try {
      this.#link(own, lock, label);
    } finally {
      rmSync(own, { force: true });
    }
  }

  #link(own: string, lock: string, label: string): void {
    for (;;) {
      try {
        return linkSync(own, lock);
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
      }
      const holder = existsSync(lock) ? Number(readFileSync(lock, "utf8")) : 0;
      if (holder > 0 && runs(holder)) {
        throw new Refusal(`${label}: nothing was uploaded, another deployment of this site is running`, [
          `Process ${holder} holds ${lock}. Wait for it, then deploy again.`,
        ]);
      }
      rmSync(lock, { force: true });
    }
  }

  #branches(): Record<string, string> {
    const file = join(this.folder, "branches.json");
    return existsSync(file) ? (JSON.parse(readFileSync(file, "utf8")) as Record<string, string>) : {};
  }

  #write(name: string, value: unknown): void {
    const part = join(this.folder, `.${name}.${process.pid}`);
    writeFileSync(part, JSON.stringify(value));
    renameSync(part, join(this.folder, name));
  }
}

function runs(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}
