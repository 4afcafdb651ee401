// Behind `bazel run` of oci_load: streams the archive into the container engine.
import { spawn } from "node:child_process";
import { accessSync, constants } from "node:fs";
import { delimiter, join } from "node:path";
import { pipeline } from "node:stream/promises";
import { die } from "./layout.mjs";
import { tarball } from "./tarball.mjs";

const [runfiles, settingsJson] = process.argv.slice(2);
const settings = JSON.parse(settingsJson);

/** The first of the programs that PATH has, or undefined. */
function onPath(...names) {
  const folders = (process.env.PATH ?? "").split(delimiter);
  return names.find((name) =>
    folders.some((folder) => {
      try {
        accessSync(join(folder, name), constants.X_OK);
        return true;
      } catch {
        return false;
      }
    }),
  );
}

const engine = settings.loader ? join(runfiles, settings.loader) : onPath("docker", "podman", "nerdctl");
if (!engine)
  die(
    "oci_load: neither docker, podman nor nerdctl is on PATH; install one, or set `loader`, or build the output group `tarball`",
  );
const child = spawn(engine, ["load"], { stdio: ["pipe", "inherit", "inherit"] });
child.on("error", (error) => die(`oci_load: ${engine} does not start: ${error.message}`));
const ended = new Promise((resolve) => child.on("close", resolve));
await pipeline(
  tarball(join(runfiles, settings.image), settings.format, join(runfiles, settings.tags)),
  child.stdin,
).catch((error) => {
  if (error.code !== "EPIPE") throw error;
});
const status = await ended;
if (status !== 0) die(`oci_load: \`${engine} load\` ended with status ${status}; its message stands above`);
