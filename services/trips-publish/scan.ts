import { opendir, stat } from "node:fs/promises";
import path from "node:path";
import type { FoundFile } from "./store.ts";

const RAW = /\.(gpr|dng)$/i;
const JPEG = /\.jpe?g$/i;
const PICTURE = /\.(jpe?g|heic|heif|png|webp|avif|tiff?|gpr|dng)$/i;

/** Files of one folder with what could not be looked at. */
export interface Listing {
  readonly files: readonly FoundFile[];
  readonly unreadable: readonly { readonly path: string; readonly message: string }[];
}

/**
 * Lists the pictures under a folder (or a single file), a folder at a time: names that begin with a dot (`._*` of macOS
 * among them) and links are left out, and so are files whose name is not that of a picture, unless `all` is set. What a
 * file is, its bytes tell later. A JPEG beside a RAW file of the same name belongs to that.
 */
export async function* listPictures(root: string, all = false): AsyncGenerator<Listing> {
  const resolved = path.resolve(root);
  const info = await stat(resolved);
  if (!info.isDirectory()) {
    yield { files: [found(resolved, info)], unreadable: [] };
    return;
  }
  const folders = [resolved];
  for (let folder = folders.shift(); folder !== undefined; folder = folders.shift()) {
    const [names, below] = [[] as string[], [] as string[]];
    const unreadable: { path: string; message: string }[] = [];
    try {
      for await (const entry of await opendir(folder)) {
        if (entry.name.startsWith(".")) continue;
        if (entry.isDirectory()) below.push(path.join(folder, entry.name));
        else if (entry.isFile() && (all || PICTURE.test(entry.name))) names.push(entry.name);
      }
    } catch (error) {
      unreadable.push({ path: folder, message: (error as Error).message });
    }
    folders.unshift(...below.sort());
    yield { files: await inspect(folder, names.sort(), unreadable), unreadable };
  }
}

async function inspect(
  folder: string,
  names: readonly string[],
  unreadable: { path: string; message: string }[],
): Promise<FoundFile[]> {
  const pairs = besides(names);
  const used = new Set(pairs.values());
  const files: FoundFile[] = [];
  for (const name of names) {
    if (used.has(name)) continue;
    const file = path.join(folder, name);
    const beside = pairs.get(name);
    try {
      files.push({ ...found(file, await stat(file)), beside: beside === undefined ? null : path.join(folder, beside) });
    } catch (error) {
      unreadable.push({ path: file, message: (error as Error).message });
    }
  }
  return files;
}

/** Which JPEG belongs to which RAW file, by name. */
export function besides(names: readonly string[]): Map<string, string> {
  const stem = (name: string) => name.slice(0, name.lastIndexOf(".")).toLowerCase();
  const jpegs = new Map(names.filter((name) => JPEG.test(name)).map((name) => [stem(name), name]));
  const pairs = names.filter((name) => RAW.test(name)).map((name) => [name, jpegs.get(stem(name))] as const);
  return new Map(pairs.filter((pair): pair is readonly [string, string] => pair[1] !== undefined));
}

function found(file: string, { size, mtimeMs }: { size: number; mtimeMs: number }): FoundFile {
  return { path: file, bytes: size, modifiedMs: Math.floor(mtimeMs), beside: null };
}
