/** What may go wrong with one call to the fake server. */
export type Fault =
  /** The call fails ("ServerError"), and nothing has happened. */
  | "error"
  /** The call does its work, and the caller gets "Timeout". A read just times out. */
  | "timeoutAfterCommit"
  /** A get or list answers with the state of some time ago; another call is not touched. */
  | "stale"
  /** The running watches on the kind fall silent for 30 s and then break, and their events are out of the history: seen only by listing again. */
  | "missedEvent"
  /** All running watches on the kind break. */
  | "watchDrop"
  /** The history is cut: watches and continue tokens of before are "Gone". */
  | "gone"
  /** The call takes 20 s. */
  | "slow";

/** All faults, for tests that try each. */
export const faults: readonly Fault[] = [
  "error",
  "timeoutAfterCommit",
  "stale",
  "missedEvent",
  "watchDrop",
  "gone",
  "slow",
];

/** One call as the fault plan sees it. */
export interface Call {
  /** Counts the calls to the server, from 0. */
  readonly index: number;
  readonly verb: "list" | "watch" | "get" | "create" | "apply" | "merge" | "delete";
  readonly plural: string;
  /** Empty for lists and watches. */
  readonly key: string;
}

/** Decides what goes wrong with a call; undefined for nothing. Asked once a call, in the order of the calls. */
export type FaultPlan = (call: Call) => Fault | undefined;

/** No faults. */
export const noFaults: FaultPlan = () => undefined;

/** One fault, at the call with this index. */
export const faultAt =
  (index: number, fault: Fault): FaultPlan =>
  (call) =>
    call.index === index ? fault : undefined;

/** Faults that are drawn: each call has one with the given probability. The same seed draws the same faults. */
export function randomFaults(seed: number, probability: number, among: readonly Fault[] = faults): FaultPlan {
  const random = randomNumbers(seed);
  return () => (random() < probability ? among[Math.floor(random() * among.length)] : undefined);
}

/** Numbers in [0, 1) that look random and are the same for the same seed (mulberry32). */
export function randomNumbers(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
