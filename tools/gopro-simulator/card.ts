import { mkdir, readdir, rename, rm, stat, utimes, writeFile } from "node:fs/promises";
import path from "node:path";

/** A file on the card. */
export interface CardFile {
  /** Such as `100GOPRO`. */
  readonly folder: string;
  /** `GOPR0001.JPG`, `GOPR0001.GPR` (the raw file beside it) or `G0010001.JPG` (a member of group 1). */
  readonly name: string;
  readonly bytes: number;
  /** Seconds since 1970. */
  readonly createdS: number;
  /** Where it lies on this machine. */
  readonly path: string;
}

/** The SD card: a folder that outlives the simulator. */
export interface Card {
  /** All files, by folder and name. */
  list(): CardFile[];
  /** How many pictures (raw files not counted). */
  readonly pictures: number;
  /** The file at a path such as `100GOPRO/GOPR0001.JPG`, or null. */
  find(mediaPath: string): CardFile | null;
  /** Writes a picture under the next free name, with its raw file beside it; each appears whole or not at all. */
  add(bytes: Uint8Array, createdAt: Date, raw?: Uint8Array): Promise<CardFile>;
  /** Writes pictures as one group under the next free names. */
  addGroup(pictures: readonly Uint8Array[], createdAt: Date): Promise<CardFile[]>;
  /** Deletes a file; false when there is none. */
  remove(mediaPath: string): Promise<boolean>;
  /** Deletes everything; names begin with 100GOPRO/GOPR0001.JPG again. */
  format(): Promise<void>;
}

const MEDIA_PATH = /^\d{3}GOPRO\/(?:GOPR(\d{4})\.(?:JPG|GPR)|G\d{3}(\d{4})\.JPG)$/;
const FILES_A_FOLDER = 999;

/** Opens the card in a folder, which is made when it is not there. */
export async function openCard(root: string): Promise<Card> {
  const dcim = path.join(root, "DCIM");
  const files = new Map<string, CardFile>();
  let last = { folder: 100, file: 0 };
  let group = 0;

  await mkdir(dcim, { recursive: true });
  for (const folder of (await readdir(dcim)).sort())
    for (const name of (await readdir(path.join(dcim, folder))).sort()) {
      const number = MEDIA_PATH.exec(`${folder}/${name}`);
      if (!number) continue;
      const file = path.join(dcim, folder, name);
      const { size, mtimeMs } = await stat(file);
      files.set(`${folder}/${name}`, { folder, name, bytes: size, createdS: Math.floor(mtimeMs / 1000), path: file });
      last = { folder: Number(folder.slice(0, 3)), file: Math.max(lastIn(folder), Number(number[1] ?? number[2])) };
      if (number[2]) group = Math.max(group, Number(name.slice(1, 4)));
    }

  function lastIn(folder: string): number {
    return Number(folder.slice(0, 3)) === last.folder ? last.file : 0;
  }
  const nextNumber = (): { folder: string; number: string } => {
    last = last.file >= FILES_A_FOLDER ? { folder: last.folder + 1, file: 1 } : { ...last, file: last.file + 1 };
    return { folder: `${last.folder}GOPRO`, number: String(last.file).padStart(4, "0") };
  };
  const write = async (folder: string, name: string, bytes: Uint8Array, createdAt: Date): Promise<CardFile> => {
    const target = path.join(dcim, folder, name);
    await mkdir(path.dirname(target), { recursive: true });
    await writeFile(`${target}.part`, bytes);
    await utimes(`${target}.part`, createdAt, createdAt);
    await rename(`${target}.part`, target);
    const createdS = Math.floor(createdAt.getTime() / 1000);
    const file = { folder, name, bytes: bytes.byteLength, createdS, path: target };
    files.set(`${folder}/${name}`, file);
    return file;
  };

  return {
    list: () => [...files.values()],
    get pictures() {
      return [...files.values()].filter(({ name }) => name.endsWith(".JPG")).length;
    },
    find: (mediaPath) => files.get(mediaPath) ?? null,
    async add(bytes, createdAt, raw) {
      const { folder, number } = nextNumber();
      if (raw) await write(folder, `GOPR${number}.GPR`, raw, createdAt);
      return write(folder, `GOPR${number}.JPG`, bytes, createdAt);
    },
    async addGroup(pictures, createdAt) {
      if (last.file + pictures.length > FILES_A_FOLDER) last = { folder: last.folder + 1, file: 0 };
      const prefix = `G${String(++group).padStart(3, "0")}`;
      const members = pictures.map((bytes) => ({ ...nextNumber(), bytes }));
      return Promise.all(
        members.map(({ folder, number, bytes }) => write(folder, `${prefix}${number}.JPG`, bytes, createdAt)),
      );
    },
    async remove(mediaPath) {
      const file = files.get(mediaPath);
      if (!file) return false;
      files.delete(mediaPath);
      await rm(file.path);
      return true;
    },
    async format() {
      files.clear();
      last = { folder: 100, file: 0 };
      group = 0;
      await rm(dcim, { recursive: true });
      await mkdir(dcim);
    },
  };
}
