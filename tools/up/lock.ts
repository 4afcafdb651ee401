import { linkSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";

import { isAlive, signalMarked, startTime } from "./processes.ts";
import { pauseFor } from "./ready.ts";

/** What the lock file of a state folder says about the `up` that uses it. */
export interface LockRecord {
  readonly pid: number;
  /** Start time of that process in kernel ticks, so that a process id used again is not mistaken for it. */
  readonly started: string | null;
  /** Marker of its processes. */
  readonly run: string;
  /** Its warden, which may still be ending parts when `up` is gone. */
  readonly warden: number | null;
}

/** The lock is ours, or somebody else's. */
export type LockResult =
  | {
      readonly kind: "held";
      readonly recovered: boolean;
      readonly update: (record: LockRecord) => void;
      readonly release: () => void;
    }
  | { readonly kind: "busy"; readonly pid: number };

function readRecord(path: string): LockRecord | null | "absent" {
  try {
    const record = JSON.parse(readFileSync(path, "utf8")) as Partial<LockRecord>;
    return typeof record.pid === "number" && typeof record.run === "string"
      ? { pid: record.pid, run: record.run, started: record.started ?? null, warden: record.warden ?? null }
      : null;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return "absent";
    if (error instanceof SyntaxError) return null;
    throw error;
  }
}

async function clearRemains(record: LockRecord | null): Promise<void> {
  if (record === null) return;
  const deadline = Date.now() + 8_000;
  while (record.warden !== null && isAlive(record.warden, null) && Date.now() < deadline) {
    if (signalMarked(record.run, undefined, "SIGTERM") === 0) break;
    await pauseFor(100);
  }
  while (signalMarked(record.run, undefined, "SIGKILL") > 0) await pauseFor(50);
}

/** Takes away a stale lock; puts it back when another `up` has renewed it in between. */
function removeStale(path: string, aside: string, stale: LockRecord | null): boolean {
  try {
    renameSync(path, aside);
    const moved = readRecord(aside);
    const same = moved !== "absent" && moved?.run === stale?.run;
    if (!same) linkSync(aside, path);
    rmSync(aside);
    return same;
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    if (code === "ENOENT" || code === "EEXIST") return false;
    throw error;
  }
}

/**
 * Takes the lock of a state folder. A lock whose process has gone is taken over, after whatever that run left
 * running has been ended.
 */
export async function takeLock(path: string, record: LockRecord): Promise<LockResult> {
  const mine = `${path}.${process.pid}`;
  let recovered = false;
  for (;;) {
    writeFileSync(mine, JSON.stringify(record), { mode: 0o600 });
    try {
      linkSync(mine, path);
      break;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
    } finally {
      rmSync(mine, { force: true });
    }
    const other = readRecord(path);
    if (other === "absent") continue;
    if (other && isAlive(other.pid, other.started)) return { kind: "busy", pid: other.pid };
    await clearRemains(other);
    recovered = removeStale(path, mine, other) || recovered;
  }
  return {
    kind: "held",
    recovered,
    update: (changed) => {
      writeFileSync(mine, JSON.stringify(changed), { mode: 0o600 });
      renameSync(mine, path);
    },
    release: () => rmSync(path, { force: true }),
  };
}

/** The record of this process for a run. */
export const ownRecord = (run: string, warden: number | null): LockRecord => ({
  pid: process.pid,
  started: startTime(process.pid),
  run,
  warden,
});
