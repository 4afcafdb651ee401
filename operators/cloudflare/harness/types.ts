import type { Clock } from "#lib/operator/clock.ts";
import type { KubeServer } from "#lib/operator/api.ts";
import type { FakeServer } from "#lib/operator/fake/types.ts";
import type { Fence } from "#lib/operator/fence.ts";
import type { Fetch } from "../api/fetch.ts";
import type { FakeCloudflare } from "../fake/types.ts";

/** All that a process of an operator has. Nothing of it works any more once the process is dead, and nothing goes on while it stands still. */
export interface Surroundings {
  /** `p1`, and no other process's ever. */
  readonly name: string;
  readonly clock: Clock;
  readonly kube: KubeServer;
  readonly fetch: Fetch;
  /** Of this process's term, for an operator without an election of its own. It says no as soon as another leads; its signal follows some seconds later. */
  readonly fence: Fence;
  /** A number in [0, 1), the same ones in each run. */
  readonly random: () => number;
}

/** An operator: does its work until it is dead, or its fence's signal is aborted. When it rejects, the process ends and is started again. */
export type Operator = (surroundings: Surroundings) => Promise<void>;

/** An operator, and who says which of its processes leads. */
export interface Subject {
  readonly operator: Operator;
  /**
   * "harness": the newest process leads, by its {@link Surroundings.fence}. "lease": whoever has the Lease {@link LEASE}
   * by its name; several processes run at once.
   */
  readonly election: "harness" | "lease";
}

/** The Lease of a subject that elects for itself. */
export const LEASE = { namespace: "shop", name: "cloudflare-operator" } as const;

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
  /**
   * Another process leads before this one hears of the call's end. With a Lease: the process stands still until another
   * has taken it. Else at once, and this one learns of it 3 s later.
   */
  | "leaderChange"
  /** With a Lease: the process stands still until another has led for 90 s. */
  | "longPause"
  /** With a Lease: the process stands still before the call leaves it, and the call leaves it when another has the Lease. */
  | "lateSend";

/** All of them, for tests that try each. */
export const harnessFaults: readonly HarnessFault[] = [
  "crashBefore",
  "crash",
  "timeoutAfterCommit",
  "lateCommit",
  "stale",
  "missedEvent",
  "leaderChange",
  "longPause",
  "lateSend",
];

/** One call of any process to Kubernetes or Cloudflare. */
export interface CallRecord {
  /** Counts the calls of all processes, from 0; those about the Lease apart. */
  readonly index: number;
  readonly lease: boolean;
  readonly server: "kubernetes" | "cloudflare";
  /** `merge deployments shop/web`, `POST /zones/…/batch`. */
  readonly text: string;
  readonly write: boolean;
  /** What it sends: a body, a patch, a query; empty for nothing. */
  readonly sent: string;
  /** Since the run began. */
  readonly atMs: number;
  readonly process: string;
  /** Whether no time has passed since the call before, and nobody has acted. */
  readonly atOnce: boolean;
  /** Whether nothing in Cloudflare has changed for 30 s. */
  readonly calm: boolean;
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

/** What is there at first, and what people may do with it. */
export interface Scenario {
  readonly setUp: (stage: Stage) => void;
  readonly actions: readonly UserAction[];
}

/** When something is done: directly before the call with the index (or so long after it was sent), or when all is as it is to be. */
export interface Moment {
  readonly at: number | "end";
  readonly lateMs?: number;
}

/** An action by its name, and when it is done. An index that no call has is waited for until all is at rest. */
export interface PlannedAction extends Moment {
  readonly name: string;
}

/** What goes wrong at the call with the index: at one about the Lease, or at another one. */
export interface PlannedFault {
  readonly at: number;
  readonly kind: HarnessFault;
  readonly lease?: true;
}

/** What happens in one run: nothing but data, so that it can be written down and done again. */
export interface Course {
  readonly actions?: readonly PlannedAction[];
  readonly faults?: readonly PlannedFault[];
  /** How late all lists of Cloudflare are: 0 unless told, 30 s at most. */
  readonly lagMs?: number;
}

/** What is done in one run. */
export interface Run {
  readonly subject: Subject;
  readonly scenario: Scenario;
  readonly course: Course;
  /** Virtual time within which all must be as it is to be, after the last action: 60 minutes unless told. */
  readonly limitMs?: number;
  /** Virtual time for which it must stay so: 400 s unless told, in which the operator looks through all of Cloudflare once. */
  readonly restMs?: number;
  /** Whether to write down what happens. */
  readonly trace?: boolean;
}

/** What a run has shown. */
export interface Verdict {
  /** What must not be, each a sentence; the first one is the first that was seen. */
  readonly problems: readonly string[];
  /** In the order in which they were made. */
  readonly calls: readonly CallRecord[];
  /** Line by line; empty unless asked for. */
  readonly trace: readonly string[];
}
