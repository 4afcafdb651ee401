import { mkdirSync, readdirSync, statSync } from "node:fs";
import { open, rename, rm, stat, statfs } from "node:fs/promises";
import path from "node:path";

/** Whether more may be taken over from the card. */
export type Room = { readonly kind: "room" } | { readonly kind: "full"; readonly reason: string };

/** How much the spool may hold. */
export interface SpoolLimits {
  /** At most so many bytes in the spool. */
  readonly maxBytes: number;
  /** At least so many bytes of the disk stay free. */
  readonly minFreeBytes: number;
}

/** A folder for the bytes between the card and the store: `<photo>.part` while they arrive, `<photo>` when all are on disk. */
export interface Spool {
  /** Where the bytes of a photo arrive. */
  part(id: number): string;
  /** Where the whole bytes of a photo are. */
  whole(id: number): string;
  /** Length of the whole bytes, or null while they are not there. */
  size(id: number): Promise<number | null>;
  /** Makes the arrived bytes the whole ones; they are on disk when it returns. */
  commit(id: number): Promise<void>;
  /** Removes whatever there is of a photo. */
  remove(id: number): Promise<void>;
  /**
   * Removes what belongs to no photo of a list; returns how many files.
   * @param parts whether bytes that are still arriving may be trusted: not after a power cut, since they were never synced
   */
  sweep(keep: ReadonlySet<number>, parts: boolean): Promise<number>;
  /** Whether so many bytes more may come in. */
  room(bytes: number): Promise<Room>;
  usage(): Promise<{ files: number; bytes: number; freeBytes: number }>;
}

/** Opens the spool in a folder, which is made when it is not there. */
export function openSpool(folder: string, limits: SpoolLimits): Spool {
  mkdirSync(folder, { recursive: true });
  const sizes = new Map(readdirSync(folder).map((name) => [name, statSync(path.join(folder, name)).size]));
  const part = (id: number) => path.join(folder, `${id}.part`);
  const whole = (id: number) => path.join(folder, String(id));
  const free = async () => {
    const { bavail, bsize } = await statfs(folder);
    return bavail * bsize;
  };
  const total = () => [...sizes.values()].reduce((sum, size) => sum + size, 0);
  const drop = async (name: string) => {
    await rm(path.join(folder, name), { force: true });
    sizes.delete(name);
  };

  return {
    part,
    whole,
    size: async (id) => (await stat(whole(id)).catch(() => null))?.size ?? null,
    async commit(id) {
      const file = await open(part(id), "r+");
      try {
        await file.sync();
        sizes.set(String(id), (await file.stat()).size);
      } finally {
        await file.close();
      }
      await rename(part(id), whole(id));
      sizes.delete(`${id}.part`);
      const directory = await open(folder, "r");
      await directory.sync().finally(() => directory.close());
    },
    async remove(id) {
      await drop(`${id}.part`);
      await drop(String(id));
    },
    async sweep(keep, parts) {
      const kept = (name: string) =>
        keep.has(Number(name.replace(/\.part$/, ""))) && (parts || !name.endsWith(".part"));
      const strays = readdirSync(folder).filter((name) => !kept(name));
      for (const name of strays) await drop(name);
      return strays.length;
    },
    async room(bytes) {
      const [held, freeBytes] = [total(), await free()];
      if (freeBytes - bytes < limits.minFreeBytes)
        return {
          kind: "full",
          reason: `the disk has ${megabytes(freeBytes)} free, of which ${megabytes(limits.minFreeBytes)} stay free (SPOOL_MIN_FREE_MB); make room on it`,
        };
      if (held > 0 && held + bytes > limits.maxBytes)
        return {
          kind: "full",
          reason: `the spool holds ${megabytes(held)} of ${megabytes(limits.maxBytes)} (SPOOL_MAX_MB); it empties when the store and the stream answer`,
        };
      return { kind: "room" };
    },
    usage: async () => ({ files: sizes.size, bytes: total(), freeBytes: await free() }),
  };
}

const megabytes = (bytes: number): string => `${Math.round(bytes / 1e5) / 10} MB`;
