// Makes an index of images: their blobs are copied, and each manifest says for which platform it is.
import { constants, copyFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { blobPath, createLayout, options, print, readBlob, topManifest, TYPES, writeBlob } from "./layout.mjs";

const given = options(process.argv.slice(2));
const [output] = given.output;
createLayout(output);
const copied = new Set();
const manifests = given.image.map((image) => {
  const top = topManifest(image);
  const manifest = readBlob(image, top.digest);
  for (const { digest } of [top, manifest.config, ...manifest.layers]) {
    if (copied.has(digest)) continue;
    copied.add(digest);
    copyFileSync(blobPath(image, digest), blobPath(output, digest), constants.COPYFILE_FICLONE);
  }
  const config = readBlob(image, manifest.config.digest);
  const fields = ["os", "architecture", "variant", "os.version", "os.features"].filter(
    (field) => config[field] != null,
  );
  return { ...top, platform: Object.fromEntries(fields.map((field) => [field, config[field]])) };
});
const { digest, size } = writeBlob(output, `${print({ schemaVersion: 2, mediaType: TYPES.index, manifests })}\n`);
writeFileSync(join(output, "index.json"), `${print({ manifests: [{ mediaType: TYPES.index, size, digest }] })}\n`);
