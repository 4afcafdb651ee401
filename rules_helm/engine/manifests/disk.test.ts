import assert from "node:assert/strict";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { test, type TestContext } from "node:test";
import { readCommitted, readFolder, writeDifference } from "./disk.ts";
import { compare } from "./tree.ts";

function checkout(context: TestContext, files: Record<string, string>): string {
  const folder = mkdtempSync(join(process.env["TEST_TMPDIR"] ?? tmpdir(), "manifests-"));
  context.after(() => rmSync(folder, { recursive: true }));
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(join(folder, dirname(path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
  return folder;
}

test("only files below an overlay are manifests of a checkout", (context) => {
  const folder = checkout(context, { "BUILD.bazel": "", "README.md": "", "production/a/x.yaml": "x", "p/.swp": "" });
  assert.deepEqual([...readCommitted(folder).keys()], ["production/a/x.yaml"]);
});

test("a folder that is not there has no files", () => {
  assert.equal(readFolder("/nowhere/at/all").size, 0);
});

test("only what differs is written, orphans and folders left empty go", (context) => {
  const folder = checkout(context, { "p/a/same.yaml": "same", "p/a/old.yaml": "old", "p/gone/b.yaml": "b" });
  const before = statSync(join(folder, "p/a/same.yaml")).mtimeMs;
  const rendered = new Map(
    Object.entries({ "p/a/same.yaml": "same", "p/a/old.yaml": "new", "q/é/new.yaml": "ö" }).map(([path, text]) => [
      path,
      Buffer.from(text),
    ]),
  );
  writeDifference(folder, rendered, compare(rendered, readCommitted(folder)));
  assert.deepEqual(compare(rendered, readCommitted(folder)), { stale: [], missing: [], orphans: [] });
  assert.equal(statSync(join(folder, "p/a/same.yaml")).mtimeMs, before);
  assert.equal(existsSync(join(folder, "p/gone")), false);
});

test("a file that is no manifest is left for a person to move", (context) => {
  const folder = checkout(context, { "p/a/notes.txt": "mine" });
  writeDifference(folder, new Map(), compare(new Map(), readCommitted(folder)));
  assert.equal(readFileSync(join(folder, "p/a/notes.txt"), "utf8"), "mine");
});
