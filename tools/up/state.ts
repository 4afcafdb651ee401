import { randomBytes } from "node:crypto";
import {
  existsSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  renameSync,
  rmSync,
  statfsSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";

import type { Secrets } from "./part.ts";

/** A message for the person at the terminal: what happened, what was expected, what to do. Not a bug of ours. */
export class UserError extends Error {
  override readonly name = "UserError";
}

const MARK = "state-of-up.json";
const LOCK = "up.lock";
const CREDENTIALS = "credentials.json";
const CLIENTS = "clients.env";

/** Free space, in bytes, below which `up` does not start. */
export const NEEDED_TO_START = 128 * 1024 * 1024;
/** Free space, in bytes, below which a running `up` stops before its parts fail in the middle of a write. */
export const NEEDED_TO_RUN = 32 * 1024 * 1024;

/** Paths inside a state folder. */
export const statePaths = (folder: string) => ({
  lock: join(folder, LOCK),
  logs: join(folder, "logs"),
  credentials: join(folder, CREDENTIALS),
  clients: join(folder, CLIENTS),
});

/** Makes the state folder when it is missing. A folder with other things in it is refused: `--reset` would delete them. */
export function openState(folder: string): void {
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    if (code === "EEXIST" || code === "ENOTDIR")
      throw new UserError(`${folder} is a file, and up needs a folder there. Name another one with --state.`);
    throw error;
  }
  const mark = join(folder, MARK);
  if (existsSync(mark)) return;
  const others = readdirSync(folder).filter((name) => !name.startsWith(LOCK));
  if (others.length > 0) {
    throw new UserError(
      `${folder} holds ${others.slice(0, 3).join(", ")} and was not made by up. Name an empty folder with --state, or leave --state away.`,
    );
  }
  writeFileSync(mark, `${JSON.stringify({ format: 1 })}\n`);
}

/** Deletes everything in a state folder but its lock and its mark. */
export function resetState(folder: string): void {
  for (const name of readdirSync(folder)) {
    if (name !== MARK && !name.startsWith(LOCK)) rmSync(join(folder, name), { recursive: true, force: true });
  }
}

/** Reads the keys of the state folder, and makes those that are not there yet (mode 0600). `target` is who starts anew. */
export function readSecrets(folder: string, target: string): Secrets {
  const path = join(folder, CREDENTIALS);
  const found: Partial<Secrets> | null = existsSync(path) ? parseSecrets(readFileSync(path, "utf8")) : {};
  if (!found) {
    throw new UserError(
      `${path} does not hold {"s3": {"accessKeyId": …, "secretAccessKey": …}, "apiKey": …}. Put the file back, or start anew with ./bazel run ${target} -- --reset.`,
    );
  }
  const { s3, apiKey } = found;
  if (s3 && apiKey !== undefined) return { s3, apiKey };
  const made: Secrets = {
    s3: s3 ?? {
      accessKeyId: `up${randomBytes(9).toString("hex")}`,
      secretAccessKey: randomBytes(30).toString("base64url"),
    },
    apiKey: apiKey ?? randomBytes(30).toString("base64url"),
  };
  writePrivately(path, `${JSON.stringify(made, null, 2)}\n`);
  return made;
}

/** What a file of keys holds; one of an older `up` has no `apiKey`. Null when it is no such file. */
function parseSecrets(text: string): Partial<Secrets> | null {
  try {
    const { s3, apiKey } = JSON.parse(text) as { s3?: Record<string, unknown>; apiKey?: unknown };
    const [accessKeyId, secretAccessKey] = [s3?.["accessKeyId"], s3?.["secretAccessKey"]];
    if (typeof accessKeyId !== "string" || typeof secretAccessKey !== "string") return null;
    return { s3: { accessKeyId, secretAccessKey }, ...(typeof apiKey === "string" ? { apiKey } : {}) };
  } catch {
    return null;
  }
}

/** Writes the variables that programs beside the platform read, as lines that shells take too (mode 0600). */
export function writeClients(folder: string, env: Readonly<Record<string, string>>): void {
  const quoted = (value: string) => (value.includes("'") ? JSON.stringify(value) : `'${value}'`);
  const lines = Object.entries(env).map(([name, value]) => `${name}=${quoted(value)}\n`);
  writePrivately(join(folder, CLIENTS), lines.join(""));
}

function writePrivately(path: string, text: string): void {
  rmSync(`${path}.new`, { force: true });
  writeFileSync(`${path}.new`, text, { mode: 0o600 });
  renameSync(`${path}.new`, path);
}

/** Bytes that this user may still write to the file system of a folder. */
export function freeBytes(folder: string): number {
  const { bavail, bsize } = statfsSync(folder);
  return bavail * bsize;
}

/** The message for a disk without enough room; null when there is enough. */
export function diskMessage(folder: string, free: number, needed: number): string | null {
  if (free >= needed) return null;
  const mega = (bytes: number) => `${Math.floor(bytes / 1024 / 1024)} MB`;
  return `The disk of ${folder} has ${mega(free)} left, and up needs ${mega(needed)}. Make room there, or keep the state elsewhere with --state.`;
}
