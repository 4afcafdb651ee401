/** A regular file of a tar archive. */
export interface TarEntry {
  readonly path: string;
  readonly mode: number;
  readonly content: Uint8Array;
}

const BLOCK = 512;

function text(block: Buffer, start: number, length: number): string {
  const field = block.subarray(start, start + length);
  const end = field.indexOf(0);
  return field.toString("utf8", 0, end < 0 ? length : end);
}

/** The regular files of a ustar archive (POSIX.1-1988), in its order. Links and devices are refused: nothing of ours has them. */
export function readTar(archive: Buffer): TarEntry[] {
  const entries: TarEntry[] = [];
  for (let at = 0; at + BLOCK <= archive.length && archive[at] !== 0;) {
    const header = archive.subarray(at, at + BLOCK);
    const path = text(header, 0, 100);
    const size = Number.parseInt(text(header, 124, 12), 8);
    const kind = text(header, 156, 1) || "0";
    if (kind === "0") {
      const start = at + BLOCK;
      entries.push({
        path,
        mode: Number.parseInt(text(header, 100, 8), 8) & 0o777,
        content: archive.subarray(start, start + size),
      });
    } else if (kind !== "5") {
      throw new Error(
        `the archive holds ${path} of type "${kind}"; expected only files and folders: unpack it by another program`,
      );
    }
    at += BLOCK + Math.ceil(size / BLOCK) * BLOCK;
  }
  return entries;
}
