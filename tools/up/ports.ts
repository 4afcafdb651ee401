import { readdirSync, readFileSync, readlinkSync } from "node:fs";
import { createServer } from "node:net";

import type { PlannedPart } from "./part.ts";
import { commandLine, numericEntries } from "./processes.ts";

/** A port that something else holds, with the part that wanted it and the holder when /proc names it. */
export interface TakenPort {
  readonly port: number;
  readonly part: string;
  readonly reason: "taken" | "forbidden";
  readonly holder: { readonly pid: number; readonly command: string } | null;
}

/** Tries to listen on a loopback port for a moment. An address family that the machine lacks counts as free. */
export function probePort(port: number, host = "127.0.0.1"): Promise<"free" | "taken" | "forbidden"> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once("error", (error: NodeJS.ErrnoException) => {
      if (error.code === "EADDRINUSE") resolve("taken");
      else resolve(error.code === "EACCES" ? "forbidden" : "free");
    });
    server.listen({ port, host, exclusive: true }, () => server.close(() => resolve("free")));
  });
}

function listeningInodes(port: number): ReadonlySet<string> {
  const wanted = `:${port.toString(16).toUpperCase().padStart(4, "0")}`;
  const inodes = new Set<string>();
  for (const table of ["/proc/net/tcp", "/proc/net/tcp6"]) {
    let text: string;
    try {
      text = readFileSync(table, "utf8");
    } catch {
      continue;
    }
    for (const line of text.split("\n").slice(1)) {
      const columns = line.trim().split(/\s+/);
      if (columns[1]?.endsWith(wanted) && columns[3] === "0A" && columns[9]) inodes.add(columns[9]);
    }
  }
  return inodes;
}

/** The process that listens on a TCP port, as far as /proc shows it to this user; null when unknown. */
export function holderOf(port: number): TakenPort["holder"] {
  const inodes = listeningInodes(port);
  if (inodes.size === 0) return null;
  for (const pid of numericEntries("/proc")) {
    try {
      for (const descriptor of readdirSync(`/proc/${pid}/fd`)) {
        const socket = /^socket:\[(\d+)\]$/.exec(readlinkSync(`/proc/${pid}/fd/${descriptor}`));
        if (!socket?.[1] || !inodes.has(socket[1])) continue;
        const command = commandLine(Number(pid));
        return { pid: Number(pid), command: command.length > 80 ? `${command.slice(0, 79)}…` : command };
      }
    } catch {
      continue;
    }
  }
  return null;
}

/** Every port of the plan that cannot be had, in the plan's order. The front door's name is `localhost`: both families count. */
export async function takenPorts(parts: readonly PlannedPart[]): Promise<readonly TakenPort[]> {
  const found: TakenPort[] = [];
  for (const part of parts) {
    for (const port of Object.values(part.ports)) {
      const v4 = await probePort(port);
      const state = v4 === "free" ? await probePort(port, "::1") : v4;
      if (state !== "free") found.push({ port, part: part.name, reason: state, holder: holderOf(port) });
    }
  }
  return found;
}

/** The message for ports that cannot be had: which, wanted by whom, held by whom, and what to do. */
export function describeTakenPorts(taken: readonly TakenPort[], basePort: number, target: string): string {
  const lines = taken.map(({ port, part, reason, holder }) => {
    if (reason === "forbidden") return `  port ${port} (${part}): this user may not listen on it`;
    const by = holder
      ? `held by process ${holder.pid} (${holder.command})`
      : "held by a process that this user cannot see";
    return `  port ${port} (${part}): ${by}`;
  });
  const other = basePort + 1_000 > 60_000 ? 8_080 : Math.max(8_080, basePort) + 1_000;
  return [
    `${taken.length === 1 ? "A port is" : `${taken.length} ports are`} not free:`,
    ...lines,
    `End that program, or move every port: ./bazel run ${target} -- --port ${other}`,
  ].join("\n");
}

/** A base port from which every given distance is free; used for `--port 0`. */
export async function freeBasePort(offsets: readonly number[]): Promise<number> {
  const span = Math.max(0, ...offsets) + 1;
  for (let attempt = 0; attempt < 200; attempt++) {
    const base = 10_000 + Math.floor(Math.random() * (22_000 - span));
    const states = await Promise.all(offsets.map((offset) => probePort(base + offset)));
    if (states.every((state) => state === "free")) return base;
  }
  throw new Error(
    `No ${span} free ports in a row were found between 10000 and 32000 on 127.0.0.1. End some programs, or name a base with --port.`,
  );
}
