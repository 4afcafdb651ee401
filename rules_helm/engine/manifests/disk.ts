import {
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmdirSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { dirname, join } from "node:path";
import type { Difference, Files } from "./tree.ts";

/** Every file below a folder. A folder that is not there has none. */
export function readFolder(folder: string): Files {
  const files = new Map<string, Buffer>();
  const visit = (path: string): void => {
    for (const name of readdirSync(join(folder, path)).sort()) {
      const below = path === "" ? name : `${path}/${name}`;
      if (statSync(join(folder, below)).isDirectory()) visit(below);
      else files.set(below, readFileSync(join(folder, below)));
    }
  };
  if (existsSync(folder)) visit("");
  return files;
}

/**
 * The manifests of a checkout: files below the overlays' folders. What stands in the folder itself (its BUILD file, a
 * README) and hidden files are not looked at.
 */
export function readCommitted(folder: string): Files {
  return new Map([...readFolder(folder)].filter(([path]) => isCommittedManifest(path)));
}

/** True for the path of a file in the folder of an overlay, hidden ones excepted. */
export function isCommittedManifest(path: string): boolean {
  const parts = path.split("/");
  return parts.length > 1 && !parts.some((part) => part.startsWith("."));
}

/** True for files that may be deleted when no application renders them. */
export function isManifest(path: string): boolean {
  return /\.ya?ml$/.test(path);
}

/** Writes what is stale or missing and deletes orphaned manifests. Each file is replaced as a whole. */
export function writeDifference(folder: string, rendered: Files, { stale, missing, orphans }: Difference): void {
  for (const path of [...stale, ...missing]) {
    const target = join(folder, path);
    mkdirSync(dirname(target), { recursive: true });
    const part = `${target}.${process.pid}.part`;
    writeFileSync(part, rendered.get(path)!, { mode: 0o644 });
    renameSync(part, target);
  }
  for (const path of orphans.filter(isManifest)) {
    rmSync(join(folder, path));
    removeEmpty(folder, dirname(path));
  }
}

function removeEmpty(folder: string, path: string): void {
  const target = join(folder, path);
  if (path === "." || !lstatSync(target).isDirectory() || readdirSync(target).length > 0) return;
  rmdirSync(target);
  removeEmpty(folder, dirname(path));
}
