import { createHash } from "node:crypto";
import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type NpmTool, platformsOf, type PypiTool } from "./lock.ts";
import { run } from "./run.ts";
import { newestOfAll } from "./version.ts";

/** All versions of an npm package. */
async function npmVersions(name: string): Promise<string[]> {
  const versions: unknown = JSON.parse(await run("npm", ["view", name, "versions", "--json"]));
  return Array.isArray(versions) ? versions.map(String) : [String(versions)];
}

/** All released versions of a PyPI project. */
async function pypiVersions(name: string): Promise<string[]> {
  const text = await run("pip", ["index", "versions", name]);
  const line = text.split("\n").find((candidate) => candidate.startsWith("Available versions:"));
  return (line ?? "")
    .replace("Available versions:", "")
    .split(",")
    .map((version) => version.trim())
    .filter(Boolean);
}

/** The newest version that a tool's packages have for every platform of the lock. */
export async function newestArchive(name: string, tool: NpmTool | PypiTool): Promise<string> {
  const packages = [...new Set(platformsOf<NpmTool | PypiTool>(tool).map(([, locked]) => locked.package))];
  const lists = await Promise.all(packages.map(tool.client === "npm" ? npmVersions : pypiVersions));
  const newest = newestOfAll(lists, tool.within);
  if (newest) return newest;
  throw new Error(
    `${name}: found no version that ${packages.join(" and ")} share${tool.within ? ` and that starts with ${tool.within}` : ""}; name one: //tools/lock:update -- ${name}@<version>`,
  );
}

async function wheelDigest(name: string, version: string, wheel: string): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "wheel-"));
  try {
    const options = ["--quiet", "--no-deps", "--only-binary=:all:", "--platform", wheel, "--dest", folder];
    await run("pip", ["download", ...options, `${name}==${version}`]);
    const [file] = await readdir(folder);
    if (!file) throw new Error(`pip left no wheel of ${name} ${version} for ${wheel}; expected one file`);
    return `sha256:${createHash("sha256")
      .update(await readFile(join(folder, file)))
      .digest("hex")}`;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function npmDigest(name: string, version: string): Promise<string> {
  const integrity: unknown = JSON.parse(await run("npm", ["view", `${name}@${version}`, "dist.integrity", "--json"]));
  if (typeof integrity === "string") return integrity;
  throw new Error(`npm knows no sha512 of ${name} ${version}: got ${JSON.stringify(integrity)}`);
}

/** An npm tool at a version, with the digests that the registry says. */
export async function lockNpm(tool: NpmTool, version: string): Promise<NpmTool> {
  const platforms: NpmTool["platforms"] = {};
  for (const [platform, locked] of platformsOf(tool)) {
    platforms[platform] = { ...locked, digest: await npmDigest(locked.package, version) };
  }
  return { ...tool, version, platforms };
}

/** A PyPI tool at a version, with the digests of the wheels as they were downloaded. */
export async function lockPypi(tool: PypiTool, version: string): Promise<PypiTool> {
  const platforms: PypiTool["platforms"] = {};
  for (const [platform, locked] of platformsOf(tool)) {
    platforms[platform] = { ...locked, digest: await wheelDigest(locked.package, version, locked.wheel) };
  }
  return { ...tool, version, platforms };
}
