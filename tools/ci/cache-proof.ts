import { mkdirSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";

import { runBazel as callBazel } from "./bazel.ts";
import { parseEvents } from "./events.ts";
import { type Offender, executed, forbiddenRequirements, notCacheable, parseActions, parseSpawns } from "./spawns.ts";

/**
 * Proves that the actions behind some targets are sandboxed, without network and remotely cacheable:
 *   1. no action asks for anything else (aquery);
 *   2. a first run in an output base of its own, with an empty disk cache, sandboxes all of them;
 *   3. a second run in another output base, with that disk cache, executes nothing and has every test cached.
 * `--filled` leaves 2 out and uses the disk cache that .bazelrc names, which the caller has just filled.
 */
const HELP = "usage: node tools/ci/cache-proof.ts [--filled] TARGET…   (default target: //...)\n";

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { filled: { type: "boolean", default: false }, help: { type: "boolean", short: "h", default: false } },
});
if (values.help) {
  process.stdout.write(HELP);
  process.exit(0);
}
const checkout = join(import.meta.dirname, "..", "..");
const root = process.env["BUILD_WORKSPACE_DIRECTORY"] ?? process.env["CACHE_PROOF_WORKSPACE"] ?? checkout;
const bazel = process.env["BAZEL"] ?? join(root, "bazel");
const targets = positionals.length > 0 ? positionals : ["//..."];
// Bazel's sandbox hides /tmp, so that an output base there would not work.
const parent = join(process.env["XDG_CACHE_HOME"] ?? join(homedir(), ".cache"), "homelab", "cache-proof");
mkdirSync(parent, { recursive: true });
const scratch = mkdtempSync(join(parent, "run-"));

const failures: string[] = [];
const say = (text: string) => console.log(`cache proof: ${text}`);
const fail = (what: string, offenders: readonly Offender[]) => {
  if (offenders.length === 0) return;
  const lines = offenders.map(({ mnemonic, label, why }) => `  ${mnemonic} of ${label} ${why}`);
  failures.push(`${what}:\n${[...new Set(lines)].join("\n")}`);
};

const runBazel = (args: readonly string[]) => callBazel(bazel, args, { cwd: root });

function read(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return "";
  }
}

function testIn(name: string) {
  const base = join(scratch, name);
  const [log, events] = [join(scratch, `${name}-spawns.json`), join(scratch, `${name}-events.jsonl`)];
  const { status } = runBazel([
    ...[`--output_base=${base}`, "test", "--config=ci", "--noshow_progress", "--ui_event_filters=-info,-stdout"],
    ...(values.filled ? [] : [`--disk_cache=${join(scratch, "disk-cache")}`]),
    ...[`--execution_log_json_file=${log}`, `--build_event_json_file=${events}`, "--", ...targets],
  ]);
  const spawns = parseSpawns(read(log));
  const results = parseEvents(read(events)).filter((event) => event.testResult);
  runBazel([`--output_base=${base}`, "clean", "--expunge"]);
  if (status !== 0) failures.push(`bazel test ended with status ${status} in the ${name} output base`);
  return { spawns, results };
}

try {
  const union = targets.map((target) => `deps(${target})`).join(" + ");
  const listed = runBazel([
    "aquery",
    "--config=ci",
    "--noshow_progress",
    "--ui_event_filters=-info",
    "--output=jsonproto",
    "--include_commandline=false",
    union,
  ]);
  if (listed.status !== 0) throw new Error(`bazel aquery ended with status ${listed.status}; what it says is above`);
  const actions = parseActions(listed.stdout);
  fail("actions that leave the sandbox or the cache", forbiddenRequirements(actions));
  if (!values.filled) {
    const first = testIn("first");
    const offenders = notCacheable(first.spawns);
    fail("processes of the first run", offenders);
    say(
      `first run: ${first.spawns.length} processes, ${offenders.length === 0 ? "all" : "not all"} sandboxed and cacheable`,
    );
  }
  const second = testIn("second");
  fail("processes of the second run", executed(second.spawns));
  const uncached = second.results.filter(
    ({ testResult }) => !testResult?.cachedLocally && !testResult?.executionInfo?.cachedRemotely,
  );
  if (uncached.length > 0)
    failures.push(`tests that were run again: ${uncached.map(({ id }) => id?.testResult?.label).join(", ")}`);
  if (second.spawns.length === 0) failures.push("the second run had no process at all: choose targets with actions");
  const hits = second.spawns.filter(({ cacheHit }) => cacheHit).length;
  say(
    `${actions.length} actions listed; second run: ${hits} of ${second.spawns.length} processes and ${second.results.length - uncached.length} of ${second.results.length} test results from the cache`,
  );
} catch (error) {
  failures.push((error as Error).message);
} finally {
  rmSync(scratch, { recursive: true, force: true });
}
for (const failure of failures) say(`FAILED ${failure}`);
if (failures.length === 0) say("holds");
process.exitCode = failures.length === 0 ? 0 : 1;
