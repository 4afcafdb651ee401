import { chmodSync, lstatSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";

/** What became of a file that was to be replaced. */
export type Written = "written" | "changed meanwhile" | "gone meanwhile";

/**
 * Replaces a file as a whole, its mode kept, if it still is a plain file with the bytes `from`.
 * Nobody sees half a file, and an edit that came meanwhile stays. Throws when the disk refuses; the file is then as it was.
 */
export function replaceFile(path: string, from: Buffer, to: Buffer): Written {
  const stat = lstatSync(path, { throwIfNoEntry: false });
  if (stat === undefined) return "gone meanwhile";
  if (!stat.isFile()) return "changed meanwhile";
  const temporary = join(dirname(path), `.${basename(path).slice(0, 40)}.${process.pid}.format`);
  try {
    writeFileSync(temporary, to, { flag: "wx" });
    chmodSync(temporary, stat.mode & 0o7777);
    const now = readFileSync(path);
    if (now.equals(to)) return "written";
    if (!now.equals(from)) return "changed meanwhile";
    renameSync(temporary, path);
    return "written";
  } finally {
    rmSync(temporary, { force: true });
  }
}
