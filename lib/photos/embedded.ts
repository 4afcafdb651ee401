import { readJpeg } from "./jpeg.ts";
import { readTiff, type TiffDirectory } from "./tiff.ts";

const TAG = { stripOffsets: 0x0111, stripBytes: 0x0117, jpegOffset: 0x0201, jpegBytes: 0x0202 };

/**
 * The largest JPEG inside a DNG or GPR that browsers can show, as stored (the orientation of the file counts for it);
 * null when there is none. Lossless JPEG, which holds raw data, does not count.
 */
export function embeddedJpeg(bytes: Uint8Array): { bytes: Uint8Array; width: number; height: number } | null {
  let best: { bytes: Uint8Array; width: number; height: number } | null = null;
  for (const { from, length } of readTiff(bytes)?.directories.flatMap(candidates) ?? []) {
    const part = bytes.subarray(from, from + length);
    const jpeg = from + length <= bytes.length ? readJpeg(part) : null;
    if (!jpeg || jpeg.exotic || jpeg.truncated) continue;
    if (!best || jpeg.width * jpeg.height > best.width * best.height)
      best = { bytes: part, width: jpeg.width, height: jpeg.height };
  }
  return best;
}

function candidates(directory: TiffDirectory): { from: number; length: number }[] {
  const pair = (offsets: number[], lengths: number[]) =>
    offsets.length === 1 && lengths.length === 1 ? [{ from: offsets[0]!, length: lengths[0]! }] : [];
  return [
    ...pair(directory.numbers(TAG.jpegOffset), directory.numbers(TAG.jpegBytes)),
    ...pair(directory.numbers(TAG.stripOffsets), directory.numbers(TAG.stripBytes)),
  ];
}
