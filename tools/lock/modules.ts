import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { GoTool } from "./lock.ts";
import { run } from "./run.ts";
import { newestOfAll } from "./version.ts";

/** The files that pin a Go tool's modules. */
export interface GoFiles {
  readonly mod: string;
  readonly sum: string;
}

interface ModJson {
  readonly Replace?:
    readonly { readonly Old: { readonly Path: string }; readonly New: { readonly Path: string } }[] | null;
}

/**
 * The `-replace` arguments that stand for a module's own replacements by folders, which do not hold where it is a dependency.
 * Kubernetes publishes those folders as modules of their own: v0.X.Y goes with its v1.X.Y.
 */
export function stagingReplacements(modJson: string, version: string): string[] {
  const published = version.replace(/^v1\./, "v0.");
  const { Replace } = JSON.parse(modJson) as ModJson;
  return (Replace ?? [])
    .filter((replacement) => replacement.New.Path.startsWith("."))
    .map(({ Old }) => `-replace=${Old.Path}=${Old.Path}@${published}`);
}

/** The `h1:` sum of a module's files in a go.sum; undefined when it is not there. */
export function sumOf(goSum: string, module: string, version: string): string | undefined {
  const start = `${module} ${version} `;
  return goSum
    .split("\n")
    .find((line) => line.startsWith(start))
    ?.slice(start.length);
}

/** A go command of one SDK, in a folder of its own. */
export class Go {
  readonly #sdk: string;
  readonly #cwd: string;

  constructor(sdk: string, cwd: string) {
    this.#sdk = sdk;
    this.#cwd = cwd;
  }

  /** Runs `go <args>` with the machine's module proxy and returns what it wrote. */
  run(...args: string[]): Promise<string> {
    const env = { GOROOT: this.#sdk, GOTOOLCHAIN: "local", GOWORK: "off", GOFLAGS: "-modcacherw", CGO_ENABLED: "0" };
    return run(join(this.#sdk, "bin/go"), args, { cwd: this.#cwd, env });
  }
}

async function inFolder<T>(sdk: string, work: (go: Go, folder: string) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), "modules-"));
  try {
    return await work(new Go(sdk, folder), folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** The newest release of a Go tool's module. */
export function newestModule(name: string, tool: GoTool, sdk: string): Promise<string> {
  return inFolder(sdk, async (go) => {
    const listed = await go.run(
      "list",
      "-m",
      "-versions",
      "-f",
      '{{join .Versions " "}}',
      `${tool.module}@${tool.version}`,
    );
    const newest = newestOfAll([listed.trim().split(" ")]);
    if (newest) return newest;
    throw new Error(
      `${name}: the module proxy lists no release of ${tool.module}; name one: //tools/lock:update -- ${name}@v1.2.3`,
    );
  });
}

/** A Go tool at a version, with the go.mod and go.sum that pin all its modules. */
export function lockModules(name: string, tool: GoTool, version: string, sdk: string): Promise<[GoTool, GoFiles]> {
  return inFolder(sdk, async (go, folder) => {
    await go.run("mod", "init", `homelab/tools/${name}`);
    if (tool.staging) {
      const downloaded = JSON.parse(await go.run("mod", "download", "-json", `${tool.module}@${version}`)) as {
        GoMod: string;
      };
      const own = join(folder, "own.mod");
      await writeFile(own, await readFile(downloaded.GoMod));
      await go.run("mod", "edit", ...stagingReplacements(await go.run("mod", "edit", "-json", own), version));
    }
    await go.run("get", "-tool", `${tool.package}@${version}`);
    await go.run("mod", "tidy");
    const files = {
      mod: await readFile(join(folder, "go.mod"), "utf8"),
      sum: await readFile(join(folder, "go.sum"), "utf8"),
    };
    const digest = sumOf(files.sum, tool.module, version);
    if (!digest) throw new Error(`${name}: go.sum has no line for ${tool.module} ${version}, but go get asked for it`);
    return [{ ...tool, version, digest }, files];
  });
}
