import { Refusal } from "./reading.ts";

/** One of the files that a FIT file is made of: its bytes up to the last whole message, with a header that says so. */
export interface FitFile {
  readonly bytes: Buffer<ArrayBuffer>;
  /** Why what stands behind is lost; null when the file is whole. */
  readonly fault: string | null;
}

/** Twenty-three days of a record a second. More would take gigabytes as objects. */
const MAX_MESSAGES = 2_000_000;
const HEADERS = [12, 14];

/** Whether a FIT file begins at an offset. */
export function isFit(bytes: Uint8Array, at = 0): boolean {
  return HEADERS.includes(bytes[at] ?? 0) && Buffer.from(bytes.subarray(at + 8, at + 12)).toString("latin1") === ".FIT";
}

/**
 * Walks over the messages of a FIT file (FIT protocol, record headers and definition messages) without looking into them: finds
 * the files that were put behind each other, and where one of them was cut off, as receivers do whose battery is empty.
 *
 * @throws Refusal `hostile` at messages without any content, `too-large` at more than two million messages
 */
export function fitFilesOf(bytes: Uint8Array): FitFile[] {
  const files: FitFile[] = [];
  let messages = 0;
  for (let start = 0; isFit(bytes, start);) {
    const header = bytes[start]!;
    const said = Buffer.from(bytes.buffer, bytes.byteOffset + start, 12).readUInt32LE(4);
    const whole = said > 0 && start + header + said <= bytes.length;
    const limit = whole ? start + header + said : bytes.length;
    const walk = walkMessages(bytes, start + header, limit, MAX_MESSAGES - messages);
    messages += walk.messages;
    const file = Buffer.from(bytes.subarray(start, walk.end));
    file.writeUInt32LE(walk.end - start - header, 4);
    const cut = `The FIT file is cut off or broken at byte ${walk.end}; what stands behind is lost.`;
    files.push({ bytes: file, fault: whole && walk.end === limit ? null : cut });
    if (!whole) break;
    start = limit + 2;
  }
  return files;
}

function walkMessages(bytes: Uint8Array, start: number, limit: number, max: number): { end: number; messages: number } {
  const sizes = new Map<number, number>();
  let [at, messages] = [start, 0];
  while (at < limit) {
    const header = bytes[at]!;
    const compressed = header >= 0x80;
    const definition = !compressed && (header & 0x40) !== 0;
    const local = compressed ? (header >> 5) & 3 : header & 15;
    const defined = definition ? definitionAt(bytes, at, limit) : undefined;
    const content = definition ? defined?.length : sizes.get(local);
    if (content === undefined || at + 1 + content > limit) break;
    if (defined) sizes.set(local, defined.size);
    else if (content === 0)
      throw new Refusal("hostile", "The FIT file has messages without any field; no receiver writes that.");
    else if (++messages > max) throw new Refusal("too-large", `The FIT file has more than ${MAX_MESSAGES} messages.`);
    at += 1 + content;
  }
  return { end: at, messages };
}

/** Length of a definition message behind its header byte, and the size of the messages that it defines. */
function definitionAt(bytes: Uint8Array, at: number, limit: number): { length: number; size: number } | undefined {
  const sum = (list: number) => {
    const end = list + 1 + 3 * (bytes[list] ?? 0);
    let size = 0;
    for (let field = list + 1; field < end && field < limit; field += 3) size += bytes[field + 1] ?? 0;
    return { end, size };
  };
  const fields = sum(at + 5);
  if (fields.end > limit) return undefined;
  const developer = (bytes[at]! & 0x20) !== 0 ? sum(fields.end) : { end: fields.end, size: 0 };
  return { length: developer.end - at - 1, size: fields.size + developer.size };
}
