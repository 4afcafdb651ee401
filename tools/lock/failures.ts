import { cp, mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { homedir } from "node:os";
import { dirname, join } from "node:path";
import { execFile } from "node:child_process";
import { run } from "./run.ts";

/** What one attempt to fetch came to. */
interface Outcome {
  readonly failed: boolean;
  readonly said: string;
}

/** A copy of the checkout in which locks can be spoilt, and a Bazel that works in it. */
class Scratch {
  readonly folder: string;
  readonly #bazel: string;
  #caches = 0;

  private constructor(folder: string, bazel: string) {
    this.folder = folder;
    this.#bazel = bazel;
  }

  /** Copies what git knows of the checkout into a new folder of the user's cache. */
  static async of(checkout: string): Promise<Scratch> {
    const base = join(process.env["XDG_CACHE_HOME"] || join(homedir(), ".cache"), "homelab");
    await mkdir(base, { recursive: true });
    const folder = await mkdtemp(join(base, "lock-failures-"));
    const listed = await run("git", ["ls-files", "-z", "--cached", "--others", "--exclude-standard"], {
      cwd: checkout,
    });
    for (const file of listed.split("\0").filter(Boolean)) {
      await mkdir(join(folder, "checkout", dirname(file)), { recursive: true });
      await cp(join(checkout, file), join(folder, "checkout", file), { force: false }).catch(
        (error: NodeJS.ErrnoException) => {
          if (error.code !== "ENOENT") throw error;
        },
      );
    }
    return new Scratch(folder, process.env["BAZEL"] || join(checkout, "bazel"));
  }

  path(...parts: string[]): string {
    return join(this.folder, "checkout", ...parts);
  }

  /** An empty folder that stands for the user's cache, so that a fetch starts anew. */
  async cache(): Promise<string> {
    const folder = join(this.folder, `cache-${++this.#caches}`);
    await mkdir(join(folder, "homelab/tools"), { recursive: true });
    return folder;
  }

  /** Replaces a piece of a file while `work` runs. */
  async spoil<T>(file: string, from: string | RegExp, to: string, work: () => Promise<T>): Promise<T> {
    const whole = await readFile(this.path(file), "utf8");
    const spoilt = whole.replace(from, to);
    if (spoilt === whole) throw new Error(`${file} holds nothing like ${from}; mend this check`);
    await writeFile(this.path(file), spoilt);
    try {
      return await work();
    } finally {
      await writeFile(this.path(file), whole);
    }
  }

  /** Has Bazel fetch a tool with the given environment for repository rules. */
  fetch(tool: string, env: Readonly<Record<string, string>>): Promise<Outcome> {
    const options = Object.entries(env).map(([name, value]) => `--repo_env=${name}=${value}`);
    return this.#run("build", "--nobuild", "--color=no", "--noshow_progress", ...options, `@tool_lock//:${tool}`);
  }

  /** Ends the Bazel that worked here and removes everything. */
  async remove(): Promise<void> {
    await this.#run("clean", "--expunge");
    await rm(this.folder, { recursive: true, force: true });
  }

  #run(...args: string[]): Promise<Outcome> {
    return new Promise((done) => {
      execFile(this.#bazel, args, { cwd: this.path(), maxBuffer: 1 << 26 }, (error, stdout, stderr) => {
        done({ failed: error !== null, said: stdout + stderr });
      });
    });
  }
}

/** A folder with the few programs that a fetch needs, and without npm, node and pip. */
async function pathWithoutClients(scratch: Scratch): Promise<string> {
  const folder = join(scratch.folder, "bin");
  await mkdir(folder);
  for (const program of ["sh", "cp", "mv", "rm", "mkdir", "chmod", "sha256sum", "sha512sum", "shasum"]) {
    const found = await run("sh", ["-c", `command -v ${program} || true`]);
    if (found.trim()) await symlink(found.trim(), join(folder, program));
  }
  return folder;
}

function check(outcome: Outcome, failed: boolean, ...phrases: (string | RegExp)[]): void {
  const missing = phrases.filter((phrase) =>
    typeof phrase === "string" ? !outcome.said.includes(phrase) : !phrase.test(outcome.said),
  );
  if (outcome.failed === failed && missing.length === 0) return;
  const ended = outcome.failed ? "failed" : "succeeded";
  throw new Error(
    `it ${ended}; expected it to ${failed ? "fail" : "succeed"}${missing.map((phrase) => ` and to say ${phrase}`).join("")}:\n${outcome.said}`,
  );
}

const NOWHERE = "http://127.0.0.1:9";
const OFFLINE = {
  npm_config_registry: NOWHERE,
  npm_config_fetch_retries: "0",
  PIP_INDEX_URL: NOWHERE,
  PIP_FIND_LINKS: "",
  PIP_RETRIES: "0",
  GOPROXY: NOWHERE,
};

const CASES: Readonly<Record<string, (scratch: Scratch) => Promise<void>>> = {
  "a wrong npm digest stops the build, names tool, expected and found, and keeps nothing": async (scratch) => {
    const cache = await scratch.cache();
    const wrong = `sha512-${"A".repeat(86)}==`;
    const outcome = await scratch.spoil(
      "tools/tools.lock.json",
      /(?<="buildifier"[^]*?linux_amd64[^]*?)sha512-[^"]+/,
      wrong,
      () => scratch.fetch("buildifier", { XDG_CACHE_HOME: cache }),
    );
    check(
      outcome,
      true,
      "the download of buildifier is not what",
      `expected:   ${wrong}`,
      /found: {6}sha512-[A-Za-z0-9+/]{86}==/,
    );
    const kept = await readdir(join(cache, "homelab/tools"));
    if (kept.length > 0) throw new Error(`expected nothing in the cache, found ${kept.join(", ")}`);
  },

  "a wrong wheel digest stops the build, names tool, expected and found": async (scratch) => {
    const wrong = `sha256:${"0".repeat(64)}`;
    const outcome = await scratch.spoil(
      "tools/tools.lock.json",
      /(?<="shfmt"[^]*?linux_amd64[^]*?)sha256:[0-9a-f]+/,
      wrong,
      async () => scratch.fetch("shfmt", { XDG_CACHE_HOME: await scratch.cache() }),
    );
    check(outcome, true, "the download of shfmt is not what", `expected:   ${wrong}`, /found: {6}sha256:[0-9a-f]{64}/);
  },

  "a corrupt file in the cache is noticed and fetched again": async (scratch) => {
    const first = await scratch.cache();
    check(await scratch.fetch("shfmt", { XDG_CACHE_HOME: first }), false);
    const [file = ""] = await readdir(join(first, "homelab/tools"));
    const whole = await readFile(join(first, "homelab/tools", file));
    const second = await scratch.cache();
    await writeFile(join(second, "homelab/tools", file), whole.subarray(0, 1000));
    check(await scratch.fetch("shfmt", { XDG_CACHE_HOME: second }), false);
    if (!whole.equals(await readFile(join(second, "homelab/tools", file))))
      throw new Error("the corrupt file is still there");
  },

  "what the cache holds needs no network": async (scratch) => {
    const first = await scratch.cache();
    check(await scratch.fetch("shfmt", { XDG_CACHE_HOME: first }), false);
    const second = await scratch.cache();
    await cp(join(first, "homelab"), join(second, "homelab"), { recursive: true });
    check(await scratch.fetch("shfmt", { XDG_CACHE_HOME: second, ...OFFLINE }), false);
  },

  "without npm the message says what to install": async (scratch) => {
    const PATH = await pathWithoutClients(scratch);
    check(
      await scratch.fetch("buildifier", { XDG_CACHE_HOME: await scratch.cache(), PATH }),
      true,
      "cannot fetch buildifier",
      "npm is not on PATH",
      "install Node.js",
    );
    check(
      await scratch.fetch("shfmt", { XDG_CACHE_HOME: await scratch.cache(), PATH }),
      true,
      "cannot fetch shfmt",
      "pip is not on PATH",
      "install pip",
    );
  },

  "without network the message says which client failed at what": async (scratch) => {
    const npm = await scratch.fetch("buildifier", { XDG_CACHE_HOME: await scratch.cache(), ...OFFLINE });
    check(npm, true, "cannot fetch buildifier (@bazel/buildifier@", "check the network");
    const pip = await scratch.fetch("shfmt", { XDG_CACHE_HOME: await scratch.cache(), ...OFFLINE });
    check(pip, true, "cannot fetch shfmt (shfmt-py==", "check the network");
  },

  "a cache that cannot be written to is named": async (scratch) => {
    check(
      await scratch.fetch("shfmt", { XDG_CACHE_HOME: "/dev/null" }),
      true,
      "cannot keep shfmt in /dev/null/homelab/tools",
      "XDG_CACHE_HOME",
    );
  },

  "a wrong line in go.sum stops the build and names module, expected and found": async (scratch) => {
    const wrong = `h1:${"A".repeat(43)}=`;
    const outcome = await scratch.spoil(
      "tools/lock/go/kubeconform/go.sum",
      /(?<=\ngolang\.org\/x\/text \S+ )h1:\S+/,
      wrong,
      async () => scratch.fetch("kubeconform", { XDG_CACHE_HOME: await scratch.cache() }),
    );
    check(
      outcome,
      true,
      "the download of kubeconform is not what",
      "module:     golang.org/x/text@",
      `expected:   ${wrong}`,
      /found: {6}h1:[A-Za-z0-9+/]{43}=/,
    );
  },

  "a lock and a go.sum that disagree are not built from": async (scratch) => {
    const wrong = `h1:${"A".repeat(43)}=`;
    const outcome = await scratch.spoil("tools/tools.lock.json", /(?<="kubeconform"[^]*?)h1:[^"]+/, wrong, async () =>
      scratch.fetch("kubeconform", { XDG_CACHE_HOME: await scratch.cache() }),
    );
    check(outcome, true, "go.sum disagree about kubeconform", wrong, "//tools/lock:update -- kubeconform");
  },
};

async function main(): Promise<void> {
  const checkout = process.env["BUILD_WORKSPACE_DIRECTORY"];
  if (!checkout) throw new Error("run this as `bazel run //tools/lock:failures`");
  const wanted = process.argv.slice(2);
  const cases = Object.entries(CASES).filter(
    ([name]) => wanted.length === 0 || wanted.some((part) => name.includes(part)),
  );
  const scratch = await Scratch.of(checkout);
  let failed = 0;
  try {
    for (const [name, work] of cases) {
      try {
        await work(scratch);
        console.log(`ok      ${name}`);
      } catch (error) {
        failed++;
        console.log(`FAILED  ${name}\n${error instanceof Error ? error.message : String(error)}`);
      }
    }
  } finally {
    await scratch.remove();
  }
  console.log(`${cases.length - failed} held, ${failed} failed`);
  process.exitCode = failed === 0 ? 0 : 1;
}

await main();
