import { createHash } from "node:crypto";
import { type FileHandle, open } from "node:fs/promises";
import type { CardFile } from "./media.ts";
import { CameraError, type CameraHttp } from "./request.ts";

/** What a camera can do beyond its description, found out by trying once. */
export interface Habits {
  /** Whether it honours Range: answers 206 with the bytes asked for. */
  readonly range: boolean;
  /** Whether HEAD tells a file's length. */
  readonly head: boolean;
}

/** Bytes that have arrived whole. */
export interface Download {
  readonly bytes: number;
  /** SHA-256, hex. */
  readonly sha256: string;
  /** How many of the bytes were there from an earlier try. */
  readonly resumedAt: number;
}

const pathOf = (file: CardFile): string => `/videos/DCIM/${file.folder}/${file.name}`;

/** Tries HEAD and Range on a file of the card. */
export async function learnHabits(http: CameraHttp, file: CardFile): Promise<Habits> {
  const stop = new AbortController();
  const part = await http.request(pathOf(file), { range: "bytes=0-0", signal: stop.signal });
  const range = part.status === 206 && (part.headers.get("content-range")?.startsWith("bytes 0-0/") ?? false);
  stop.abort();
  const head = await http.request(pathOf(file), { method: "HEAD" }).then(
    (answer) => Number(answer.headers.get("content-length") ?? 0) > 0,
    () => false,
  );
  return { range, head };
}

/**
 * Brings a file of the card to a path. What the path already holds is kept when the camera honours Range.
 * The length must be that of the media list; for members of a group, where the list tells none, that of HEAD or of the answer.
 *
 * @throws CameraError `truncated` when it breaks off or ends early: what has arrived stays for the next try.
 * @throws an error of the file system, such as ENOSPC.
 */
export async function downloadFile(
  http: CameraHttp,
  file: CardFile,
  path: string,
  options: { habits: Habits; stallMs: number },
): Promise<Download> {
  const expected = file.bytes || (options.habits.head ? await lengthByHead(http, file) : 0);
  const target = await open(path, "a+");
  try {
    const have = (await target.stat()).size;
    if (!options.habits.range || expected === 0 || have > expected) await target.truncate(0);
    const from = (await target.stat()).size;
    const bytes =
      expected > 0 && from === expected ? from : await receive(http, file, target, { ...options, from, expected });
    return { bytes, sha256: await hashOf(target), resumedAt: from };
  } finally {
    await target.close();
  }
}

async function receive(
  http: CameraHttp,
  file: CardFile,
  target: FileHandle,
  { from, expected, stallMs }: { from: number; expected: number; stallMs: number },
): Promise<number> {
  const stalled = new AbortController();
  const timer = setTimeout(() => stalled.abort(new Error(`no byte for ${stallMs} ms`)), stallMs);
  try {
    const response = await http
      .request(pathOf(file), { signal: stalled.signal, ...(from > 0 ? { range: `bytes=${from}-` } : {}) })
      .catch(async (error: CameraError) => {
        if (error.code === "truncated") await target.truncate(0);
        throw error;
      });
    const resumed = response.status === 206 && response.headers.get("content-range")?.startsWith(`bytes ${from}-`);
    if (from > 0 && !resumed) await target.truncate(0);
    let length = resumed ? from : 0;
    const whole = expected || Number(response.headers.get("content-length") ?? 0);
    const arriving = (response.body ?? new ReadableStream<Uint8Array>()).getReader();
    for (;;) {
      const { value } = await arriving.read().catch((cause: unknown) => {
        throw short(file, length, whole, cause);
      });
      if (!value) break;
      timer.refresh();
      await target.write(value);
      length += value.byteLength;
      if (whole > 0 && length > whole) break;
    }
    if (whole > 0 && length === whole) return length;
    if (length > whole) await target.truncate(0);
    throw short(file, length, whole);
  } finally {
    clearTimeout(timer);
    stalled.abort();
  }
}

async function lengthByHead(http: CameraHttp, file: CardFile): Promise<number> {
  return Number((await http.request(pathOf(file), { method: "HEAD" })).headers.get("content-length") ?? 0);
}

async function hashOf(file: FileHandle): Promise<string> {
  const hash = createHash("sha256");
  const buffer = Buffer.allocUnsafe(1 << 20);
  for (let at = 0; ;) {
    const { bytesRead } = await file.read(buffer, 0, buffer.length, at);
    if (bytesRead === 0) return hash.digest("hex");
    hash.update(buffer.subarray(0, bytesRead));
    at += bytesRead;
  }
}

function short(file: CardFile, have: number, expected: number, cause?: unknown): CameraError {
  return new CameraError(
    "truncated",
    `${file.folder}/${file.name} arrived with ${have} bytes; expected ${expected || "a length"}. It is tried again.`,
    { cause },
  );
}
