import { spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { nodeProgram } from "./guards/tsc.ts";

const node = nodeProgram();
const compiler = join(dirname(createRequire(import.meta.url).resolve("typescript/package.json")), "bin/tsc");

/** A machine of so many states: a chain of calls with guards, retries, things outside and their deletion. */
function machineOf(states: number): string {
  const steps = Array.from({ length: states - 5 }, (_, index) => `Step${index + 1}`);
  const all = ["Pending", ...steps, "Ready"];
  const chain = all.slice(1).map((to, index) => {
    const [id, guard] = [`id${index + 1}`, index % 2 === 0 ? "open" : `ctx.count > ${index % 5} || from.attempts < 3`];
    const params = to === "Ready" ? "" : `, params: { ${id}: "evidence(api${index}, id)" }`;
    return `  - { from: ${all[index]}, to: ${to}, action: Do${to}, guard: "${guard}"${params}${index < 3 ? `, creates: thing${index}` : ""} }`;
  });
  return `context: { ready: boolean, count: integer }
guards: { open: { when: ctx.ready, description: The world is ready. } }
states:
  - { name: Pending, initial: true }
${steps.map((name, index) => `  - { name: ${name}, fields: { id${index + 1}: "evidence(api${index}, id)" } }`).join("\n")}
  - { name: Ready, terminal: true }
  - { name: Failed, error: true, fields: { reason: text } }
  - { name: Removing, deletion: true }
  - { name: Removed, deletion: true, terminal: true }
transitions:
${chain.join("\n")}
  - { from: "*", to: Failed, action: Fail, params: { reason: text } }
  - { from: Failed, to: Pending, action: Retry }
  - { from: "*", to: Removing, action: Delete, trigger: deletionTimestamp }
  - { from: Removing, to: Removed, action: Remove, removes: [thing0, thing1, thing2] }
`;
}

function milliseconds(args: readonly string[], cwd: string): number {
  const begin = performance.now();
  const { status, stdout, stderr, error } = spawnSync(node, args, { cwd, encoding: "utf8" });
  const took = performance.now() - begin;
  if (status !== 0) throw new Error(`${args[0]} ended with ${status}: ${stdout}${stderr}`, { cause: error });
  return took;
}

/** The middle of the faster half: a loaded machine only ever adds. */
function fastHalf(values: readonly number[]): number {
  const fast = [...values].sort((a, b) => a - b).slice(0, Math.ceil(values.length / 2));
  return fast[fast.length >> 1]!;
}

const folder = mkdtempSync(join(tmpdir(), "bench-sextant-"));
try {
  writeFileSync(join(folder, "machine.yaml"), machineOf(30));
  const config = {
    extends: resolve("tsconfig.json"),
    compilerOptions: { types: [], preserveSymlinks: true },
    files: ["machine.ts"],
  };
  writeFileSync(join(folder, "tsconfig.json"), JSON.stringify(config));
  for (const name of ["package.json", "node_modules", "lib"]) symlinkSync(resolve(name), join(folder, name));
  const [ours, theirs]: [number[], number[]] = [[], []];
  for (let turn = 0; turn < 7; turn += 1) {
    ours.push(
      milliseconds(
        [
          resolve("operators/sextant/main.ts"),
          "generate",
          `--root=${folder}`,
          `--out=${folder}`,
          join(folder, "machine.yaml"),
        ],
        folder,
      ),
    );
    theirs.push(milliseconds([compiler, "-p", "."], folder));
    for (const name of readdirSync(folder))
      if (/^machine\.(ts|md|property)/.test(name) && turn < 6) rmSync(join(folder, name));
  }
  const [mine, other] = [fastHalf(ours), fastHalf(theirs)];
  process.stdout.write(
    `generate  ${(mine / 1000).toFixed(2)} s ${mine <= 1000 ? "ok" : "over"}, limit 1.00 s: a machine of 30 states, checked, three files written, from the program's start\n` +
      `          ${(mine / other).toFixed(1)}× tsc alone on the code that was generated (${(other / 1000).toFixed(2)} s)\n`,
  );
  if (mine > 1000) process.exitCode = 1;
} finally {
  rmSync(folder, { recursive: true, force: true });
}
