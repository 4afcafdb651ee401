import { randomBytes } from "node:crypto";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline/promises";

import type { UpArgs } from "./args.ts";
import { ownRecord, takeLock } from "./lock.ts";
import { openRotatingFile, readableLine, terminalLine } from "./logs.ts";
import type { PartSet, PlannedPart } from "./part.ts";
import { type PlanResult, makePlan } from "./plan.ts";
import { describeTakenPorts, freeBasePort, takenPorts } from "./ports.ts";
import { openScreen } from "./screen.ts";
import {
  NEEDED_TO_RUN,
  NEEDED_TO_START,
  UserError,
  diskMessage,
  freeBytes,
  openState,
  readSecrets,
  resetState,
  statePaths,
  writeClients,
} from "./state.ts";
import { changeLine, paintFor, prefixes, spoken, statusLine } from "./status.ts";
import { type StartOutcome, type Supervisor, createSupervisor } from "./supervisor.ts";

/** What `up` is given: the wishes of the command line, the parts, and the edges of the process. */
export interface UpInput {
  readonly args: UpArgs;
  readonly set: PartSet;
  readonly node: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly out: NodeJS.WriteStream;
  readonly input: NodeJS.ReadStream;
  /** Called once with what ends the run early: `stop(reason)`; a second call makes the stop impatient. */
  readonly onStoppable: (stop: (reason: string) => void) => void;
}

/** Environment of the caller that parts may see; the rest stays out, so that a part behaves alike everywhere. */
const PASSED_ON = ["PATH", "HOME", "LANG", "LC_ALL", "TZ", "TMPDIR", "LOG_LEVEL"];

async function confirmReset({ args, input, out }: UpInput): Promise<void> {
  if (args.yes) return;
  if (!input.isTTY) {
    throw new UserError(`--reset deletes ${args.state} and nobody is there to be asked. Add --yes to say so.`);
  }
  const asking = createInterface({ input, output: out });
  const answer = await asking.question(`Delete everything in ${args.state}? Type "yes": `);
  asking.close();
  if (answer.trim() !== "yes") throw new UserError("Nothing was deleted and nothing was started.");
}

async function planFor(input: UpInput): Promise<{ plan: Extract<PlanResult, { kind: "plan" }>; basePort: number }> {
  const offsets = input.set.parts.flatMap((part) => Object.values(part.ports));
  const basePort = input.args.port === 0 ? await freeBasePort(offsets) : input.args.port;
  const result = makePlan({
    ...input,
    only: input.args.only,
    basePort,
    stateFolder: input.args.state,
    programs: input.args.programs,
    sites: input.args.sites,
    secrets: readSecrets(input.args.state, input.set.target),
    baseEnv: Object.fromEntries(
      PASSED_ON.flatMap((name) => (input.env[name] === undefined ? [] : [[name, input.env[name] as string]])),
    ),
  });
  if (result.kind === "refused") throw new UserError(result.message);
  return { plan: result, basePort };
}

/** The one line that says where it is. */
function readyLine(name: string, parts: readonly PlannedPart[], tookMs: number): string {
  const door = parts.find((part) => part.name === name);
  const where = door
    ? `http://localhost:${door.ports["http"]}/`
    : parts
        .map(
          (part) =>
            `${part.name} ${Object.values(part.ports)
              .map((port) => `127.0.0.1:${port}`)
              .join(" ")}`,
        )
        .join(", ");
  return `Ready in ${spoken(tookMs)}: ${where}`;
}

/** What a person is told to do next. */
function hintOf({ set, args, env }: UpInput, told: Readonly<Record<string, string>> | null): string {
  if (!set.clients || !told) return "";
  const { clients: file } = statePaths(args.state);
  const checkout = env["BUILD_WORKSPACE_DIRECTORY"];
  const found = checkout !== undefined && statePaths(join(checkout, set.stateFolder)).clients === file;
  return set.clients.hint({ env: told, file, elsewhere: !found });
}

function failureText(outcome: Extract<StartOutcome, { kind: "failed" }>, logs: string): string {
  const tail = outcome.tail.map((line) => `  ${readableLine(line)}`);
  return [
    `${outcome.part} could not be started: ${outcome.reason}.`,
    ...tail,
    `Its whole log is ${join(logs, `${outcome.part}.log`)}.`,
  ].join("\n");
}

/** Runs the parts until it is asked to stop. Resolves when nothing is left running; throws UserError for what a person can mend. */
export async function up(input: UpInput): Promise<void> {
  const { args } = input;
  const paths = statePaths(args.state);
  openState(args.state);
  const lack = diskMessage(args.state, freeBytes(args.state), NEEDED_TO_START);
  if (lack !== null) throw new UserError(lack);
  const run = randomBytes(8).toString("hex");
  const lock = await takeLock(paths.lock, ownRecord(run, null));
  if (lock.kind === "busy") {
    throw new UserError(
      `up runs already with this state (process ${lock.pid}, ${args.state}). Stop it with Ctrl-C there, or use another --state and --port.`,
    );
  }
  try {
    if (args.reset) {
      await confirmReset(input);
      resetState(args.state);
    }
    const { plan, basePort } = await planFor(input);
    const { parts } = plan;
    const taken = await takenPorts(parts);
    if (taken.length > 0) throw new UserError(describeTakenPorts(taken, basePort, input.set.target));
    mkdirSync(paths.logs, { recursive: true });
    for (const folder of parts.flatMap((part) => part.folders)) mkdirSync(folder, { recursive: true, mode: 0o700 });
    if (plan.clients) writeClients(args.state, plan.clients);
    const hint = hintOf(input, plan.clients);
    await runParts(input, parts, run, { logs: paths.logs, hint }, (supervisor) =>
      lock.update(ownRecord(run, supervisor.wardenPid() ?? null)),
    );
  } finally {
    lock.release();
  }
}

async function runParts(
  input: UpInput,
  parts: readonly PlannedPart[],
  run: string,
  { logs: logsFolder, hint }: { logs: string; hint: string },
  onSupervisor: (supervisor: Supervisor) => void,
): Promise<void> {
  const { args, out } = input;
  const screen = openScreen(out);
  const colours = input.env["NO_COLOR"] === undefined && (out.isTTY === true || input.env["FORCE_COLOR"] !== undefined);
  const paint = paintFor(colours);
  const width = Math.max(...parts.map((part) => part.name.length));
  const names = prefixes(["up", ...parts.map((part) => part.name)], paint);
  const say = (text: string) => text.split("\n").forEach((line) => screen.print(`${names.get("up")} ${line}`));
  const files = new Map(parts.map((part) => [part.name, openRotatingFile(join(logsFolder, `${part.name}.log`))]));
  const stopWish = Promise.withResolvers<{ kind: "asked"; reason: string } | { kind: "broken"; error: Error }>();
  const startedAt = Date.now();

  const supervisor = createSupervisor({
    parts,
    run,
    node: input.node,
    onLine: (part, line) => {
      try {
        files.get(part)?.write(line);
      } catch (error) {
        stopWish.resolve({
          kind: "broken",
          error: brokenLog(error as NodeJS.ErrnoException, join(logsFolder, `${part}.log`)),
        });
      }
      if (!args.quiet) screen.print(`${names.get(part)} ${terminalLine(line)}`);
    },
    onChange: (state) => {
      const part = parts.find(({ name }) => name === state.name);
      const line = part && changeLine(part, state, Date.now() - startedAt);
      if (out.isTTY === true) redraw();
      else if (line) say(line);
    },
  });
  onSupervisor(supervisor);
  const redraw = () =>
    screen.status(
      supervisor
        .states()
        .map((state, index) =>
          statusLine(parts[index] as PlannedPart, state, Date.now(), out.columns ?? 80, width, paint),
        ),
    );
  const ticking = setInterval(() => {
    redraw();
    const lack = diskMessage(args.state, freeBytes(args.state), NEEDED_TO_RUN);
    if (lack !== null) stopWish.resolve({ kind: "broken", error: new UserError(lack) });
  }, 1_000);
  let asked = 0;
  input.onStoppable((reason) => {
    asked++;
    if (asked > 1) supervisor.hurry();
    stopWish.resolve({ kind: "asked", reason });
  });

  try {
    const first = await Promise.race([supervisor.start(), stopWish.promise]);
    if (first.kind === "ready") {
      say(readyLine(input.set.door, parts, Date.now() - startedAt));
      if (hint) say(hint);
      if (out.isTTY === true) say("Ctrl-C stops everything.");
    }
    const last = first.kind === "ready" ? await stopWish.promise : first;
    if (last.kind === "asked") say(`${last.reason}: stopping everything (again: at once)`);
    await supervisor.stop();
    if (last.kind === "broken") throw last.error;
    if (last.kind === "failed") throw new UserError(failureText(last, logsFolder));
    say("Everything has stopped.");
  } finally {
    clearInterval(ticking);
    await supervisor.stop();
    screen.close();
    for (const file of files.values()) file.close();
  }
}

function brokenLog(error: NodeJS.ErrnoException, path: string): Error {
  if (error.code === "ENOSPC") {
    return new UserError(
      `The disk is full: a line could not be written to ${path}. Everything was stopped. Make room there, or keep the state elsewhere with --state.`,
    );
  }
  return new UserError(`A line could not be written to ${path}: ${error.message}. Everything was stopped.`);
}
