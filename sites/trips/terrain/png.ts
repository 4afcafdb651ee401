import { crc32, deflateSync } from "node:zlib";

const SIGNATURE = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
const UP = 2;

function chunk(type: string, data: Uint8Array): Buffer {
  const out = Buffer.alloc(12 + data.length);
  out.writeUInt32BE(data.length, 0);
  out.write(type, 4, "latin1");
  out.set(data, 8);
  out.writeUInt32BE(crc32(out.subarray(4, 8 + data.length)), 8 + data.length);
  return out;
}

/** Writes 8-bit red, green, blue, row by row from the top left, as a PNG. Rows are stored as differences to the one above. */
export function writePng(rgb: Uint8Array, width: number): Buffer {
  const row = width * 3;
  const height = rgb.length / row;
  const lines = Buffer.alloc((row + 1) * height);
  for (let y = 0; y < height; y++) {
    lines[y * (row + 1)] = UP;
    for (let x = 0; x < row; x++) {
      const above = y === 0 ? 0 : rgb[(y - 1) * row + x]!;
      lines[y * (row + 1) + 1 + x] = (rgb[y * row + x]! - above) & 255;
    }
  }
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([8, 2, 0, 0, 0], 8);
  const data = deflateSync(lines, { level: 9 });
  return Buffer.concat([SIGNATURE, chunk("IHDR", header), chunk("IDAT", data), chunk("IEND", Buffer.alloc(0))]);
}
