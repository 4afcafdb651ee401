import { type ChildProcess, spawn } from "node:child_process";

/** How a process ended. `status` is null after a signal; `end` says either in words. */
export interface Ran {
  readonly status: number | null;
  readonly end: string;
  readonly stdout: string;
  readonly stderr: string;
}

const running = new Set<ChildProcess>();
process.once("exit", () => running.forEach((child) => child.kill()));

/** Runs a program to its end and keeps what it says. Rejects when it cannot be started, with what to do about it. */
export function run(
  program: string,
  args: readonly string[],
  options: { readonly cwd: string; readonly env?: NodeJS.ProcessEnv },
): Promise<Ran> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { ...options, stdio: ["ignore", "pipe", "pipe"] });
    running.add(child);
    const said = { stdout: [] as Buffer[], stderr: [] as Buffer[] };
    child.stdout.on("data", (bytes: Buffer) => said.stdout.push(bytes));
    child.stderr.on("data", (bytes: Buffer) => said.stderr.push(bytes));
    child.once("error", (error) =>
      reject(
        new Error(`${program} cannot be started: ${error.message}; is it a program of this machine?`, { cause: error }),
      ),
    );
    child.once("close", (status, signal) => {
      running.delete(child);
      resolve({
        status,
        end: status === null ? `signal ${signal}` : `exit status ${status}`,
        stdout: Buffer.concat(said.stdout).toString("utf8"),
        stderr: Buffer.concat(said.stderr).toString("utf8"),
      });
    });
  });
}
