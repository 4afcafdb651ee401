import { chmodSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { blobPath, type PlatformImage } from "../layout.ts";

/** An entry of a layer. `path` is without slashes at its ends; `content` is empty but for files. */
export interface Entry {
  path: string;
  type: "file" | "link" | "folder";
  mode: number;
  uid: number;
  gid: number;
  mtime: number;
  link: string;
  content: Buffer;
}

const TYPES: Record<string, Entry["type"]> = { "0": "file", "2": "link", "5": "folder" };

/** The entries of an uncompressed tar archive; names that are longer than a block's field are GNU's long names. */
export function* entries(archive: Buffer): Generator<Entry> {
  let long = "";
  for (let at = 0; at + 512 <= archive.length;) {
    const header = archive.subarray(at, at + 512);
    const text = (from: number, length: number) => header.toString("utf8", from, from + length).replace(/\0.*$/s, "");
    const octal = (from: number, length: number) => parseInt(text(from, length).trim() || "0", 8);
    if (text(0, 100) === "") return;
    const size = octal(124, 12);
    const content = archive.subarray(at + 512, at + 512 + size);
    at += 512 + Math.ceil(size / 512) * 512;
    const path = long || text(0, 100);
    const flag = text(156, 1);
    long = flag === "L" ? content.toString("utf8").replace(/\0.*$/s, "") : "";
    if (flag === "L") continue;
    const type = TYPES[flag];
    if (!type)
      throw new Error(`${path} is of type "${flag}"; a layer is expected to have files, links and folders only`);
    const owner = { uid: octal(108, 8), gid: octal(116, 8) };
    yield {
      path: path.replace(/^\.?\/|\/$/g, ""),
      type,
      mode: octal(100, 8),
      ...owner,
      mtime: octal(136, 12),
      link: text(157, 100),
      content,
    };
  }
}

/** The entries of an image's layers, lowest first. */
export function* layerEntries(layout: string, image: PlatformImage): Generator<Entry> {
  for (const layer of image.layers) yield* entries(readFileSync(blobPath(layout, layer.digest)));
}

/** Unpacks an image into a folder. Owners are not set; where `readOnly`, nothing can be written by the owner either. */
export function unpack(layout: string, image: PlatformImage, root: string, readOnly = true): void {
  const folders = new Map<string, number>();
  for (const { path, type, mode, link, content } of layerEntries(layout, image)) {
    const place = join(root, path);
    mkdirSync(type === "folder" ? place : dirname(place), { recursive: true });
    if (type === "folder") folders.set(place, mode);
    if (type === "link") symlinkSync(link, place);
    if (type === "file") writeFileSync(place, content, { mode: readOnly ? mode & 0o555 : mode });
  }
  for (const [place, mode] of [...folders].sort(([a], [b]) => b.length - a.length))
    chmodSync(place, readOnly ? mode & 0o555 : mode);
  if (readOnly) chmodSync(root, 0o555);
}
