import type { Readable } from "node:stream";
import { type Entry, fromBufferPromise } from "yauzl";

/** What an archive may unpack to. */
export interface ZipLimits {
  readonly maxEntries: number;
  /** Bytes of the member that is unpacked. */
  readonly maxBytes: number;
  /** How many times its packed size a member may be, above the first megabyte. */
  readonly maxRatio: number;
}

/** 10,000 members; 200 times, which is more than coordinates in text ever reach (about 10). */
export const ZIP_LIMITS: Pick<ZipLimits, "maxEntries" | "maxRatio"> = { maxEntries: 10_000, maxRatio: 200 };

/** The result of {@link unzipOne}. A `bomb` is over one of the limits. */
export type Unzipped =
  | { readonly kind: "member"; readonly name: string; readonly bytes: Uint8Array }
  | { readonly kind: "none" }
  | { readonly kind: "bomb"; readonly message: string }
  | { readonly kind: "broken"; readonly message: string; readonly cause: unknown };

/**
 * Unpacks one member of a ZIP archive into memory: the first in the order of `prefer` (the lowest number that is not null).
 * Nothing is written to disk, so that names which climb out of a folder do no harm; they are refused all the same.
 * Sizes are held against the bytes that really come out, not only against what the archive says.
 */
export async function unzipOne(
  bytes: Uint8Array,
  prefer: (name: string) => number | null,
  limits: ZipLimits,
): Promise<Unzipped> {
  try {
    const zip = await fromBufferPromise(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength));
    if (zip.entryCount > limits.maxEntries)
      return bomb(`it has ${zip.entryCount} members, more than ${limits.maxEntries}`);
    let best: { entry: Entry; rank: number } | undefined;
    for await (const entry of zip.eachEntry()) {
      const rank = prefer(entry.fileName);
      if (rank !== null && (!best || rank < best.rank)) best = { entry, rank };
    }
    if (!best) return { kind: "none" };
    const { entry } = best;
    const allowed = Math.min(limits.maxBytes, 1024 * 1024 + entry.compressedSize * limits.maxRatio);
    if (entry.uncompressedSize > allowed)
      return bomb(`${entry.fileName} would unpack ${entry.compressedSize} bytes to ${entry.uncompressedSize}`);
    const unpacked = await collect(await zip.openReadStreamPromise(entry), allowed);
    return unpacked
      ? { kind: "member", name: entry.fileName, bytes: unpacked }
      : bomb(`${entry.fileName} unpacks to more than ${allowed} bytes`);
  } catch (cause) {
    const message = cause instanceof Error ? cause.message : String(cause);
    return { kind: "broken", message: `The ZIP archive cannot be read: ${message}.`, cause };
  }
}

const bomb = (why: string): Unzipped => ({ kind: "bomb", message: `The ZIP archive is refused: ${why}.` });

async function collect(stream: Readable, maxBytes: number): Promise<Uint8Array | undefined> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of stream) {
    if (!(chunk instanceof Uint8Array)) continue;
    size += chunk.length;
    if (size > maxBytes) {
      stream.destroy();
      return undefined;
    }
    chunks.push(chunk);
  }
  return Buffer.concat(chunks, size);
}
