import type { FoundFile } from "./store.ts";

/** Tells which files of a folder have not changed for a while, each once. */
export interface Arrivals {
  /** Takes what the folder holds now; gives the files that have been as they are for long enough and were not given yet. */
  settled(files: readonly FoundFile[], nowMs: number): FoundFile[];
}

/** Makes arrivals that wait until length and time of change of a file stood still for `quietMs`. */
export function createArrivals(quietMs: number): Arrivals {
  let seen = new Map<string, { file: FoundFile; sinceMs: number; given: boolean }>();
  return {
    settled(files, nowMs) {
      const next: typeof seen = new Map();
      const ready: FoundFile[] = [];
      for (const file of files) {
        const before = seen.get(file.path);
        const same = before?.file.bytes === file.bytes && before.file.modifiedMs === file.modifiedMs;
        const entry = same && before ? before : { file, sinceMs: nowMs, given: false };
        if (!entry.given && file.bytes > 0 && nowMs - entry.sinceMs >= quietMs) {
          ready.push(file);
          entry.given = true;
        }
        next.set(file.path, entry);
      }
      seen = next;
      return ready;
    },
  };
}
