// Fails when the attributes of a ts_project and its tsconfig disagree.
// usage: node validate.mjs TSC TSCONFIG LABEL EXPECTED_JSON MARKER
import { execFileSync } from "node:child_process";
import { writeFileSync } from "node:fs";

const [tsc, tsconfig, label, expectedJson, marker] = process.argv.slice(2);
const shown =
  JSON.parse(execFileSync(tsc, ["--showConfig", "--project", tsconfig], { encoding: "utf8" })).compilerOptions ?? {};
const found = { ...shown, declaration: shown.declaration ?? shown.composite };
const wrong = Object.entries(JSON.parse(expectedJson)).filter(([option, value]) => Boolean(found[option]) !== value);
if (wrong.length > 0) {
  const lines = wrong.map(
    ([option, value]) => `  ${option}: the target says ${value}, the tsconfig says ${found[option] ?? "nothing"}`,
  );
  console.error(`${label}: the attributes and ${tsconfig} disagree; change one of them:\n${lines.join("\n")}`);
  process.exit(1);
}
writeFileSync(marker, "");
