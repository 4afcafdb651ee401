// Reads which programs a package brings: the `bin` of the package.json in its archive.
import { existsSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";

const BLOCK = 512;

function text(bytes) {
  const end = bytes.indexOf(0);
  return bytes.toString("utf8", 0, end < 0 ? bytes.length : end);
}

/** The package.json at the top of an archive; archives of npm have one folder there, of any name. */
function readPackageJson(archive) {
  const tar = gunzipSync(readFileSync(archive));
  for (let at = 0; at + BLOCK <= tar.length && tar[at] !== 0;) {
    const size = parseInt(text(tar.subarray(at + 124, at + 136)), 8) || 0;
    const name = text(tar.subarray(at, at + 100));
    if (/^[^/]+\/package\.json$/.test(name)) return JSON.parse(tar.toString("utf8", at + BLOCK, at + BLOCK + size));
    at += BLOCK + Math.ceil(size / BLOCK) * BLOCK;
  }
  throw new Error(`${archive} holds no package.json`);
}

/** Program name -> path in the package. What was read once lies beside the archive. */
export function readBins(archive, name) {
  const known = archive.replace(/\.tgz$/, ".bin.json");
  if (existsSync(known)) return JSON.parse(readFileSync(known, "utf8"));
  const { bin = {} } = readPackageJson(archive);
  const listed = typeof bin === "string" ? { [name.replace(/^@[^/]*\//, "")]: bin } : bin;
  const bins = Object.fromEntries(
    Object.entries(listed).map(([program, path]) => [program, path.replace(/^(\.?\/)+/, "")]),
  );
  const part = `${known}.${process.pid}`;
  writeFileSync(part, JSON.stringify(bins));
  renameSync(part, known);
  return bins;
}
