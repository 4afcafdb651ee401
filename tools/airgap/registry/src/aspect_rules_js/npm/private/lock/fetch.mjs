// Fetches packages by the machine's own npm and keeps them by their integrity, so that another clone on the machine fetches nothing.
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";

const SPECS_PER_CALL = 400;

/** The folder that all clones of this user share. */
export function cacheFolder() {
  const base = process.env.XDG_CACHE_HOME || join(homedir(), ".cache");
  const folder = join(base, "homelab", "npm");
  try {
    mkdirSync(folder, { recursive: true });
  } catch (error) {
    throw new Error(
      `the folder for npm packages cannot be made (${error.message}); set XDG_CACHE_HOME to a folder that can be written`,
      { cause: error },
    );
  }
  return folder;
}

/** Splits `sha512-<base64>` into the algorithm and the digest in hex. */
function parseIntegrity(integrity) {
  const [algorithm, encoded] = integrity.split(" ")[0].split(/-(.*)/s);
  return { algorithm, hex: Buffer.from(encoded, "base64").toString("hex") };
}

function integrityOf(file, algorithm) {
  return `${algorithm}-${createHash(algorithm).update(readFileSync(file)).digest("base64")}`;
}

function isWhole(file, integrity) {
  return existsSync(file) && integrityOf(file, parseIntegrity(integrity).algorithm) === integrity.split(" ")[0];
}

/** Where an archive with this integrity lies in the cache, be it there or not. */
export function archivePath(folder, integrity) {
  const { algorithm, hex } = parseIntegrity(integrity);
  return join(folder, `${algorithm}-${hex}.tgz`);
}

function npm(args, cwd) {
  const ran = spawnSync("npm", args, { cwd, encoding: "utf8", maxBuffer: 1 << 28 });
  if (ran.error?.code === "ENOENT") {
    throw new Error("npm is not on PATH; install Node.js with npm (Debian: apt-get install npm) and run this again");
  }
  if (ran.error) throw new Error(`npm could not be started: ${ran.error.message}`);
  return ran;
}

const NOISE = /complete log|_logs|^npm (error|ERR!)\s*(at |errno|syscall|address|port:|type:|\}|$)/;

/** What npm said of its failure, without the trace of its own code. */
function reason(ran) {
  const said = (ran.stderr || ran.stdout || "nothing").trim().split("\n");
  const errors = said.filter((line) => /^npm (error|ERR!)/.test(line) && !NOISE.test(line));
  return (errors.length > 0 ? errors : said)
    .slice(0, 6)
    .map((line) => `    ${line}`)
    .join("\n");
}

function couldNotFetch(spec, missing, ran) {
  const others = missing > 1 ? `, one of ${missing} that are not in the cache` : "";
  return new Error(
    `npm could not fetch ${spec}${others} (exit status ${ran.status}); it said:\n${reason(ran)}\nCheck the network, the disk and npm's registry setting (npm ping); nothing half-fetched was kept.`,
  );
}

/** One package by `npm pack`, where the archive was not found by its integrity: either npm keeps its cache otherwise, or it is another archive. */
function packOne(one, work, target) {
  const spec = `${one.name}@${one.version}`;
  const folder = mkdtempSync(join(work, "pack-"));
  const ran = npm(["pack", "--silent", "--ignore-scripts", "--cache", join(work, "npm"), spec], folder);
  const archive = readdirSync(folder)[0];
  if (ran.status !== 0 || !archive) throw couldNotFetch(spec, 1, ran);
  const file = join(folder, archive);
  const found = integrityOf(file, parseIntegrity(one.integrity).algorithm);
  if (found !== one.integrity.split(" ")[0]) {
    throw new Error(
      `the package ${spec} is not the one that the lock file names\n  expected ${one.integrity}\n  found    ${found}\n` +
        "Do not use it. Either the lock file was edited by hand, or the registry serves something else than when it was locked.",
    );
  }
  renameSync(file, target);
}

/**
 * Makes sure that every package, a list of {name, version, integrity}, lies in the cache and is what its integrity says.
 * `npmrc` is a project's settings file, or empty; npm heeds the user's and the machine's own besides.
 * Throws where npm fails, or where an archive is another than the lock file names; what was fetched before stays, nothing is half-written.
 */
export function fetchAll(packages, npmrc) {
  const folder = cacheFolder();
  const missing = new Map();
  for (const one of packages) {
    const file = archivePath(folder, one.integrity);
    if (isWhole(file, one.integrity)) continue;
    rmSync(file, { force: true });
    missing.set(`${one.name}@${one.version}`, one);
  }
  if (missing.size === 0) return 0;
  const work = mkdtempSync(join(folder, "part-"));
  try {
    writeFileSync(join(work, "package.json"), "{}");
    if (npmrc) copyFileSync(npmrc, join(work, ".npmrc"));
    const specs = [...missing.keys()];
    let failed;
    for (let at = 0; at < specs.length; at += SPECS_PER_CALL) {
      const ran = npm(
        ["cache", "add", "--loglevel=error", "--cache", join(work, "npm"), ...specs.slice(at, at + SPECS_PER_CALL)],
        work,
      );
      if (ran.status !== 0) failed ??= ran;
    }
    let lost;
    for (const one of missing.values()) {
      const { algorithm, hex } = parseIntegrity(one.integrity);
      const target = archivePath(folder, one.integrity);
      const kept = join(
        work,
        "npm",
        "_cacache",
        "content-v2",
        algorithm,
        hex.slice(0, 2),
        hex.slice(2, 4),
        hex.slice(4),
      );
      if (isWhole(kept, one.integrity)) renameSync(kept, target);
      else if (failed) lost ??= one;
      else packOne(one, work, target);
    }
    if (lost) throw couldNotFetch(`${lost.name}@${lost.version}`, missing.size, failed);
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
  return missing.size;
}

/** Removes what an interrupted run has left behind: parts that nobody has touched for a day. */
export function sweep() {
  const folder = cacheFolder();
  for (const entry of readdirSync(folder)) {
    const path = join(folder, entry);
    if (entry.startsWith("part-") && Date.now() - statSync(path).mtimeMs > 86_400_000)
      rmSync(path, { recursive: true, force: true });
  }
}
