import { closeSync, existsSync, fstatSync, openSync, renameSync, writeSync } from "node:fs";
import { StringDecoder } from "node:string_decoder";
import type { Readable } from "node:stream";

/** A log file that is cut off at a size: `<file>` is current, `<file>.1` older, up to `<file>.<kept>`. */
export interface RotatingFile {
  /** Appends one line; throws what the file system answers (ENOSPC included). */
  readonly write: (line: string) => void;
  readonly close: () => void;
}

/** Opens a rotating file for appending. Sizes are in bytes. */
export function openRotatingFile(path: string, limit = 5_000_000, kept = 2): RotatingFile {
  let descriptor = openSync(path, "a", 0o644);
  let size = fstatSync(descriptor).size;
  const rotate = () => {
    closeSync(descriptor);
    for (let index = kept; index >= 1; index--) {
      const from = index === 1 ? path : `${path}.${index - 1}`;
      if (existsSync(from)) renameSync(from, `${path}.${index}`);
    }
    descriptor = openSync(path, "a", 0o644);
    size = 0;
  };
  return {
    write: (line) => {
      const bytes = Buffer.from(`${line}\n`);
      if (size > 0 && size + bytes.length > limit) rotate();
      writeSync(descriptor, bytes);
      size += bytes.length;
    },
    close: () => closeSync(descriptor),
  };
}

const LONGEST_LINE = 16_384;

/** Calls `onLine` for each line of a stream, without its end; a line of more than 16 KiB comes in pieces. */
export function eachLine(stream: Readable, onLine: (line: string) => void): void {
  const decoder = new StringDecoder("utf8");
  let rest = "";
  stream.on("data", (chunk: Buffer) => {
    const pieces = (rest + decoder.write(chunk)).split("\n");
    rest = pieces.pop() ?? "";
    for (const piece of pieces) onLine(piece.replace(/\r$/, ""));
    while (rest.length > LONGEST_LINE) {
      onLine(rest.slice(0, LONGEST_LINE));
      rest = rest.slice(LONGEST_LINE);
    }
  });
  stream.on("end", () => {
    rest += decoder.end();
    if (rest !== "") onLine(rest);
    rest = "";
  });
  stream.on("error", () => {});
}

const LEVELS: Readonly<Record<number, string>> = {
  10: "trace",
  20: "debug",
  30: "",
  40: "warning",
  50: "error",
  60: "fatal",
};
const PLUMBING = new Set(["level", "time", "pid", "hostname", "msg", "name", "service", "v", "reqId"]);

/** A pino line as a person reads it: `error: message key=value`. Any other line comes back as it is. */
export function readableLine(line: string): string {
  if (!line.startsWith("{") || !line.endsWith("}")) return line;
  let entry: Record<string, unknown>;
  try {
    entry = JSON.parse(line) as Record<string, unknown>;
  } catch {
    return line;
  }
  if (typeof entry["msg"] !== "string") return line;
  const level = typeof entry["level"] === "number" ? (LEVELS[entry["level"]] ?? "") : String(entry["level"] ?? "");
  const shownLevel = level === "info" ? "" : level;
  const fields = Object.entries(entry)
    .filter(([key]) => !PLUMBING.has(key))
    .map(([key, value]) => `${key}=${typeof value === "string" ? value : describe(value)}`);
  return [shownLevel === "" ? entry["msg"] : `${shownLevel}: ${entry["msg"]}`, ...fields].join(" ");
}

/** A part's line for the terminal: readable, and without the scheme of addresses, so that the one URL of `up` stands out. */
export const terminalLine = (line: string): string => readableLine(line).replace(/\b(?:https?|nats):\/\//g, "");

function describe(value: unknown): string {
  if (typeof value === "object" && value !== null && "message" in value) return String(value.message);
  return JSON.stringify(value);
}
