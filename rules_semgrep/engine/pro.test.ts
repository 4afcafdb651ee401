import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, readlinkSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { test } from "node:test";
import { Refusal } from "./command.ts";
import { linkInto, proArguments, skip } from "./pro.ts";

function inFolder(use: (folder: string) => Promise<void>): () => Promise<void> {
  return async () => {
    const folder = mkdtempSync(join(process.env["TEST_TMPDIR"] ?? tmpdir(), "pro-"));
    try {
      await use(folder);
    } finally {
      rmSync(folder, { recursive: true });
    }
  };
}

const label = "//services/a:semgrep_test";
const absent = 'there is none for "this" <platform> & that';

test("within files the Pro engine gets one flag", () => {
  assert.deepEqual(proArguments({ analysis: "intrafile", timeout: 60 }, "/root"), ["-pro_intra_file"]);
});

test("across files it gets a limit and one root, in this order", () => {
  const expected = ["-pro_inter_file", "-timeout_for_interfile_analysis", "60", "/root"];
  assert.deepEqual(proArguments({ analysis: "interfile", timeout: 60 }, "/root"), expected);
});

test(
  "the one root holds links to the sources under their names",
  inFolder(async (folder) => {
    const path = join(folder, "source.ts");
    writeFileSync(path, "");
    const [linked] = await linkInto(join(folder, "root"), [{ path, name: "lib/a.ts" }]);
    assert.equal(linked?.name, "lib/a.ts");
    assert.equal(readlinkSync(join(folder, "root/lib/a.ts")), resolve(path));
  }),
);

test(
  "a skip is said in the log, the outputs and the XML, and is no failure",
  inFolder(async (folder) => {
    let said = "";
    const env = { TEST_UNDECLARED_OUTPUTS_DIR: folder, XML_OUTPUT_FILE: join(folder, "test.xml") };
    const status = await skip({ label, absent, required: false }, { args: [], env, say: (text) => (said += text) });
    assert.equal(status, 0);
    const line = `SKIPPED: ${label}: nothing was scanned, it needs the Pro engine: ${absent}`;
    assert.equal(said, `\n${line}\n\n`);
    assert.equal(readFileSync(join(folder, "semgrep.txt"), "utf8"), `${line}\n`);
    const xml = readFileSync(join(folder, "test.xml"), "utf8");
    assert.match(xml, /<testsuite name="[^"]*semgrep_test" tests="1" failures="0" errors="0" skipped="1">/);
    assert.match(xml, /<skipped message="SKIPPED: [^"<>]*&#34;this&#34; &#60;platform&#62; &#38; that"\/>/);
  }),
);

test("where the Pro engine is required a skip is a failure that says why", async () => {
  await assert.rejects(
    async () => skip({ label, absent, required: true }, { args: [], env: {}, say: () => undefined }),
    (error: Error) => error instanceof Refusal && error.message.includes(absent) && error.message.includes(label),
  );
});
