import { createHash } from "node:crypto";
import { createReadStream, createWriteStream } from "node:fs";
import { mkdir, readdir, rename, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { PassThrough, Transform } from "node:stream";
import { pipeline } from "node:stream/promises";
import { createGzip } from "node:zlib";
import { pack } from "tar-stream";

/** A folder with semgrep-core for one platform. */
export interface Engine {
  readonly folder: string;
  /** In the words of OCI, such as `linux` and `amd64`. */
  readonly os: string;
  readonly architecture: string;
}

interface Descriptor {
  readonly mediaType: string;
  readonly digest: string;
  readonly size: number;
}

const INDEX = "application/vnd.oci.image.index.v1+json";
const MANIFEST = "application/vnd.oci.image.manifest.v1+json";
const LAYER = "application/vnd.oci.image.layer.v1.tar+gzip";
/** The type of the artifact, for those who list what a registry holds. */
export const ARTIFACT = "application/vnd.rules-semgrep.engine.v1";
const EMPTY = { type: "application/vnd.oci.empty.v1+json", text: "{}" };

/**
 * Writes engines as an OCI image layout: one index, a manifest for each platform, one layer each with the folder as `bin/`. The same engines
 * give the same bytes: entries are sorted, times are zero, owners root.
 *
 * @returns the digest of the index, which is what one pins
 */
export async function writeLayout(out: string, engines: readonly Engine[], version: string): Promise<string> {
  await mkdir(join(out, "blobs/sha256"), { recursive: true });
  const config = await writeBlob(out, EMPTY.text, EMPTY.type);
  const manifests = [];
  for (const { folder, os, architecture } of sorted(engines)) {
    const layer = await writeLayer(out, folder);
    const manifest = {
      schemaVersion: 2,
      mediaType: MANIFEST,
      artifactType: ARTIFACT,
      config,
      layers: [layer],
      annotations: { "org.opencontainers.image.version": version },
    };
    manifests.push({ ...(await writeBlob(out, JSON.stringify(manifest), MANIFEST)), platform: { architecture, os } });
  }
  const annotations = { "org.opencontainers.image.version": version };
  const index = { schemaVersion: 2, mediaType: INDEX, artifactType: ARTIFACT, manifests, annotations };
  const descriptor = await writeBlob(out, JSON.stringify(index), INDEX);
  await writeFile(join(out, "oci-layout"), '{"imageLayoutVersion":"1.0.0"}');
  await writeFile(
    join(out, "index.json"),
    JSON.stringify({ schemaVersion: 2, mediaType: INDEX, manifests: [descriptor] }),
  );
  return descriptor.digest;
}

async function writeLayer(out: string, folder: string): Promise<Descriptor> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const names = entries
    .filter((entry) => !entry.isDirectory())
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1))
    .sort();
  const part = join(out, "layer.part");
  const hash = createHash("sha256");
  let size = 0;
  const count = new Transform({
    transform(chunk: Buffer, _, done) {
      // The header of gzip names the system that wrote it.
      if (size === 0) chunk[9] = 0xff;
      hash.update(chunk);
      size += chunk.length;
      done(null, chunk);
    },
  });
  const tar = pack();
  const written = pipeline(tar.pipe(new PassThrough()), createGzip(), count, createWriteStream(part));
  for (const name of names) {
    const path = join(folder, name);
    const { mode, size: length } = await stat(path);
    const header = { name: `bin/${name}`, mode: mode & 0o100 ? 0o755 : 0o644, mtime: new Date(0), size: length };
    await new Promise<void>((done, fail) => {
      const entry = tar.entry(header, (error) => (error ? fail(error) : done()));
      createReadStream(path).on("error", fail).pipe(entry);
    });
  }
  tar.finalize();
  await written;
  const digest = hash.digest("hex");
  await rename(part, join(out, "blobs/sha256", digest));
  return { mediaType: LAYER, digest: `sha256:${digest}`, size };
}

async function writeBlob(out: string, text: string, mediaType: string): Promise<Descriptor> {
  const digest = createHash("sha256").update(text).digest("hex");
  await writeFile(join(out, "blobs/sha256", digest), text);
  return { mediaType, digest: `sha256:${digest}`, size: Buffer.byteLength(text) };
}

function sorted(engines: readonly Engine[]): Engine[] {
  const key = ({ os, architecture }: Engine): string => `${os}/${architecture}`;
  return [...engines].sort((one, other) => (key(one) < key(other) ? -1 : 1));
}
