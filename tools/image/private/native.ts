import { cpSync, mkdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";

interface Manifest {
  name: string;
  version: string;
  dependencies?: Record<string, string>;
  optionalDependencies?: Record<string, string>;
  os?: string[];
  cpu?: string[];
  libc?: string[];
}

const [out, cpu, wanted, ...folders] = process.argv.slice(2);
if (!out || !cpu || !wanted) {
  console.error("usage: native OUT_FOLDER CPU NAME[,NAME...] PACKAGE_FOLDER...");
  process.exit(64);
}

const packages = new Map<string, { folder: string; manifest: Manifest }>();
for (const folder of folders) {
  const manifest = JSON.parse(readFileSync(join(folder, "package.json"), "utf8")) as Manifest;
  const other = packages.get(manifest.name);
  if (other && other.manifest.version !== manifest.version)
    fail(
      `${manifest.name} is there as ${other.manifest.version} and as ${manifest.version}; a folder of packages beside the bundle has one of each`,
    );
  packages.set(manifest.name, { folder, manifest });
}

const needed = new Set<string>();
for (const name of wanted.split(",")) visit(name, "the image", false);
mkdirSync(out, { recursive: true });
for (const name of [...needed].sort()) {
  const target = join(out, name);
  mkdirSync(dirname(target), { recursive: true });
  cpSync(packages.get(name)!.folder, target, {
    recursive: true,
    dereference: true,
    filter: (path) => !/\.d\.[cm]?ts$/.test(path),
  });
}

/** Adds a package and all that it needs to run on the image's platform: glibc of Linux, and the processor. */
function visit(name: string, asker: string, optional: boolean): void {
  if (needed.has(name)) return;
  const found = packages.get(name);
  if (!found) {
    if (optional) return;
    fail(`${asker} needs ${name}, which is not among the packages; name the package that depends on it`);
  }
  const { manifest } = found;
  if (optional && !(suits(manifest.os, "linux") && suits(manifest.cpu, cpu!) && suits(manifest.libc, "glibc"))) return;
  needed.add(name);
  for (const one of Object.keys(manifest.dependencies ?? {}))
    visit(one, name, one in (manifest.optionalDependencies ?? {}));
  for (const one of Object.keys(manifest.optionalDependencies ?? {})) visit(one, name, true);
}

function suits(allowed: string[] | undefined, found: string): boolean {
  if (!allowed?.length) return true;
  if (allowed.includes(`!${found}`)) return false;
  return allowed.includes(found) || allowed.includes("any") || allowed.every((one) => one.startsWith("!"));
}

function fail(message: string): never {
  console.error(`native packages: ${message}.`);
  process.exit(1);
}
