/** Entries of a directory: texts, or lists of LONG values. */
export type Entries = Readonly<Record<number, string | readonly number[]>>;

/**
 * Writes a DNG (a TIFF whose first directory has DNGVersion) with a JPEG in a SubIFD and lossless raw data beside it, as
 * cameras do. A make of GoPro in the first directory makes it a GPR.
 */
export function dngWith(jpeg: Uint8Array | null, first: Entries, exif: Entries = {}): Uint8Array {
  const raw = Buffer.from([0xff, 0xd8, 0xff, 0xc3, 0, 11, 14, 0x0f, 0, 0x14, 0, 1, 1, 0x11, 0, 0xff, 0xd9]);
  const file = [Buffer.from([0x49, 0x49, 42, 0, 0, 0, 0, 0])];
  const add = (part: Uint8Array) => {
    const at = file.reduce((sum, { length }) => sum + length, 0);
    file.push(Buffer.from(part), Buffer.alloc(part.length % 2));
    return at;
  };
  const strips = [raw, ...(jpeg ? [jpeg] : [])].map((part) => ({ from: add(part), length: part.length }));
  const subs = strips.map(({ from, length }) => addDirectory(add, { 0x0103: [7], 0x0111: [from], 0x0117: [length] }));
  const described = Object.keys(exif).length > 0 ? { 0x8769: [addDirectory(add, exif)] } : {};
  const start = addDirectory(add, { ...first, ...described, 0x014a: subs, 0xc612: [1, 4, 0, 0] });
  file[0]!.writeUInt32LE(start, 4);
  return Buffer.concat(file);
}

function addDirectory(add: (part: Uint8Array) => number, entries: Entries): number {
  const rows = Object.entries(entries).map(([tag, value]) => {
    const data = typeof value === "string" ? Buffer.from(`${value}\0`, "latin1") : longs(value);
    const row = Buffer.alloc(12);
    row.writeUInt16LE(Number(tag), 0);
    row.writeUInt16LE(typeof value === "string" ? 2 : 4, 2);
    row.writeUInt32LE(typeof value === "string" ? data.length : value.length, 4);
    if (data.length <= 4) data.copy(row, 8);
    else row.writeUInt32LE(add(data), 8);
    return row;
  });
  const count = Buffer.alloc(2);
  count.writeUInt16LE(rows.length);
  return add(Buffer.concat([count, ...rows, Buffer.alloc(4)]));
}

function longs(values: readonly number[]): Buffer {
  const data = Buffer.alloc(values.length * 4);
  values.forEach((value, index) => data.writeUInt32LE(value, index * 4));
  return data;
}
