// Makes an image of a base or of nothing, of layers, and of what its configuration says. Layers are linked, not copied.
import { readdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import {
  blobPath,
  createLayout,
  options,
  print,
  readBlob,
  readJson,
  topManifest,
  TYPES,
  writeBlob,
} from "./layout.mjs";

const given = options(process.argv.slice(2));
const [output] = given.output;

const link = (target, path) => symlinkSync(relative(dirname(path), target), path);
const text = (name) => readFileSync(given[name][0], "utf8");
const lines = (name) =>
  text(name)
    .split("\n")
    .filter((line) => line !== "");
const words = (name) => lines(name).map((line) => line.replaceAll("%5Cn", "\n"));
const keys = (name) =>
  Object.fromEntries(
    text(name)
      .split(",")
      .map((key) => [key.trim(), {}]),
  );
const pair = (line) => [line.split("=", 1)[0], line.slice(line.indexOf("=") + 1)];
const pairs = (name) => Object.fromEntries(lines(name).map(pair));

/** The environment of the base with the given lines over it; `$VAR` and `${VAR}` stand for what has been set before. */
function environment(base) {
  const env = new Map(base.map(pair));
  for (const [key, value] of text("env")
    .split("\n")
    .filter((line) => line !== "")
    .map(pair)) {
    env.set(
      key,
      value.replace(/\$\{?([a-zA-Z0-9_]+)\}?/g, (_, name) => env.get(name) ?? ""),
    );
  }
  return [...env].map(([key, value]) => `${key}=${value}`);
}

/** Values of the first object, and those of the second over them, at every depth. */
function merge(under, over) {
  const merged = { ...under };
  for (const [key, value] of Object.entries(over)) {
    const both = [merged[key], value].every((one) => one !== null && typeof one === "object" && !Array.isArray(one));
    merged[key] = both ? merge(merged[key], value) : value;
  }
  return merged;
}

/** What an image starts from: manifest and configuration of the base, whose blobs are linked, or empty ones. */
function start() {
  if (!given.base) {
    const config = {
      created: "1970-01-01T00:00:00Z",
      config: {},
      history: [],
      rootfs: { type: "layers", diff_ids: [] },
    };
    const manifest = {
      schemaVersion: 2,
      mediaType: TYPES.manifest,
      config: { mediaType: TYPES.config, size: 0 },
      layers: [],
    };
    return { manifest, config: { ...config, ...JSON.parse(given.platform[0]) } };
  }
  const [base] = given.base;
  const { digest } = topManifest(base);
  const manifest = readBlob(base, digest);
  const config = readBlob(base, manifest.config.digest);
  const layers = new Set(manifest.layers.map((layer) => layer.digest));
  for (const hex of readdirSync(join(base, "blobs", "sha256"))) {
    if (layers.has(`sha256:${hex}`)) link(join(base, "blobs", "sha256", hex), join(output, "blobs", "sha256", hex));
  }
  return { manifest, config };
}

/** The fields of the configuration that were given, in the order that decides the digest. */
function changes(base) {
  const config = {};
  if (given.entrypoint) Object.assign(config, { Cmd: null, Entrypoint: words("entrypoint") });
  if (given.cmd) config.Cmd = words("cmd");
  if (given.exposed_ports) config.ExposedPorts = keys("exposed_ports");
  if (given.volumes) config.Volumes = keys("volumes");
  if (given.env) config.Env = environment(base.Env ?? []);
  if (given.labels) config.Labels = pairs("labels");
  if (given.user) [config.User] = given.user;
  if (given.workdir) [config.WorkingDir] = given.workdir;
  return {
    ...(given.created ? { created: text("created").trim() } : {}),
    ...(Object.keys(config).length > 0 ? { config } : {}),
  };
}

createLayout(output);
let { manifest, config } = start();
for (const [i, layer] of (given.layer ?? []).entries()) {
  const { digest, diffid, compression, size, history } = readJson(given.descriptor[i]);
  config.rootfs.diff_ids.push(diffid);
  config.history.push(history);
  manifest.layers.push({ size, digest, mediaType: compression ? `${TYPES.layer}+${compression}` : TYPES.layer });
  if (!readdirSync(join(output, "blobs", "sha256")).includes(digest.slice("sha256:".length)))
    link(layer, blobPath(output, digest));
}
if (given.annotations) manifest.annotations = { ...manifest.annotations, ...pairs("annotations") };
config = merge(config, changes(config.config ?? {}));
if (config.config.Cmd === null) delete config.config.Cmd;
const { digest, size } = writeBlob(output, print(config));
manifest.config = { ...manifest.config, size, digest };
delete manifest.config.data;
const top = { mediaType: manifest.mediaType, ...writeBlob(output, `${print(manifest)}\n`) };
writeFileSync(join(output, "index.json"), `${print({ schemaVersion: 2, mediaType: TYPES.index, manifests: [top] })}\n`);
