import type { Clock } from "#lib/operator/clock.ts";
import type { KubeServer } from "#lib/operator/api.ts";
import type { FakeServer } from "#lib/operator/fake/types.ts";
import type { Fence } from "#lib/operator/fence.ts";
import type { Fetch } from "../api/fetch.ts";
import type { FakeCloudflare } from "../fake/types.ts";

/** All that a process of an operator has. Nothing of it works any more once the process is dead. */
export interface Surroundings {
  readonly clock: Clock;
  readonly kube: KubeServer;
  readonly fetch: Fetch;
  /** Of this process's term. It says no as soon as another leads; its signal follows some seconds later. */
  readonly fence: Fence;
  /** A number in [0, 1), the same ones in each run. */
  readonly random: () => number;
}

/** An operator: does its work until it is dead, or its fence's signal is aborted. When it rejects, the process ends and is started again. */
export type Operator = (surroundings: Surroundings) => Promise<void>;

/** What may go wrong at a call. */
export type HarnessFault =
  /** The process dies before the call is made. */
  | "crashBefore"
  /** The call does its work, and the process dies before it hears of that. */
  | "crash"
  /** The call does its work, and no answer comes. */
  | "timeoutAfterCommit"
  /** Cloudflare gives no answer, and does its work 20 s later; Kubernetes as "timeoutAfterCommit". */
  | "lateCommit"
  /** A read shows what was some time ago. */
  | "stale"
  /** Nothing of what happens to Deployments within 30 s is told to those who watch. */
  | "missedEvent"
  /** The call ends, and then another process leads; this one learns of it 3 s later. */
  | "leaderChange";

/** All of them, for tests that try each. */
export const harnessFaults: readonly HarnessFault[] = [
  "crashBefore",
  "crash",
  "timeoutAfterCommit",
  "lateCommit",
  "stale",
  "missedEvent",
  "leaderChange",
];

/** One call of any process to Kubernetes or Cloudflare. */
export interface CallRecord {
  /** Counts the calls of all processes, from 0. */
  readonly index: number;
  readonly server: "kubernetes" | "cloudflare";
  /** `merge deployments shop/web`, `POST /zones/…/batch`. */
  readonly text: string;
  readonly write: boolean;
}

/** Where a run takes place. */
export interface Stage {
  readonly kube: FakeServer;
  readonly cloudflare: FakeCloudflare;
  readonly clock: Clock;
  /** Identifiers of what is there. */
  readonly zone: string;
  readonly tunnel: string;
}

/** Something that people do, at once. */
export interface UserAction {
  readonly name: string;
  /** Whether it is done in Cloudflare, past the operator: then a route may stand without its application, if the tunnel's end refuses what has no token. */
  readonly byHand?: true;
  readonly act: (stage: Stage) => void;
}

/** What is done in one run. */
export interface Run {
  readonly operator: Operator;
  /** Makes what is there at first. */
  readonly setUp: (stage: Stage) => void;
  /** Directly before the call with the index, or, if there is no such call, when all is as it is to be. */
  readonly actions?: readonly { readonly at: number; readonly action: UserAction }[];
  /** What goes wrong at a call; asked once a call, in the order of the calls. */
  readonly fault?: (call: CallRecord) => HarnessFault | undefined;
  /** How late all lists of Cloudflare are: 0 unless told, 30 s at most. */
  readonly lagMs?: number;
  /** Virtual time within which all must be as it is to be, after the last action: 60 minutes unless told. */
  readonly limitMs?: number;
  /** Virtual time for which it must stay so: 11 minutes unless told. */
  readonly restMs?: number;
  /** Whether to write down what happens. */
  readonly trace?: boolean;
}

/** What a run has shown. */
export interface Verdict {
  /** What must not be, each a sentence; the first one is the first that was seen. */
  readonly problems: readonly string[];
  readonly calls: readonly CallRecord[];
  /** Calls until all was as it is to be for the first time; all calls, if it never was. */
  readonly callsToGoal: number;
  /** Line by line; empty unless asked for. */
  readonly trace: readonly string[];
}
