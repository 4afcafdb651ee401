import { existsSync } from "node:fs";
import { isAbsolute, relative, resolve, sep } from "node:path";
import { HELP, parseArguments } from "./arguments.ts";
import { format } from "./format.ts";
import { programsOf } from "./formatters.ts";
import { readGenerators } from "./generators.ts";
import { topLevel } from "./git.ts";
import { memoryFolder } from "./memory.ts";
import { report, shown } from "./report.ts";

process.once("SIGINT", () => process.exit(130));
process.once("SIGTERM", () => process.exit(143));
process.exitCode = await main(process.argv.slice(2), process.env).catch((error: Error) => {
  process.stderr.write(`format: ${error.message}\n`);
  return 2;
});

async function main(args: readonly string[], env: NodeJS.ProcessEnv): Promise<number> {
  const command = parseArguments(args);
  if (command.kind === "help") process.stdout.write(HELP);
  if (command.kind === "wrong") throw new Error(command.message);
  if (command.kind !== "format") return 0;
  const begun = performance.now();
  const folder = env["BUILD_WORKING_DIRECTORY"] ?? process.cwd();
  const root = env["BUILD_WORKSPACE_DIRECTORY"] ?? (await topLevel(folder));
  const summary = await format({
    ...command,
    root,
    memory: memoryFolder(env),
    within: command.paths.map((path) => within(root, folder, path)),
    programs: programsOf(env),
    generators: readGenerators((env["FORMAT_GENERATORS"] ?? "").split(" ").filter((name) => name !== "")),
    progress,
  });
  clearProgress();
  const { out, err, status } = report(summary, command.check, (performance.now() - begun) / 1_000);
  process.stdout.write(out.map((line) => `${line}\n`).join(""));
  process.stderr.write(err.map((line) => `${line}\n`).join(""));
  return status;
}

function within(root: string, folder: string, path: string): string {
  const absolute = resolve(folder, path);
  const inside = relative(root, absolute);
  if (inside === ".." || inside.startsWith(`..${sep}`) || isAbsolute(inside)) {
    throw new Error(`${shown(path)} is outside ${root}; expected a file or folder of the checkout.`);
  }
  if (!existsSync(absolute))
    throw new Error(`${shown(path)} does not exist; expected a file or folder of the checkout.`);
  return inside.split(sep).join("/");
}

function progress(done: number, of: number): void {
  if (process.stderr.isTTY && (done % 10 === 0 || done === of))
    process.stderr.write(`\r\x1b[K${done}/${of} files judged`);
}

function clearProgress(): void {
  if (process.stderr.isTTY) process.stderr.write("\r\x1b[K");
}
