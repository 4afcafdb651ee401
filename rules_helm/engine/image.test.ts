import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { imageDigest } from "./image.ts";

const folder = mkdtempSync(join(process.env["TEST_TMPDIR"] ?? tmpdir(), "image-"));
after(() => rmSync(folder, { recursive: true }));
const digest = `sha256:${"7".repeat(64)}`;
const layout = (manifests: object[]): string => {
  writeFileSync(join(folder, "index.json"), JSON.stringify({ schemaVersion: 2, manifests }));
  return folder;
};

test("a file with a digest is that digest, with or without a line end", () => {
  const file = join(folder, "image.digest");
  writeFileSync(file, `${digest}\n`);
  assert.equal(imageDigest(file), digest);
});

test("a folder with an OCI layout has the digest of its one entry", () => {
  assert.equal(imageDigest(layout([{ digest }])), digest);
});

test("several images, and what is no digest, are refused", () => {
  assert.throws(
    () => imageDigest(layout([{ digest }, { digest }])),
    /expected an OCI layout with one image or one index, found 2/,
  );
  const file = join(folder, "tag");
  writeFileSync(file, "registry.example.org/x:latest");
  assert.throws(() => imageDigest(file), /expected a digest .* received "registry.example.org\/x:latest"/);
});
