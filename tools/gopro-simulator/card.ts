import { mkdir, readdir, rename, rm, stat, utimes, writeFile } from "node:fs/promises";
import path from "node:path";

/** A picture on the card. */
export interface CardFile {
  /** Such as `100GOPRO`. */
  readonly folder: string;
  /** Such as `GOPR0001.JPG`. */
  readonly name: string;
  readonly bytes: number;
  /** Seconds since 1970. */
  readonly createdS: number;
  /** Where it lies on this machine. */
  readonly path: string;
}

/** The SD card: a folder that outlives the simulator. */
export interface Card {
  /** All pictures, oldest first. */
  list(): Promise<CardFile[]>;
  /** The picture at a path such as `100GOPRO/GOPR0001.JPG`, or null. */
  find(mediaPath: string): Promise<CardFile | null>;
  /** Writes a picture under the next free name; it appears whole or not at all. */
  add(bytes: Uint8Array, createdAt: Date): Promise<CardFile>;
  /** Deletes a picture; false when there is none. */
  remove(mediaPath: string): Promise<boolean>;
}

const MEDIA_PATH = /^(\d{3}GOPRO)\/(GOPR(\d{4})\.JPG)$/;
const FILES_A_FOLDER = 999;

/** Opens the card in a folder, which is made when it is not there. */
export async function openCard(root: string): Promise<Card> {
  const dcim = path.join(root, "DCIM");
  await mkdir(dcim, { recursive: true });

  const find = async (mediaPath: string): Promise<CardFile | null> => {
    const match = MEDIA_PATH.exec(mediaPath);
    if (!match) return null;
    const file = path.join(dcim, mediaPath);
    const found = await stat(file).catch(() => null);
    if (!found) return null;
    return {
      folder: match[1]!,
      name: match[2]!,
      bytes: found.size,
      createdS: Math.floor(found.mtimeMs / 1000),
      path: file,
    };
  };

  const list = async () => {
    const files: CardFile[] = [];
    for (const folder of (await readdir(dcim)).sort()) {
      for (const name of (await readdir(path.join(dcim, folder))).sort()) {
        const file = await find(`${folder}/${name}`);
        if (file) files.push(file);
      }
    }
    return files;
  };

  const first = (await list()).at(-1);
  let last = first
    ? { folder: Number(first.folder.slice(0, 3)), file: Number(first.name.slice(4, 8)) }
    : { folder: 100, file: 0 };
  return {
    list,
    find,
    async add(bytes, createdAt) {
      last = last.file >= FILES_A_FOLDER ? { folder: last.folder + 1, file: 1 } : { ...last, file: last.file + 1 };
      const folder = `${last.folder}GOPRO`;
      const name = `GOPR${String(last.file).padStart(4, "0")}.JPG`;
      const target = path.join(dcim, folder, name);
      await mkdir(path.dirname(target), { recursive: true });
      await writeFile(`${target}.part`, bytes);
      await utimes(`${target}.part`, createdAt, createdAt);
      await rename(`${target}.part`, target);
      return { folder, name, bytes: bytes.byteLength, createdS: Math.floor(createdAt.getTime() / 1000), path: target };
    },
    async remove(mediaPath) {
      const file = await find(mediaPath);
      if (file) await rm(file.path);
      return file !== null;
    },
  };
}
