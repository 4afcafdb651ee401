import { randomNumbers } from "#lib/operator/fake/faults.ts";

/** What may go wrong with one call. */
export type Fault =
  /** Status 500, and nothing has happened. */
  | "error"
  /** The call does its work, and is answered with 502. */
  | "errorAfterCommit"
  /** No answer, and nothing has happened. */
  | "timeout"
  /** The call does its work, and no answer comes. */
  | "timeoutAfterCommit"
  /** No answer comes, and the call does its work 20 s later. */
  | "lateCommit"
  /** A read answers with the state of some time ago, at most 30 s; another call is not touched. */
  | "stale"
  /** 429, with a `retry-after` of 30 s. */
  | "throttle"
  /** The call takes 5 s. */
  | "slow";

/** All faults, for tests that try each. */
export const faults: readonly Fault[] = [
  "error",
  "errorAfterCommit",
  "timeout",
  "timeoutAfterCommit",
  "lateCommit",
  "stale",
  "throttle",
  "slow",
];

/** One call as the fault plan sees it. */
export interface FakeCall {
  /** Counts the calls, from 0. */
  readonly index: number;
  readonly method: string;
  /** Below `/client/v4`, without the query. */
  readonly path: string;
}

/** Decides what goes wrong with a call; undefined for nothing. Asked once a call, in the order of the calls. */
export type FaultPlan = (call: FakeCall) => Fault | undefined;

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

/** A fault of certain calls, as the control of the server takes it. */
export interface FaultRule {
  /** `METHOD PATH`; `*` stands for anything. */
  readonly call: string;
  readonly fault: Fault;
  /** Calls that go well before: 0 unless told. */
  readonly after?: number;
  /** Calls that fail then: all unless told. */
  readonly times?: number;
}

/** The plan that rules make; the first that fits counts. */
export function ruledFaults(rules: readonly FaultRule[]): FaultPlan {
  const entries = rules.map((rule) => ({ rule, seen: 0 }));
  return ({ method, path }) => {
    for (const entry of entries) {
      const { call, fault, after = 0, times = Infinity } = entry.rule;
      if (!fits(call, `${method} ${path}`)) continue;
      const place = entry.seen++ - after;
      if (place >= 0 && place < times) return fault;
    }
    return undefined;
  };
}

/** Whether the parts between the stars stand in the text in their order, the first at its beginning and the last at its end. */
function fits(pattern: string, text: string): boolean {
  const [first = "", ...rest] = pattern.split("*");
  const last = rest.pop();
  if (last === undefined) return text === pattern;
  if (!text.startsWith(first)) return false;
  let at = first.length;
  for (const part of rest) {
    const found = text.indexOf(part, at);
    if (found < 0) return false;
    at = found + part.length;
  }
  return text.length - last.length >= at && text.endsWith(last);
}
