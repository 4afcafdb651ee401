import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

/** A program that a test has started. */
export interface Program {
  /** Everything it wrote so far, both streams. */
  output(): string;
  /** Resolves with the exit status, or the name of the signal that ended it. */
  readonly exited: Promise<number | NodeJS.Signals>;
  /** Sends a signal, and does not wait: SIGSTOP and SIGCONT halt it and let it go on. */
  signal(signal: NodeJS.Signals): void;
  /** Sends SIGTERM, or the given signal, and waits; SIGKILL after 5 s. */
  stop(signal?: NodeJS.Signals): Promise<number | NodeJS.Signals>;
}

const running = new Set<ChildProcess>();
process.on("exit", () => {
  for (const child of running) child.kill("SIGKILL");
});

/** Starts a program; it is killed at the latest when the test process ends. */
export function startProgram(
  command: string,
  args: readonly string[],
  options: { env?: NodeJS.ProcessEnv; cwd?: string } = {},
): Program {
  const child = spawn(command, args, { ...options, stdio: ["ignore", "pipe", "pipe"] });
  running.add(child);
  let output = "";
  const collect = (chunk: Buffer) => void (output += chunk.toString());
  child.stdout.on("data", collect);
  child.stderr.on("data", collect);
  const exited = once(child, "exit").then(([code, signal]) => {
    running.delete(child);
    return (code ?? signal) as number | NodeJS.Signals;
  });
  return {
    output: () => output,
    exited,
    signal: (signal) => void child.kill(signal),
    stop: async (signal = "SIGTERM") => {
      child.kill(signal);
      const timer = setTimeout(() => child.kill("SIGKILL"), 5_000);
      const status = await exited;
      clearTimeout(timer);
      return status;
    },
  };
}

/**
 * The absolute path of a tool that the environment names, such as `NATS_SERVER_BIN`.
 * A relative path counts from the working directory, which Bazel sets to the runfiles.
 */
export function toolPath(variable: string): string {
  const value = process.env[variable];
  if (!value)
    throw new Error(`${variable} is not set; expected the path of the tool. Run the test by Bazel, or set it.`);
  const resolved = path.resolve(value);
  if (!existsSync(resolved)) throw new Error(`${variable} is ${resolved}, where there is no file.`);
  return resolved;
}

/** A TCP port of the loopback that was free a moment ago. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as { port: number };
  server.close();
  await once(server, "close");
  return port;
}

/** A new empty folder; `remove` deletes it with all that is in it. */
export async function temporaryFolder(): Promise<{ path: string; remove(): Promise<void> }> {
  const folder = await mkdtemp(path.join(process.env["TEST_TMPDIR"] ?? tmpdir(), "test-"));
  return { path: folder, remove: () => rm(folder, { recursive: true, force: true, maxRetries: 3 }) };
}

/** Waits until `probe` gives a value that is not false, null or undefined; errors count as not yet. */
export async function eventually<T>(
  what: string,
  probe: () => T | Promise<T>,
  timeoutMs = 60_000,
): Promise<Exclude<T, false | null | undefined>> {
  const deadline = Date.now() + timeoutMs;
  let last: unknown;
  while (Date.now() < deadline) {
    try {
      const value = await probe();
      if (value !== false && value !== null && value !== undefined)
        return value as Exclude<T, false | null | undefined>;
    } catch (error) {
      last = error;
    }
    await sleep(25);
  }
  throw new Error(`Waited ${timeoutMs} ms in vain until ${what}.`, { cause: last });
}
