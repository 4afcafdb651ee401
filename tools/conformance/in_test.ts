import assert from "node:assert/strict";
import { seen } from "./probe.ts";
import { relied } from "./relied.ts";

const runfiles = "bazel-out/CONFIG/bin/tools/conformance/in_test_/in_test.runfiles/_main";

assert.equal(seen.cwd, runfiles, "a test runs at the repository's root in its runfiles");
assert.equal(seen.entryPoint, `${runfiles}/tools/conformance/probe.ts`, "its sources are those of the runfiles");
assert.deepEqual(seen.args, ["given"]);
assert.deepEqual(
  seen.siblings,
  ["in_test.ts", "in_test_", "input.txt", "probe.ts", "relied.ts"],
  "the runfiles hold what the test declares",
);
assert.equal(
  seen.resolvedEsm,
  `${runfiles}/node_modules/.aspect_rules_js/typebox@VERSION/node_modules/typebox/build/index.mjs`,
);
assert.equal(seen.resolvedCjs, `${runfiles}/node_modules/.aspect_rules_js/ws@VERSION/node_modules/ws/index.js`);
assert.ok(seen.node, "process.execPath is a wrapper that is named node");
for (const name of relied) assert.ok(seen.variables.includes(name), `${name} is set`);
assert.ok(!seen.variables.includes("BAZEL_BINDIR"), "BAZEL_BINDIR is for actions");
