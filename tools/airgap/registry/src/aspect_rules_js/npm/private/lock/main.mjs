// Makes the repository of npm_translate_lock in the current folder.
// usage: node main.mjs SETTINGS_JSON      {lock, lockLabel, root, target, importerPrefix, noDev, noOptional, ignore, npmrc}
import { readFileSync } from "node:fs";
import { archivePath, cacheFolder, fetchAll, sweep } from "./fetch.mjs";
import { readBins } from "./bins.mjs";
import { resolveLock, withImagePlatforms } from "./graph.mjs";
import { render } from "./render.mjs";
import { parseLock } from "./yaml.mjs";

function platform() {
  const os = process.platform;
  const musl = os === "linux" && !process.report.getReport().header.glibcVersionRuntime;
  return { os, cpu: process.arch, libc: os === "linux" ? (musl ? "musl" : "glibc") : "" };
}

function checkIgnored(file, folders, prefix) {
  const listed = readFileSync(file, "utf8")
    .split("\n")
    .map((line) => line.trim().replace(/\/$/, ""));
  const missing = folders
    .map((folder) => [prefix, folder, "node_modules"].filter((part) => part !== "").join("/"))
    .filter((path) => !listed.includes(path));
  if (missing.length > 0)
    throw new Error(
      `Bazel would read node_modules folders of npm's: add to .bazelignore\n${missing.map((path) => `    ${path}`).join("\n")}`,
    );
}

function main(settings) {
  let lock;
  let graph;
  try {
    lock = parseLock(readFileSync(settings.lock, "utf8"));
    graph = withImagePlatforms(resolveLock(lock, platform(), settings), lock, settings);
  } catch (error) {
    throw new Error(`${settings.lockLabel} cannot be used: ${error.message}`, { cause: error });
  }
  if (settings.ignore) checkIgnored(settings.ignore, Object.keys(graph.importers), settings.importerPrefix);
  const prefixed = (folder) => [settings.importerPrefix, folder].filter((part) => part !== "").join("/");
  graph.importers = Object.fromEntries(
    Object.entries(graph.importers).map(([folder, links]) => [prefixed(folder), links]),
  );
  for (const links of Object.values(graph.importers)) {
    for (const link of Object.values(links)) if (link.path !== undefined) link.path = prefixed(link.path);
  }
  sweep();
  fetchAll(Object.values(graph.packages), settings.npmrc);
  const folder = cacheFolder();
  render({
    out: ".",
    graph,
    archiveOf: (entry) => archivePath(folder, entry.integrity),
    binsOf: (entry) => readBins(archivePath(folder, entry.integrity), entry.name),
    root: settings.root,
    target: settings.target,
  });
}

try {
  main(JSON.parse(process.argv[2]));
} catch (error) {
  const room =
    error.code === "ENOSPC" ? ": the disk is full; make room or set XDG_CACHE_HOME to a folder on another disk" : "";
  process.stderr.write(`${error.message}${room}\n`);
  process.exit(1);
}
