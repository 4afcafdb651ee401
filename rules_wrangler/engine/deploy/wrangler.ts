import { spawn } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { resolve } from "node:path";

/** One run of wrangler. */
export interface WranglerRun {
  /** The file `wrangler-dist/cli.js`, run by the Node that runs this; `bin/wrangler.js` would start one more. */
  readonly program: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  /** Its working directory. */
  readonly cwd: string;
  readonly timeoutSeconds: number;
  /** Texts that must not be shown. */
  readonly secrets: readonly string[];
  readonly say: (text: string) => void;
}

/** What came of it. */
export interface WranglerResult {
  readonly status: number;
  readonly timedOut: boolean;
  /** What wrangler wrote down of what it did, one object an event. */
  readonly events: readonly Readonly<Record<string, unknown>>[];
}

/** Runs wrangler without a terminal, so that it asks nothing, and shows what it says without secrets. */
export async function runWrangler(run: WranglerRun): Promise<WranglerResult> {
  const { program, args, env, cwd, timeoutSeconds, secrets, say } = run;
  const child = spawn(process.execPath, ["--no-warnings", resolve(program), ...args], {
    cwd,
    detached: true,
    env,
    stdio: ["ignore", "pipe", "pipe"],
  });
  const end = (signal: NodeJS.Signals): void => {
    const runs = child.exitCode === null && child.signalCode === null;
    if (child.pid !== undefined && runs) process.kill(-child.pid, signal);
  };
  for (const stream of [child.stdout, child.stderr]) {
    let rest = "";
    stream.setEncoding("utf8");
    stream.on("data", (text: string) => {
      const lines = (rest + text).split("\n");
      rest = lines.pop()!;
      for (const line of lines) say(`${hide(line, secrets)}\n`);
    });
    stream.on("end", () => rest === "" || say(`${hide(rest, secrets)}\n`));
  }
  let timedOut = false;
  const timer = setTimeout(() => {
    timedOut = true;
    end("SIGKILL");
  }, timeoutSeconds * 1000);
  const stop = (): void => end("SIGTERM");
  process.once("SIGINT", stop).once("SIGTERM", stop);
  const status = await new Promise<number>((done, fail) => {
    child.once("error", fail);
    child.once("close", (code) => done(code ?? 1));
  });
  clearTimeout(timer);
  process.off("SIGINT", stop).off("SIGTERM", stop);
  return { status, timedOut, events: eventsIn(env["WRANGLER_OUTPUT_FILE_PATH"] ?? "") };
}

function hide(line: string, secrets: readonly string[]): string {
  return secrets.reduce((text, secret) => text.replaceAll(secret, "[hidden]"), line);
}

function eventsIn(file: string): WranglerResult["events"] {
  if (!existsSync(file)) return [];
  return readFileSync(file, "utf8")
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => JSON.parse(line) as Record<string, unknown>);
}
