import { execFileSync } from "node:child_process";
import { mkdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { format } from "./format.ts";
import { programsOf } from "./formatters.ts";
import { report } from "./report.ts";

// What a format_test runs: the check over a copy of the files that the manifest lists, as a checkout that holds nothing else.
const [manifest] = process.argv.slice(2);
const scratch = process.env["TEST_TMPDIR"];
if (manifest === undefined || scratch === undefined) {
  throw new Error(
    "check is started by format_test, with a manifest and TEST_TMPDIR; to check by hand run //:format -- --check.",
  );
}
const root = join(resolve(scratch), "tree");
mkdirSync(root, { recursive: true });
for (const path of new Set(JSON.parse(readFileSync(manifest, "utf8")) as string[])) {
  mkdirSync(dirname(join(root, path)), { recursive: true });
  writeFileSync(join(root, path), readFileSync(path), { mode: statSync(path).mode });
}
execFileSync("git", ["init", "-q", root]);
const begun = performance.now();
const summary = await format({
  root,
  memory: join(scratch, "memory"),
  within: [],
  check: true,
  explain: false,
  all: false,
  programs: programsOf(process.env),
  generators: [],
  progress: () => {},
});
const { out, err, status } = report(summary, true, (performance.now() - begun) / 1_000);
process.stdout.write([...out, ...err].map((line) => `${line}\n`).join(""));
process.exitCode = status;
