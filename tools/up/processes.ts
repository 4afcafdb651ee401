import { readdirSync, readFileSync } from "node:fs";

/** Environment variable that every process of a run carries, so that one which left its process group is still found. */
export const MARKER = "HOMELAB_UP";

/** Value of the marker for a part of a run. */
export const markerOf = (run: string, part: string): string => `${run}:${part}`;

/** Sends a signal to a whole process group; false when no process of it is left. */
export function signalGroup(group: number, signal: NodeJS.Signals | 0): boolean {
  try {
    process.kill(-group, signal);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ESRCH") return false;
    if ((error as NodeJS.ErrnoException).code === "EPERM") return true;
    throw error;
  }
}

const isZombie = (pid: string): boolean => {
  const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
  return stat.charAt(stat.lastIndexOf(")") + 2) === "Z";
};

/**
 * Process ids whose environment carries the marker of a run (`part` narrows it to one part).
 * Needs /proc: on other systems the list is empty and process groups have to be enough.
 */
export function markedProcesses(run: string, part?: string): readonly number[] {
  const wanted = `${MARKER}=${run}:${part === undefined ? "" : `${part}\0`}`;
  return numericEntries("/proc")
    .filter((pid) => {
      try {
        return `\0${readFileSync(`/proc/${pid}/environ`, "latin1")}`.includes(`\0${wanted}`) && !isZombie(pid);
      } catch {
        return false;
      }
    })
    .map(Number);
}

/** The process group of a process; undefined when it does not run or there is no /proc. */
function groupOf(pid: number): number | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    return Number(stat.slice(stat.lastIndexOf(")") + 2).split(" ")[2]);
  } catch {
    return undefined;
  }
}

/**
 * Sends a signal to every marked process of a run or of one part; how many there were.
 * @param told a process group that has been sent it already
 */
export function signalMarked(run: string, part: string | undefined, signal: NodeJS.Signals, told?: number): number {
  const pids = markedProcesses(run, part).filter((pid) => told === undefined || groupOf(pid) !== told);
  for (const pid of pids) {
    try {
      process.kill(pid, signal);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error;
    }
  }
  return pids.length;
}

/** The command line of a process with spaces between its words; empty when it is not known. */
export function commandLine(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, "utf8").split("\0").join(" ").trim();
  } catch {
    return "";
  }
}

/** When a process started, in kernel ticks since boot; null when it does not run or there is no /proc. */
export function startTime(pid: number): string | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    return stat.slice(stat.lastIndexOf(")") + 2).split(" ")[19] ?? null;
  } catch {
    return null;
  }
}

/** Whether a process runs; with `started` only when it is the very process that had that start time. */
export function isAlive(pid: number, started: string | null): boolean {
  try {
    process.kill(pid, 0);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EPERM") return false;
  }
  return started === null || startTime(pid) === started;
}

/** The names below a folder that are numbers; empty when there is no such folder. */
export function numericEntries(folder: string): readonly string[] {
  try {
    return readdirSync(folder).filter((name) => /^\d+$/.test(name));
  } catch {
    return [];
  }
}
