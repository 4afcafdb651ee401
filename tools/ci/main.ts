import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";

import { countEvents } from "./count.ts";
import { parseEvents } from "./events.ts";
import { report } from "./report.ts";

/**
 * `node tools/ci/main.ts --events FILE --status N [--failed NAME]…`: says how a run of `bazel test` came out and ends with the
 * line `N passed, N failed`. `--failed` adds a check that failed outside of Bazel's tests. Exit status 1 unless all passed.
 */
const { values } = parseArgs({
  options: {
    events: { type: "string" },
    status: { type: "string" },
    failed: { type: "string", multiple: true, default: [] },
  },
});

function read(path: string | URL): string | null {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return null;
  }
}

const readUri = (uri: string) => (uri.startsWith("file:") ? read(fileURLToPath(uri)) : null);
const counted = countEvents(parseEvents(read(values.events ?? "") ?? ""), Number(values.status ?? 1), readUri);
const others = values.failed.map((label) => ({ label, what: "see above", log: null }));
const tally = { ...counted, failed: counted.failed + others.length, failures: [...counted.failures, ...others] };
console.log(report(tally, ({ log }) => (log === null ? null : readUri(log))));
process.exitCode = tally.failed === 0 ? 0 : 1;
