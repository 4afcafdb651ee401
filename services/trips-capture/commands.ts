import { existsSync } from "node:fs";
import path from "node:path";
import { parseArgs } from "node:util";
import { Type } from "typebox";
import { ConfigError, type Environment, loadConfig } from "#lib/service/config.ts";
import { runService } from "#lib/service/run.ts";
import { ConfigSchema, StateDir } from "./config.ts";
import { diagnose, reportOf } from "./doctor.ts";
import { failpoint } from "./failpoint.ts";
import { overviewOf } from "./overview.ts";
import { pausePhoto, resumePhotos, retryPhotos, setPaused } from "./queue-commands.ts";
import { startService } from "./service.ts";
import { statusTable } from "./status-table.ts";
import { openQueue, type Queue } from "./store.ts";

/** Where a command reads and writes. */
export interface Terminal {
  /** That of the process unless told. */
  readonly env?: Environment;
  out(text: string): void;
  err(text: string): void;
  /** Sets the exit status; `run` sets its own when it ends. */
  exit(status: number): void;
}

const HELP = `Takes pictures with a GoPro and brings every picture of its card to the store and the stream, once.

Usage: trips-capture [command]

  run                     the service (default); its variables are in the README
  status [--json]         what waits, what was kept aside and why, camera, NATS, S3, disk
  retry <photo> | --all   begin photos again at once that failed or wait for their time
  pause [photo]           take no pictures and move nothing, until resume; or leave one photo alone
  resume [photo]          go on; with no number also with every paused photo
  doctor [--json]         try camera, clock, card, settings, NATS, S3 and disk; says what to do

All commands work beside the running service. status, retry, pause and resume need STATE_DIR only, doctor the variables of run.
Exit status: 0 done; 1 something is wrong (status: a photo was kept aside or something is held up; doctor: a check failed);
2 the command or the environment is wrong; 3 there is no such photo.
`;

/** Runs one command; see `--help`. */
export async function runCommand(args: readonly string[], terminal: Terminal): Promise<void> {
  let parsed: { values: { json?: boolean; all?: boolean; help?: boolean }; positionals: string[] };
  try {
    parsed = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: { json: { type: "boolean" }, all: { type: "boolean" }, help: { type: "boolean", short: "h" } },
    });
  } catch (error) {
    return misused(terminal, (error as Error).message);
  }
  const { values, positionals } = parsed;
  const [command = "run", argument, ...rest] = positionals;
  if (values.help || command === "help") return terminal.out(HELP);
  if (rest.length > 0 || (argument !== undefined && !/^\d+$/.test(argument)))
    return misused(terminal, `${argument} ${rest.join(" ")} is not the number of a photo.`);
  const photo = argument === undefined ? undefined : Number(argument);
  try {
    switch (command) {
      case "run":
        return await runService({
          name: "trips-capture",
          config: ConfigSchema,
          start: (context) => startService(context, failpoint(context.config.TRIPS_CAPTURE_FAILPOINT)),
        });
      case "doctor": {
        const checks = await diagnose(loadConfig(ConfigSchema, terminal.env));
        terminal.out(values.json ? `${JSON.stringify(checks, null, 2)}\n` : reportOf(checks));
        return terminal.exit(checks.some(({ verdict }) => verdict === "wrong") ? 1 : 0);
      }
      case "status":
      case "retry":
      case "pause":
      case "resume":
        return withQueue(terminal, (queue) => onQueue(command, queue, { ...values, photo }, terminal));
      default:
        return misused(terminal, `There is no command ${command}.`);
    }
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    terminal.err(`${error.message}\n`);
    terminal.exit(2);
  }
}

function misused(terminal: Terminal, problem: string): void {
  terminal.err(`${problem}\nSee trips-capture --help.\n`);
  terminal.exit(2);
}

function withQueue(terminal: Terminal, work: (queue: Queue) => void): void {
  const { STATE_DIR } = loadConfig(Type.Object({ STATE_DIR: StateDir }), terminal.env);
  if (!existsSync(path.join(STATE_DIR, "queue.sqlite")))
    return misused(terminal, `There is no queue in ${STATE_DIR}; expected STATE_DIR to be that of the service.`);
  const queue = openQueue(STATE_DIR);
  try {
    work(queue);
  } finally {
    queue.close();
  }
}

function onQueue(
  command: "status" | "retry" | "pause" | "resume",
  queue: Queue,
  options: { json?: boolean; all?: boolean; photo: number | undefined },
  terminal: Terminal,
): void {
  const { photo } = options;
  const now = Date.now();
  if (photo !== undefined && queue.get(photo) === null) {
    terminal.err(`There is no photo ${photo}; \`status\` names those that are not published.\n`);
    return terminal.exit(3);
  }
  switch (command) {
    case "status": {
      const overview = overviewOf(queue, 20);
      terminal.out(options.json ? `${JSON.stringify(overview, null, 2)}\n` : statusTable(overview, now));
      const held = Object.keys((overview.reports["holds"]?.value as object | undefined) ?? {}).length;
      return terminal.exit(overview.counts.failed + held > 0 ? 1 : 0);
    }
    case "retry": {
      if (photo === undefined && !options.all) return misused(terminal, "retry needs the number of a photo, or --all.");
      return terminal.out(`${retryPhotos(queue, now, photo)} photos begin again.\n`);
    }
    case "pause": {
      if (photo === undefined) {
        setPaused(queue, true);
        return terminal.out("Paused: no pictures are taken and nothing moves, until `resume`.\n");
      }
      if (!pausePhoto(queue, photo, now)) return misused(terminal, `Photo ${photo} is published or paused already.`);
      return terminal.out(`Photo ${photo} is paused.\n`);
    }
    case "resume": {
      if (photo === undefined) setPaused(queue, false);
      return terminal.out(
        `Goes on${photo === undefined ? "" : ` with photo ${photo}`}; ${resumePhotos(queue, now, photo)} photos were paused.\n`,
      );
    }
  }
}
