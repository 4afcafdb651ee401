import { randomNumbers } from "#lib/operator/fake/faults.ts";
import type { Clock } from "#lib/operator/clock.ts";
import type { Lease } from "#lib/operator/lease.ts";
import { leases } from "#lib/operator/resources.ts";
import { Process, type Through } from "./process.ts";
import { LEASE, type Stage, type Subject } from "./types.ts";

/** The processes of a run. */
export interface Staff {
  /** Starts one more. */
  start(): void;
  /** Ends one at once; another is started in its place 2 s later. */
  die(process: Process): void;
  /** Lets another lead, and this one go on only `moreMs` later; see `HarnessFault`. */
  replace(process: Process, moreMs: number): void;
  /** Ends all, for good. */
  dismiss(): void;
}

/** What a staff needs. */
export interface StaffOptions {
  readonly subject: Subject;
  readonly stage: Stage;
  readonly through: Through;
  readonly say: (text: string) => void;
}

const RESTART_MS = 2_000;
/** When a process that leads no longer by the harness learns of it, and when it is ended for good. */
const DEPOSED_MS = 3_000;
const ENDED_MS = 40_000;
/** How often one looks for another leader, and for how long at most. */
const LOOK_MS = 500;
const LONGEST_MS = 300_000;

/** Makes a staff without a process. */
export function staff({ subject, stage, through, say }: StaffOptions): Staff {
  const { clock, kube, cloudflare } = stage;
  const all: Process[] = [];
  const present = new Set<Process>();
  let term = 0;
  let dismissed = false;

  const start = (): void => {
    if (dismissed) return;
    const own = ++term;
    const process = new Process({
      name: `p${own}`,
      clock,
      kube,
      fetch: cloudflare.fetch,
      random: randomNumbers(own),
      through,
      leads: () => own === term,
      term: own,
    });
    say(`-- ${process.name} starts`);
    all.push(process);
    present.add(process);
    subject.operator(process.surroundings).then(
      () => say(`-- ${process.name} has ended`),
      (error: unknown) => {
        if (!process.alive) return;
        say(`-- ${process.name} fails: ${error instanceof Error ? error.message : String(error)}`);
        die(process);
      },
    );
  };
  const end = (process: Process): void => {
    process.kill();
    present.delete(process);
  };
  const die = (process: Process): void => {
    if (!process.alive) return;
    const newest = process.name === `p${term}`;
    end(process);
    if (subject.election === "harness" && !newest) return;
    if (subject.election === "harness") term++;
    clock.setTimer(RESTART_MS, start);
  };

  const holder = () => kube.user.get<Lease>(leases, LEASE)?.spec?.holderIdentity ?? "";
  const suspend = (process: Process, moreMs: number): void => {
    if (process.standsStill) return;
    process.stand();
    say(`-- ${process.name} stands still`);
    if (![...present].some((one) => !one.standsStill)) start();
    const untilMs = clock.nowMs() + LONGEST_MS;
    const goOn = () => {
      if (!process.alive) return;
      say(`-- ${process.name} goes on`);
      process.goOn();
    };
    every(clock, LOOK_MS, () => {
      const replaced = !["", process.name].includes(holder());
      if (!replaced && clock.nowMs() < untilMs) return true;
      clock.setTimer(moreMs, goOn);
      return false;
    });
  };
  const depose = (process: Process): void => {
    if (process.name !== `p${term}`) return;
    start();
    clock.setTimer(DEPOSED_MS, () => process.depose());
    clock.setTimer(ENDED_MS, () => end(process));
  };

  return {
    start,
    die,
    replace: subject.election === "lease" ? suspend : depose,
    dismiss: () => {
      dismissed = true;
      for (const process of all) process.bury();
    },
  };
}

/** Does something again and again while it says yes. */
function every(clock: Clock, ms: number, again: () => boolean): void {
  clock.setTimer(ms, () => {
    if (again()) every(clock, ms, again);
  });
}
