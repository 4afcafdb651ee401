import assert from "node:assert/strict";
import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { gunzipSync } from "node:zlib";
import { extract } from "tar-stream";
import { Readable } from "node:stream";
import { type Engine, writeLayout } from "./layout.ts";

let folder = "";

before(() => {
  folder = mkdtempSync(join(process.env["TEST_TMPDIR"] ?? tmpdir(), "oci-"));
});

after(() => rmSync(folder, { recursive: true }));

/** A folder with an engine, written in the given order at the given time. */
function engine(name: string, architecture: string, files: readonly string[], time: number): Engine {
  const path = join(folder, name);
  mkdirSync(join(path, "libs"), { recursive: true });
  for (const file of files) {
    writeFileSync(join(path, file), `${architecture} ${file}`);
    chmodSync(join(path, file), file === "semgrep-core" ? 0o755 : 0o640);
    utimesSync(join(path, file), time, time);
  }
  return { folder: path, os: "linux", architecture };
}

const FILES = ["semgrep-core", "libs/b.so", "libs/a.so"];

async function blob(out: string, digest: string): Promise<Buffer> {
  return readFileSync(join(out, "blobs", digest.replace(":", "/")));
}

test("the same engines give the same bytes, whatever their order and the times of their files", async () => {
  const one = [engine("a1", "amd64", FILES, 1), engine("a2", "arm64", FILES, 2)];
  const other = [engine("b2", "arm64", FILES.toReversed(), 3), engine("b1", "amd64", FILES, 4)];
  const first = await writeLayout(join(folder, "one"), one, "1.0.0");
  assert.equal(await writeLayout(join(folder, "other"), other, "1.0.0"), first);
  const blobs = (name: string): string[] => readdirSync(join(folder, name, "blobs/sha256")).sort();
  assert.deepEqual(blobs("one"), blobs("other"));
  assert.notEqual(await writeLayout(join(folder, "third"), one, "1.0.1"), first);
});

test("an index names each platform, and its layer holds the folder as bin/", async () => {
  const out = join(folder, "layout");
  const index = JSON.parse(
    String(await blob(out, await writeLayout(out, [engine("c", "arm64", FILES, 1)], "1.0.0"))),
  ) as {
    manifests: { digest: string; platform: unknown }[];
  };
  assert.deepEqual(index.manifests[0]?.platform, { architecture: "arm64", os: "linux" });
  const manifest = JSON.parse(String(await blob(out, index.manifests[0].digest))) as {
    layers: { digest: string; size: number }[];
  };
  const bytes = await blob(out, manifest.layers[0]!.digest);
  assert.equal(bytes.length, manifest.layers[0]?.size);
  const found: [string, number | undefined, number | undefined][] = [];
  for await (const entry of Readable.from([gunzipSync(bytes)]).pipe(extract())) {
    found.push([entry.header.name, entry.header.mode, entry.header.mtime?.getTime()]);
    entry.resume();
  }
  assert.deepEqual(found, [
    ["bin/libs/a.so", 0o644, 0],
    ["bin/libs/b.so", 0o644, 0],
    ["bin/semgrep-core", 0o755, 0],
  ]);
});
