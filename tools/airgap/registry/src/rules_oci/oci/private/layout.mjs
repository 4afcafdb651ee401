// Reading and writing an OCI layout: a folder with oci-layout, index.json and blobs/sha256.
import { createHash } from "node:crypto";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** Media types of what a layout holds. */
export const TYPES = {
  config: "application/vnd.oci.image.config.v1+json",
  index: "application/vnd.oci.image.index.v1+json",
  layer: "application/vnd.oci.image.layer.v1.tar",
  manifest: "application/vnd.oci.image.manifest.v1+json",
};

/** Ends the program with one message on stderr. */
export function die(message) {
  console.error(message);
  process.exit(1);
}

/** Options as a map from `--name` to the values that follow each of its occurrences, in order of appearance. */
export function options(argv) {
  const found = {};
  for (let i = 0; i < argv.length; i += 2) (found[argv[i].slice(2)] ??= []).push(argv[i + 1]);
  return found;
}

/** A file's bytes as parsed JSON. */
export const readJson = (path) => JSON.parse(readFileSync(path, "utf8"));

/** JSON as jq prints it: two blanks of indentation, and no newline at the end. */
export const print = (value) => JSON.stringify(value, null, 2);

/** `sha256:<hex>` of bytes. */
export const digestOf = (bytes) => `sha256:${createHash("sha256").update(bytes).digest("hex")}`;

/** The path of a blob in a layout. */
export const blobPath = (layout, digest) => join(layout, "blobs", ...digest.split(":"));

/** A blob of a layout as parsed JSON. */
export const readBlob = (layout, digest) => readJson(blobPath(layout, digest));

/** The only manifest (or index) that a layout's index.json names. */
export function topManifest(layout) {
  const { manifests } = readJson(join(layout, "index.json"));
  if (manifests.length !== 1) die(`${layout}/index.json names ${manifests.length} manifests; expected one`);
  return manifests[0];
}

/** Makes an empty layout. */
export function createLayout(layout) {
  mkdirSync(join(layout, "blobs", "sha256"), { recursive: true });
  writeFileSync(join(layout, "oci-layout"), `${JSON.stringify({ imageLayoutVersion: "1.0.0" })}\n`);
}

/** Writes a text as a blob; gives its digest and its size in bytes. */
export function writeBlob(layout, text) {
  const bytes = Buffer.from(text);
  const digest = digestOf(bytes);
  writeFileSync(blobPath(layout, digest), bytes);
  return { digest, size: bytes.length };
}
