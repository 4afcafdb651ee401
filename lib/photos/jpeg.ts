/** What the segments of a JPEG file (ITU-T T.81) say. */
export interface Jpeg {
  /** Size in pixels as stored, before the orientation counts. */
  readonly width: number;
  readonly height: number;
  /** Whether the picture is lossless or arithmetic JPEG, which no browser shows (such as raw data in a DNG). */
  readonly exotic: boolean;
  /** Whether the file ends before the picture does. */
  readonly truncated: boolean;
  /** The bodies of the APP6 segments, in which GoPro writes GPMF. */
  readonly app6: readonly Uint8Array[];
}

const NO_FRAME = [0xc4, 0xc8, 0xcc];
const SCAN = 0xda;
const END = 0xd9;

/** Walks the segments of a JPEG; null when the bytes are none, or end before they tell a size. */
export function readJpeg(bytes: Uint8Array): Jpeg | null {
  if (bytes[0] !== 0xff || bytes[1] !== 0xd8) return null;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const app6: Uint8Array[] = [];
  let frame: { width: number; height: number; exotic: boolean } | null = null;
  let ended = false;
  let at = 2;
  while (at + 4 <= bytes.length) {
    if (bytes[at] !== 0xff) break;
    const marker = bytes[at + 1]!;
    if (marker === 0xff) {
      at++;
      continue;
    }
    const length = view.getUint16(at + 2);
    const end = at + 2 + length;
    if (marker >= 0xc0 && marker <= 0xcf && !NO_FRAME.includes(marker) && at + 9 <= bytes.length)
      frame ??= { height: view.getUint16(at + 5), width: view.getUint16(at + 7), exotic: marker > 0xc2 };
    if (marker === 0xe6 && end <= bytes.length) app6.push(bytes.subarray(at + 4, end));
    at = marker === SCAN ? nextMarker(bytes, end) : end;
    ended = bytes[at] === 0xff && bytes[at + 1] === END;
    if (ended) break;
  }
  return frame && frame.width > 0 && frame.height > 0 ? { ...frame, truncated: !ended, app6 } : null;
}

/** Where the entropy-coded data of a scan ends: at the first marker that is no restart and no stuffed byte. */
function nextMarker(bytes: Uint8Array, from: number): number {
  const view = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  for (let at = view.indexOf(0xff, from); at >= 0 && at + 1 < view.length; at = view.indexOf(0xff, at + 1)) {
    const next = view[at + 1]!;
    if (next !== 0 && next !== 0xff && (next < 0xd0 || next > 0xd7)) return at;
  }
  return bytes.length;
}
