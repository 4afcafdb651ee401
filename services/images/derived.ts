import { randomUUID } from "node:crypto";
import { mkdir, readdir, readFile, rename, rm, stat, utimes, writeFile } from "node:fs/promises";
import { join } from "node:path";

/** Made pictures, kept by a name of 64 hex digits. Nothing in it is needed: each can be made again. */
export interface Derived {
  /** The bytes, or null when they are not kept, or no longer. */
  get(name: string): Promise<Buffer | null>;
  /** Keeps bytes, and drops those that were not asked for longest when there are too many. */
  put(name: string, bytes: Buffer): Promise<void>;
  /** How many bytes are kept. */
  readonly bytes: number;
  /** How many pictures are kept. */
  readonly size: number;
}

const NAME = /^[0-9a-f]{64}$/;

/**
 * Opens a folder of made pictures, with what an earlier run has left in it. A file gets its name when it is whole; what an
 * interrupted run has left behind is deleted. The folder has to be this process's own.
 *
 * @param limit bytes to keep; 0 keeps nothing and touches no folder
 */
export async function openDerived(folder: string, limit: number): Promise<Derived> {
  if (limit === 0) return { get: async () => null, put: async () => {}, bytes: 0, size: 0 };
  const sizes = new Map<string, number>();
  let bytes = 0;
  const place = (name: string) => join(folder, name.slice(0, 2), name);

  const known: { name: string; size: number; at: number }[] = [];
  await mkdir(folder, { recursive: true });
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    const path = join(entry.parentPath, entry.name);
    if (entry.isDirectory()) continue;
    if (!NAME.test(entry.name)) {
      await rm(path, { force: true });
      continue;
    }
    const { size, mtimeMs } = await stat(path);
    known.push({ name: entry.name, size, at: mtimeMs });
  }
  for (const { name, size } of known.sort((a, b) => a.at - b.at)) {
    sizes.set(name, size);
    bytes += size;
  }

  async function drop(name: string): Promise<void> {
    bytes -= sizes.get(name) ?? 0;
    sizes.delete(name);
    await rm(place(name), { force: true });
  }

  async function makeRoom(): Promise<void> {
    for (const name of sizes.keys()) {
      if (bytes <= limit) return;
      await drop(name);
    }
  }
  await makeRoom();

  return {
    async get(name) {
      const size = sizes.get(name);
      if (size === undefined) return null;
      sizes.delete(name);
      sizes.set(name, size);
      try {
        const kept = await readFile(place(name));
        const now = new Date();
        void utimes(place(name), now, now).catch(() => {});
        return kept;
      } catch {
        await drop(name);
        return null;
      }
    },
    async put(name, content) {
      if (content.byteLength > limit) return;
      const path = place(name);
      const part = `${path}.${randomUUID()}.part`;
      await mkdir(join(folder, name.slice(0, 2)), { recursive: true });
      try {
        await writeFile(part, content);
        await rename(part, path);
      } catch (error) {
        await rm(part, { force: true }).catch(() => {});
        throw error;
      }
      bytes += content.byteLength - (sizes.get(name) ?? 0);
      sizes.delete(name);
      sizes.set(name, content.byteLength);
      await makeRoom();
    },
    get bytes() {
      return bytes;
    },
    get size() {
      return sizes.size;
    },
  };
}
