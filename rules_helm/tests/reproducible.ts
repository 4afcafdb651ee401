/** Packs a chart eight times from copies with other times and modes: `reproducible.ts FILE`, a task in JSON. */
import { execFileSync } from "node:child_process";
import { chmodSync, copyFileSync, mkdirSync, readFileSync, utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";

const { engine, archive, params } = JSON.parse(readFileSync(process.argv[2] ?? "", "utf8")) as {
  engine: string;
  archive: string;
  params: { files: [string, string][] };
};
const expected = readFileSync(archive);
const scratch = process.env["TEST_TMPDIR"] ?? "";
for (let turn = 0; turn < 8; turn += 1) {
  const folder = join(scratch, String(turn));
  mkdirSync(folder);
  const copies = params.files.map(([file, place], index): [string, string] => {
    const copy = join(folder, String(index));
    copyFileSync(file, copy);
    chmodSync(copy, turn % 2 === 0 ? 0o755 : 0o600);
    utimesSync(copy, turn, 1_000_000_000 + turn);
    return [copy, place];
  });
  const files = turn % 2 === 0 ? copies : copies.toReversed();
  const [task, out] = [join(folder, "params"), join(folder, "chart.tgz")];
  writeFileSync(task, `package\n${JSON.stringify({ ...params, files, out })}\n`);
  execFileSync(process.execPath, [engine, `@${task}`], { stdio: "inherit" });
  if (!readFileSync(out).equals(expected)) {
    console.error(`packed again (turn ${turn}), ${archive} has other bytes`);
    process.exit(1);
  }
}
