// Describes a layer: digest and size as it lies there, and the digest of the archive when it is unpacked.
import { createHash } from "node:crypto";
import { createReadStream, openSync, readSync, writeFileSync } from "node:fs";
import { pipeline } from "node:stream/promises";
import { createGunzip, createZstdDecompress } from "node:zlib";
import { print } from "./layout.mjs";

const MAGIC = { "1f8b": ["gzip", createGunzip], "28b52ffd": ["zstd", createZstdDecompress] };

/** The compression that a file's first bytes tell: its name and a stream that undoes it, or an empty name. */
function compressionOf(path) {
  const head = Buffer.alloc(4);
  readSync(openSync(path, "r"), head, 0, 4, 0);
  const magic = Object.keys(MAGIC).find((bytes) => head.toString("hex").startsWith(bytes));
  return magic ? MAGIC[magic] : [""];
}

/** SHA-256 and size of what a file holds after it went through some streams. */
async function measure(path, ...through) {
  const hash = createHash("sha256");
  let size = 0;
  await pipeline(createReadStream(path, { highWaterMark: 1 << 20 }), ...through, async (chunks) => {
    for await (const chunk of chunks) {
      hash.update(chunk);
      size += chunk.length;
    }
  });
  return { digest: `sha256:${hash.digest("hex")}`, size };
}

const [archive, out, label] = process.argv.slice(2);
const [compression, decompress] = compressionOf(archive);
const { digest, size } = await measure(archive);
const diffid = decompress ? (await measure(archive, decompress())).digest : digest;
const history = { created: "1970-01-01T00:00:00Z", created_by: `bazel build ${label}` };
writeFileSync(out, `${print({ digest, diffid, compression, size, history })}\n`);
