import { spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";

/** What is scanned, and with what: paths. */
export interface Scanning {
  /** engine.mjs of rules_semgrep. */
  readonly engine: string;
  /** The folder with semgrep-core. */
  readonly semgrep: string;
  readonly rules: readonly string[];
  readonly sources: readonly string[];
}

/** Milliseconds of each repeat. */
export interface Compared {
  /** A test of rules_semgrep, from the start of its program to its end. */
  readonly engine: readonly number[];
  /** semgrep-core alone, with the same rules on the same files. */
  readonly core: readonly number[];
}

/**
 * Scans by turns as a test of rules_semgrep does, and with semgrep-core alone, so that both see the same load.
 *
 * @throws when either could not scan
 */
export function compareScanning({ engine, semgrep, rules, sources }: Scanning, times: number): Compared {
  const folder = mkdtempSync(join(tmpdir(), "bench-scan-"));
  const core = resolve(semgrep, "semgrep-core");
  // Of a js_binary, execPath is a wrapper that wants its environment; tests run Node itself.
  const node = process.env["JS_BINARY__NODE_BINARY"] ?? process.execPath;
  const inputs = (paths: readonly string[]) => paths.map((path) => ({ path: resolve(path), name: path }));
  const test = {
    ...{ label: "//bench", core, sources: inputs(sources), rules: inputs(rules), failOn: "CRITICAL" },
    ...{ excludeRules: [], severities: [], baseline: null, staleSilences: true, update: "", verbose: false },
    ...{ maxFileBytes: 1_000_000, maxMemory: 2048, ruleTimeout: 10 },
  };
  const [params, targets] = [join(folder, "params"), join(folder, "targets.json")];
  writeFileSync(params, `test\n${JSON.stringify(test)}\n`);
  writeFileSync(targets, JSON.stringify(["Targets", sources.map((path) => target(resolve(path), path))]));
  const flags = ["-json", "-json_nodots", "-j", "1", "-timeout", "10", "-max_memory", "2048"];
  const ours = () => milliseconds(node, [engine, `@${params}`]);
  const theirs = () =>
    milliseconds(core, [...flags, ...rules.flatMap((path) => ["-rules", resolve(path)]), "-targets", targets]);
  try {
    ours();
    theirs();
    const measured: { engine: number[]; core: number[] } = { engine: [], core: [] };
    for (let turn = 0; turn < times; turn += 1) {
      measured.engine.push(ours());
      measured.core.push(theirs());
    }
    return measured;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The files below some folders of the checkout whose path fits, in one order. */
export function below(folders: readonly string[], fits: RegExp, root: string): string[] {
  return folders
    .flatMap((folder) =>
      readdirSync(join(root, folder), { recursive: true, encoding: "utf8" }).map((name) => join(root, folder, name)),
    )
    .filter((path) => fits.test(path) && !path.includes("node_modules"))
    .sort();
}

function target(fpath: string, name: string): unknown {
  return ["CodeTarget", { path: { fpath, ppath: `/${name}` }, analyzer: "typescript", products: ["sast"] }];
}

function milliseconds(program: string, args: readonly string[]): number {
  const start = performance.now();
  const { status, stderr, error } = spawnSync(program, args, { env: { LC_ALL: "C" }, maxBuffer: 1 << 30 });
  const took = performance.now() - start;
  if (error !== undefined) throw error;
  if (status !== 0) throw new Error(`${program} ended with ${status}: ${stderr.toString().slice(-2_000)}`);
  return took;
}
