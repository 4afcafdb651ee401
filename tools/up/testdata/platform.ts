import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { connect } from "node:net";
import { dirname, join, resolve } from "node:path";

import { type Program, eventually, startProgram, temporaryFolder } from "#lib/testing/process.ts";

import { freeBasePort } from "../ports.ts";

/** A stand-in part as testdata/up.ts reads it. */
export interface StandIn {
  readonly name: string;
  readonly after?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
}

/** A run of `up` with stand-in parts in a folder of its own. */
export interface Platform {
  readonly folder: string;
  readonly state: string;
  readonly port: number;
  /** Starts `up`; more than one may run, one after the other. */
  readonly start: (...flags: string[]) => Program;
  /** Starts `up` through a launcher script as rules_js has one, which waits for it. */
  readonly startByLauncher: (launcher: string) => Program;
  /** What the parts have written about themselves, a line each. */
  readonly journal: () => readonly string[];
  readonly remove: () => Promise<void>;
}

/** Prepares a platform of stand-in parts; nothing is started yet. */
export async function standInPlatform(standIns: readonly StandIn[]): Promise<Platform> {
  const folder = await temporaryFolder();
  const port = await freeBasePort(standIns.map((_, index) => index));
  const journal = join(folder.path, "journal");
  const list = join(folder.path, "stand-ins.json");
  writeFileSync(journal, "");
  writeFileSync(list, JSON.stringify(standIns.map((part) => ({ after: [], env: {}, ...part }))));
  const program = join(import.meta.dirname, "part.ts");
  const node = process.env["JS_BINARY__NODE_BINARY"];
  const state = join(folder.path, "state");
  const command = [
    node === undefined ? process.execPath : resolve(node),
    join(import.meta.dirname, "up.ts"),
    ...standIns.map(({ name }) => `--program=${name}=${program}`),
    ...["--port", String(port), "--state", state],
  ];
  const env = {
    PATH: process.env["PATH"] ?? "",
    STAND_INS: list,
    JOURNAL: journal,
    BUILD_WORKING_DIRECTORY: folder.path,
  };
  return {
    folder: folder.path,
    state,
    port,
    start: (...flags) => startProgram(command[0] as string, [...command.slice(1), ...flags], { env }),
    startByLauncher: (launcher) => {
      const script = join(folder.path, launcher);
      mkdirSync(dirname(script), { recursive: true });
      writeFileSync(script, `${command.map((word) => `'${word}'`).join(" ")} &\nwait $!\n`);
      return startProgram("sh", [script], { env: { ...env, JS_BINARY__TARGET_NAME: "up" } });
    },
    journal: () =>
      readFileSync(journal, "utf8")
        .split("\n")
        .filter((line) => line !== ""),
    remove: folder.remove,
  };
}

/** Waits for a text in what a program writes. */
export const untilSaid = (program: Program, text: string) =>
  Promise.race([
    eventually(`"${text}" is said`, () => program.output().includes(text)),
    program.exited.then(() => false),
  ]).then(
    () => expectSaid(program, text),
    () => expectSaid(program, text),
  );

function expectSaid(program: Program, text: string): void {
  if (!program.output().includes(text)) throw new Error(`"${text}" was not said in:\n${program.output()}`);
}

/** Whether something accepts connections at a loopback port. */
export const listens = (port: number): Promise<boolean> =>
  new Promise((settle) => {
    const socket = connect(port, "127.0.0.1", () => settle(true));
    socket.on("connect", () => socket.destroy());
    socket.on("error", () => settle(false));
  });

/** Whether a process runs (a zombie does not). */
export function runs(pid: number): boolean {
  try {
    return !/^\d+ \(.*\) Z/.test(readFileSync(`/proc/${pid}/stat`, "utf8"));
  } catch {
    return false;
  }
}

/** The process ids in journal lines of one kind, such as `started` or `forked`. */
export const pidsIn = (lines: readonly string[], what: string): readonly number[] =>
  lines.flatMap((line) => {
    const found = new RegExp(`^\\S+ ${what}.*?(\\d+)`).exec(line);
    return found ? [Number(found[1])] : [];
  });
