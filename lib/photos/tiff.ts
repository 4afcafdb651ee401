/** One image file directory of a TIFF file. Values that lie outside the file are absent. */
export interface TiffDirectory {
  has(tag: number): boolean;
  /** Unsigned integers (BYTE, SHORT, LONG, IFD) of a tag; empty when there are none. */
  numbers(tag: number): number[];
  /** An ASCII tag up to its first NUL, or null. */
  text(tag: number): string | null;
}

const SUB_IFDS = 0x014a;
const MOST_DIRECTORIES = 32;
const MOST_VALUES = 100_000;
const WIDTHS: Readonly<Record<number, number>> = { 1: 1, 2: 1, 3: 2, 4: 4, 13: 4 };

/**
 * Reads the directories of a TIFF file (TIFF 6.0), main ones first and their SubIFDs after; null when it is none.
 * Knows only integers and texts, which is what tells kinds and finds embedded previews; exifr reads the rest.
 */
export function readTiff(bytes: Uint8Array): { directories: TiffDirectory[] } | null {
  if (bytes.length < 8) return null;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const mark = view.getUint16(0);
  if (mark !== 0x4949 && mark !== 0x4d4d) return null;
  const little = mark === 0x4949;
  if (view.getUint16(2, little) !== 42) return null;

  const directories: TiffDirectory[] = [];
  const seen = new Set<number>();
  const queue = [view.getUint32(4, little)];
  for (let offset = queue.shift(); offset !== undefined; offset = queue.shift()) {
    if (offset < 8 || offset + 2 > bytes.length || seen.has(offset) || directories.length >= MOST_DIRECTORIES) continue;
    seen.add(offset);
    const count = view.getUint16(offset, little);
    const end = offset + 2 + count * 12;
    if (end > bytes.length) continue;
    const directory = directoryAt(view, offset, count, little);
    directories.push(directory);
    if (end + 4 <= bytes.length) queue.push(view.getUint32(end, little));
    queue.push(...directory.numbers(SUB_IFDS));
  }
  return directories.length > 0 ? { directories } : null;
}

function directoryAt(view: DataView, offset: number, count: number, little: boolean): TiffDirectory {
  const entries = new Map<number, number>();
  for (let index = 0; index < count; index++) {
    const at = offset + 2 + index * 12;
    entries.set(view.getUint16(at, little), at);
  }
  const locate = (tag: number) => {
    const at = entries.get(tag);
    if (at === undefined) return null;
    const width = WIDTHS[view.getUint16(at + 2, little)];
    const values = view.getUint32(at + 4, little);
    if (!width || values > MOST_VALUES) return null;
    const from = width * values <= 4 ? at + 8 : view.getUint32(at + 8, little);
    return from + width * values <= view.byteLength ? { from, width, values } : null;
  };
  return {
    has: (tag) => entries.has(tag),
    numbers(tag) {
      const found = locate(tag);
      if (!found) return [];
      return Array.from({ length: found.values }, (_, index) => {
        const at = found.from + index * found.width;
        if (found.width === 1) return view.getUint8(at);
        return found.width === 2 ? view.getUint16(at, little) : view.getUint32(at, little);
      });
    },
    text(tag) {
      const found = locate(tag);
      if (found?.width !== 1) return null;
      const bytes = new Uint8Array(view.buffer, view.byteOffset + found.from, found.values);
      return new TextDecoder("latin1").decode(bytes).split("\0")[0] ?? null;
    },
  };
}
