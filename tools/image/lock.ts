import { spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { type BaseConfig, type BaseLock, type LockedPackage, parseBase } from "./config.ts";

const APT = resolve(process.env["APT_SH"] ?? "tools/image/private/apt.sh");

/** Fields of a Debian control paragraph. */
function fields(paragraph: string): Record<string, string> {
  return Object.fromEntries(
    [...paragraph.matchAll(/^([A-Za-z0-9-]+): (.*)$/gm)].map(([, name, value]) => [name, value]),
  );
}

/** What the suite has now of the named packages, in their order. */
function resolvePackages(config: BaseConfig, arch: string, where: string): LockedPackage[] {
  const state = mkdtempSync(join(tmpdir(), "image-lock-"));
  try {
    const command = [state, config.suite, arch, "apt-cache", "show", "--no-all-versions", ...config.names];
    const { status, stdout, stderr, error } = spawnSync(APT, command, { encoding: "utf8", maxBuffer: 1 << 26 });
    if (error) throw new Error(`${APT} does not start`, { cause: error });
    const found = new Map(
      stdout
        .split(/\n\n+/)
        .map(fields)
        .map((one) => [one["Package"], one]),
    );
    return config.names.map((name) => {
      const one = found.get(name);
      if (!one?.["SHA256"])
        throw new Error(
          `${where}: Debian ${config.suite} (${arch}) has no package ${name} (apt ended with status ${status}):\n${stderr.trim()}`,
        );
      return { name, version: one["Version"]!, sha256: one["SHA256"], size: Number(one["Size"]) };
    });
  } finally {
    rmSync(state, { recursive: true, force: true });
  }
}

/** Writes the lock beside a YAML file, whole or not at all, and tells what changed. */
function lock(folder: string, file: string): void {
  const where = join("tools/image/bases", file);
  const config = parseBase(readFileSync(join(folder, file), "utf8"), where);
  const locked: BaseLock = {
    config,
    packages: Object.fromEntries(config.archs.map((arch) => [arch, resolvePackages(config, arch, where)])),
  };
  const path = join(folder, file.replace(/\.yaml$/, ".lock.json"));
  const before = readdirSync(folder).includes(file.replace(/\.yaml$/, ".lock.json"))
    ? (JSON.parse(readFileSync(path, "utf8")) as BaseLock)
    : undefined;
  writeFileSync(`${path}.part`, `${JSON.stringify(locked, null, 2)}\n`);
  renameSync(`${path}.part`, path);
  for (const arch of config.archs) {
    for (const { name, version } of locked.packages[arch]!) {
      const old = before?.packages[arch]?.find((one) => one.name === name)?.version;
      if (old !== version) console.log(`${where} ${arch}: ${name} ${old ?? "(new)"} -> ${version}`);
    }
  }
  console.log(`${where}: ${config.names.length} packages for ${config.archs.join(" and ")}`);
}

const workspace = process.env["BUILD_WORKSPACE_DIRECTORY"] ?? process.cwd();
const folder = join(workspace, "tools/image/bases");
try {
  for (const file of readdirSync(folder)
    .filter((name) => name.endsWith(".yaml"))
    .sort())
    lock(folder, file);
} catch (error) {
  console.error(`image lock: ${(error as Error).message}`);
  process.exitCode = 1;
}
