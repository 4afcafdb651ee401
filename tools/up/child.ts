import { spawn } from "node:child_process";

import { eachLine } from "./logs.ts";
import type { PlannedPart } from "./part.ts";
import { MARKER, markedProcesses, markerOf, signalGroup, signalMarked } from "./processes.ts";
import { pauseFor } from "./ready.ts";

/** A started program of a part: the leader of a process group of its own. */
export interface PartChild {
  /** Process id, which is the group's id too; undefined when the program could not be started. */
  readonly pid: number | undefined;
  /** Resolves when the leader has ended, with how it ended in words. */
  readonly ended: Promise<string>;
}

/** Starts the program of a part in a process group of its own, marked as belonging to the run. */
export function startChild(part: PlannedPart, run: string, onLine: (line: string) => void): PartChild {
  const [command = "", ...args] = part.command;
  const child = spawn(command, args, {
    cwd: part.folder,
    env: { ...part.env, [MARKER]: markerOf(run, part.name) },
    detached: true,
    stdio: ["ignore", "pipe", "pipe"],
  });
  eachLine(child.stdout, onLine);
  eachLine(child.stderr, onLine);
  const ended = new Promise<string>((resolve) => {
    child.on("error", (error: NodeJS.ErrnoException) => {
      resolve(`its program could not be started (${error.code ?? error.message}: ${command})`);
    });
    child.on("exit", (code, signal) => {
      const how = signal === null ? `it ended with status ${code}` : `it was ended by ${signal}`;
      const flushed = new Promise<void>((done) => child.on("close", () => done()));
      void Promise.race([flushed, pauseFor(200)]).then(() => resolve(how));
    });
  });
  return { pid: child.pid, ended };
}

/**
 * Ends what is left of a part: its process group, and marked processes that left the group.
 * First politely, and after `graceMs` with SIGKILL or at once when `hurry` is aborted. Resolves when nothing is left.
 */
export async function endRemains(
  group: number,
  run: string,
  part: string,
  graceMs: number,
  hurry: AbortSignal,
): Promise<void> {
  const deadline = Date.now() + graceMs;
  const send = (signal: NodeJS.Signals) => {
    signalGroup(group, signal);
    signalMarked(run, part, signal, group);
  };
  if (!remains(group, run, part)) return;
  send("SIGTERM");
  while (remains(group, run, part)) {
    if (hurry.aborted || Date.now() > deadline) send("SIGKILL");
    await pauseFor(25, hurry.aborted ? undefined : hurry);
  }
}

const remains = (group: number, run: string, part: string): boolean =>
  signalGroup(group, 0) || markedProcesses(run, part).length > 0;
