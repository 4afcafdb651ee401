import { mkdir, readFile, rename, writeFile } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { lockNpm, lockPypi, newestArchive } from "./archives.ts";
import { type Lock, parseLock, printLock, type Tool } from "./lock.ts";
import { type GoFiles, lockModules, newestModule } from "./modules.ts";

const USAGE =
  "usage: bazel run //tools/lock:update [-- <tool>[@<version>] ...]   (no tool: all of them; no version: the newest)";

/** What is asked for: a tool, and a version unless it is to be the newest. */
export interface Request {
  readonly name: string;
  readonly version?: string;
}

/** Reads the command line against the lock; throws when it names a tool that the lock does not hold. */
export function parseRequests(args: readonly string[], lock: Lock): Request[] {
  const names = Object.keys(lock.tools);
  if (args.length === 0) return names.map((name) => ({ name }));
  return args.map((argument) => {
    const [name = "", version] = argument.split("@");
    if (!names.includes(name)) {
      throw new Error(`the lock holds no tool "${name}"; it holds ${names.join(", ")}\n${USAGE}`);
    }
    return version ? { name, version } : { name };
  });
}

async function newest(name: string, tool: Tool, sdk: string): Promise<string> {
  return tool.client === "go" ? newestModule(name, tool, sdk) : newestArchive(name, tool);
}

async function lockAt(name: string, tool: Tool, version: string, sdk: string): Promise<[Tool, GoFiles?]> {
  switch (tool.client) {
    case "npm":
      return [await lockNpm(tool, version)];
    case "pypi":
      return [await lockPypi(tool, version)];
    case "go":
      return lockModules(name, tool, version, sdk);
  }
}

async function replaceFile(path: string, text: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  await writeFile(`${path}.new`, text);
  await rename(`${path}.new`, path);
}

async function main(): Promise<void> {
  const workspace = process.env["BUILD_WORKSPACE_DIRECTORY"];
  const sdk = process.env["GO_SDK"];
  if (!workspace || !sdk) throw new Error(`//tools/lock:update runs under \`bazel run\`\n${USAGE}`);
  const path = join(workspace, "tools/tools.lock.json");
  const lock = parseLock(await readFile(path, "utf8"));

  const tools = { ...lock.tools };
  const goFiles: [string, GoFiles][] = [];
  for (const { name, version: asked } of parseRequests(process.argv.slice(2), lock)) {
    const tool = lock.tools[name];
    if (!tool) continue;
    const version = asked ?? (await newest(name, tool, resolve(sdk)));
    const [locked, files] = await lockAt(name, tool, version, resolve(sdk));
    tools[name] = locked;
    if (files) goFiles.push([name, files]);
    console.log(version === tool.version ? `${name} ${version}` : `${name} ${tool.version} -> ${version}`);
  }

  for (const [name, files] of goFiles) {
    await replaceFile(join(workspace, "tools/lock/go", name, "go.mod"), files.mod);
    await replaceFile(join(workspace, "tools/lock/go", name, "go.sum"), files.sum);
  }
  await replaceFile(path, printLock(parseLock(printLock({ tools }))));
}

if (import.meta.main) {
  main().catch((error: unknown) => {
    console.error(`tool lock: nothing was changed: ${error instanceof Error ? error.message : String(error)}`);
    process.exitCode = 1;
  });
}
