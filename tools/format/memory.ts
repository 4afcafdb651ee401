import { mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { homedir } from "node:os";
import { dirname, join } from "node:path";

const KEY = 16;
const RECORD = KEY + 2;
const MOST = 65_536;
const DAYS_KEPT = 90;
const DAYS_UNTIL_TOUCHED = 7;

/** The folder that keeps what format remembers, for every checkout of this user. */
export function memoryFolder(env: Readonly<Record<string, string | undefined>> = process.env): string {
  return join(env["XDG_CACHE_HOME"] || join(env["HOME"] || homedir(), ".cache"), "homelab", "format");
}

/** Digests of what has passed, kept in one file that all checkouts of this user share. */
export interface Memory {
  has(key: string): boolean;
  add(key: string): void;
  /** Joins what was added with what other runs have written meanwhile. Does nothing when there is nothing new. */
  save(): void;
}

/** Opens the memory in `folder`; a file that is missing or cut off is an empty memory. `now` is in milliseconds. */
export function openMemory(folder: string, now: number): Memory {
  const file = join(folder, "passed-1");
  const today = Math.floor(now / 86_400_000) & 0xffff;
  const known = readRecords(file);
  let changed = false;
  const add = (key: string): void => {
    if (known.get(key) === today) return;
    known.set(key, today);
    changed = true;
  };
  return {
    has(key) {
      const day = known.get(key);
      if (day === undefined) return false;
      if (today - day >= DAYS_UNTIL_TOUCHED) add(key);
      return true;
    },
    add,
    save() {
      if (!changed) return;
      for (const [key, day] of readRecords(file)) known.set(key, Math.max(day, known.get(key) ?? 0));
      const kept = [...known].filter(([, day]) => today - day < DAYS_KEPT).sort(([, a], [, b]) => b - a);
      writeAtomically(file, encode(kept.slice(0, MOST)));
      changed = false;
    },
  };
}

/** Replaces a file of the memory as a whole, so that a reader sees the old bytes or the new ones. */
export function writeAtomically(file: string, content: Uint8Array | string): void {
  mkdirSync(dirname(file), { recursive: true });
  const temporary = `${file}.${process.pid}`;
  writeFileSync(temporary, content);
  renameSync(temporary, file);
}

function readRecords(file: string): Map<string, number> {
  const records = new Map<string, number>();
  let bytes: Buffer;
  try {
    bytes = readFileSync(file);
  } catch {
    return records;
  }
  for (let at = 0; at + RECORD <= bytes.length; at += RECORD) {
    records.set(bytes.toString("base64url", at, at + KEY), bytes.readUInt16BE(at + KEY));
  }
  return records;
}

function encode(records: readonly (readonly [string, number])[]): Buffer {
  const bytes = Buffer.alloc(records.length * RECORD);
  records.forEach(([key, day], index) => {
    bytes.write(key, index * RECORD, KEY, "base64url");
    bytes.writeUInt16BE(day, index * RECORD + KEY);
  });
  return bytes;
}
