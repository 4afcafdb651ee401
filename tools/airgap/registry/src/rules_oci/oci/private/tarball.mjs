// Writes the archive that container engines load: docker's own form for an image, an OCI layout for an index.
import { createReadStream, createWriteStream, readFileSync, statSync } from "node:fs";
import { join, relative } from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { blobPath, die, options, print, readBlob, readJson, topManifest, TYPES } from "./layout.mjs";

const MTIME = 1672560000;

/** A header block of a tar archive for a regular file. */
function header(path, size) {
  if (Buffer.byteLength(path) > 100) die(`${path} is too long a path for the archive`);
  const block = Buffer.alloc(512);
  const octal = (value, offset, length) => block.write(value.toString(8).padStart(length - 1, "0"), offset);
  block.write(path, 0);
  octal(0o755, 100, 8);
  octal(0, 108, 8);
  octal(0, 116, 8);
  octal(size, 124, 12);
  octal(MTIME, 136, 12);
  block.write("        0", 148);
  block.write("ustar\u000000", 257);
  octal(
    block.reduce((sum, byte) => sum + byte, 0),
    148,
    7,
  );
  return block;
}

async function* archive(entries) {
  for (const [path, content] of entries) {
    const size = typeof content === "string" ? Buffer.byteLength(content) : statSync(content.file).size;
    yield header(path, size);
    if (typeof content === "string") yield Buffer.from(content);
    else yield* createReadStream(content.file, { highWaterMark: 1 << 20 });
    yield Buffer.alloc((512 - (size % 512)) % 512);
  }
  yield Buffer.alloc(1024);
}

/** An entry for a blob of a layout; the path in the archive may differ. */
const blob = (image, digest, suffix = "") => [
  `blobs/${digest.replace(":", "/")}${suffix}`,
  { file: blobPath(image, digest) },
];

function dockerEntries(image, tags) {
  const manifest = readBlob(image, topManifest(image).digest);
  const layers = manifest.layers.map(({ digest }) => blob(image, digest, ".tar.gz"));
  const config = blob(image, manifest.config.digest);
  const list = [{ Config: config[0], RepoTags: tags, Layers: layers.map(([path]) => path) }];
  return [config, ...layers, ["manifest.json", `${print(list)}\n`]];
}

function ociEntries(image, tags) {
  const top = topManifest(image);
  const blobs = readBlob(image, top.digest).manifests.flatMap(({ digest }) => {
    const manifest = readBlob(image, digest);
    return [digest, manifest.config.digest, ...manifest.layers.map((layer) => layer.digest)];
  });
  const named = tags.map((tag) => ({ ...top, annotations: { "org.opencontainers.image.ref.name": tag } }));
  const index = { ...readJson(join(image, "index.json")), manifests: named };
  const unique = [...new Set([top.digest, ...blobs])];
  return [
    ["oci-layout", { file: join(image, "oci-layout") }],
    ...unique.map((digest) => blob(image, digest)),
    ["index.json", `${print(index)}\n`],
  ];
}

/** The archive of an image as a stream. `format` has to suit what the layout holds. */
export function tarball(image, format, tagsFile) {
  const { mediaType } = topManifest(image);
  const index = mediaType === TYPES.index;
  if (index !== (format === "oci"))
    die(
      `oci_load: format "${format}" does not suit ${mediaType}: use "docker" for oci_image and "oci" for oci_image_index`,
    );
  const tags = readFileSync(tagsFile, "utf8")
    .split(/\s+/)
    .filter((tag) => tag !== "");
  return Readable.from(archive(index ? ociEntries(image, tags) : dockerEntries(image, tags)));
}

if (import.meta.main) {
  const given = options(process.argv.slice(2));
  await pipeline(
    tarball(relative("", given.image[0]), given.format[0], given.tags[0]),
    createWriteStream(given.output[0]),
  );
}
