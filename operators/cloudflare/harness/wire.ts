import { faultAt, noFaults } from "#lib/operator/fake/faults.ts";
import { deployments } from "#lib/operator/resources.ts";
import { noFaults as noCloudflareFaults } from "../fake/faults.ts";
import { never, type Through } from "./process.ts";
import type { Staff } from "./staff.ts";
import type { CallRecord, HarnessFault, PlannedFault, Stage } from "./types.ts";

/** What a wire needs. */
export interface WireOptions {
  readonly stage: Stage;
  readonly faults: readonly PlannedFault[];
  readonly staff: () => Staff;
  readonly say: (text: string) => void;
  readonly problem: (text: string) => void;
  /** Lets people do what is due before a call; whether anybody has acted since it was asked last. */
  readonly people: (call: Pick<CallRecord, "index" | "lease">) => boolean;
  /** Whether to tell how calls failed. */
  readonly trace: boolean;
}

/** What stands between the processes and the two servers. */
export interface Wire {
  readonly through: Through;
  readonly calls: readonly CallRecord[];
  /** Whether somebody calls without end. */
  readonly hot: boolean;
}

/** Calls without time passing between them that no work on a few Deployments needs. */
const HOT = 500;
/** How late a read of Cloudflare may be. */
const CALM_MS = 30_000;
/** How much longer than until another leads a process stands still. */
const PAUSE_MS = { leaderChange: 1_000, lateSend: 1_000, longPause: 90_000 } as const;

/** Makes a wire: counts the calls, and lets the planned faults happen to them. */
export function wire({ stage, faults, staff, say, problem, people, trace }: WireOptions): Wire {
  const { kube, cloudflare, clock } = stage;
  const startMs = clock.nowMs();
  const planned = new Map(faults.map(({ at, kind, lease = false }) => [`${lease} ${at}`, kind]));
  const calls: CallRecord[] = [];
  const made = { lease: 0, other: 0 };
  let hot = { atMs: startMs, calls: 0 };
  let changedMs = -Infinity;
  cloudflare.onChange(() => void (changedMs = clock.nowMs()));

  const isHot = (text: string): boolean => {
    if (hot.atMs !== clock.nowMs()) hot = { atMs: clock.nowMs(), calls: 0 };
    if (++hot.calls === HOT + 1) problem(`hot loop: ${HOT} calls without a pause, the last one ${text}`);
    return hot.calls > HOT;
  };
  /** Sets the servers up so that the next call, and none after it, has the fault. */
  const arm = (server: CallRecord["server"], kind: HarnessFault | undefined): void => {
    if (kind === "missedEvent") {
      kube.setFaults(faultAt(kube.calls, "missedEvent"));
      void kube.api(deployments).get({ namespace: "none", name: "none" });
      kube.setFaults(noFaults);
    }
    if (kind !== "timeoutAfterCommit" && kind !== "lateCommit" && kind !== "stale") return;
    if (server === "cloudflare") cloudflare.setFaults(() => kind);
    else kube.setFaults(() => (kind === "lateCommit" ? "timeoutAfterCommit" : kind));
  };
  const disarm = (): void => {
    kube.setFaults(noFaults);
    cloudflare.setFaults(noCloudflareFaults);
  };

  const through: Through = async (process, plannedCall, make) => {
    if (process.standsStill || !process.alive) await process.ready();
    if (isHot(plannedCall.text)) {
      process.kill();
      return await never();
    }
    const index = plannedCall.lease ? made.lease++ : made.other++;
    const acted = people({ index, lease: plannedCall.lease });
    const atMs = clock.nowMs() - startMs;
    const atOnce = !acted && calls.at(-1)?.atMs === atMs;
    const calm = clock.nowMs() - changedMs >= CALM_MS;
    calls.push({ ...plannedCall, index, atMs, process: process.name, atOnce, calm });
    const kind = planned.get(`${plannedCall.lease} ${index}`);
    const number = `${plannedCall.lease ? "L" : ""}${index}`.padStart(4);
    if (!plannedCall.lease || kind !== undefined)
      say(`${number} ${process.name} ${plannedCall.text}${kind === undefined ? "" : `   << ${kind}`}`);
    if (kind === "crashBefore") {
      staff().die(process);
      return await never();
    }
    if (kind === "lateSend") {
      staff().replace(process, PAUSE_MS.lateSend);
      await process.ready();
    }
    arm(plannedCall.server, kind);
    const work = make();
    if (kind !== undefined) disarm();
    work.catch(() => {});
    if (kind === "crash") staff().die(process);
    if (kind === "leaderChange" || kind === "longPause") staff().replace(process, PAUSE_MS[kind]);
    if (trace) void work.then((answer) => sayFailure(number, answer)).catch(() => {});
    return await process.heard(work);
  };
  const sayFailure = (number: string, answer: unknown) => {
    const failure = failureOf(answer);
    if (failure !== undefined) say(`    ${number.trim()} failed: ${failure}`);
  };

  return {
    through,
    calls,
    get hot() {
      return hot.calls > HOT;
    },
  };
}

/** What an answer failed with; undefined for one that did not. */
function failureOf(answer: unknown): string | undefined {
  const { ok, status = 200, error } = answer as { ok?: boolean; status?: number; error?: { kind: string } };
  if (ok === false) return error?.kind;
  return status >= 400 ? String(status) : undefined;
}
