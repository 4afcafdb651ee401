import type { Occurrence } from "#lib/operator/events.ts";
import { Refused } from "#lib/machine/state.ts";
import { type CloudflareError, CloudflareFailure } from "./api/errors.ts";
import type { Applied } from "./apply.ts";
import type { Claim } from "./claims.ts";
import type { Deployment } from "./deployment.ts";
import { type Context, RETRIES, retryAfterMs, type State } from "./machine.ts";
import type { Plan } from "./plan.ts";
import type { Session } from "./session.ts";

/** What one step sees. */
export interface View {
  readonly key: string;
  readonly hash: string;
  readonly deployment: Deployment;
  readonly state: State;
  readonly claim: Claim;
  readonly plan: Plan;
  /** It is not wanted any more, or on its way out. */
  readonly leaving: boolean;
  readonly session: Session;
  readonly context: Context;
  readonly random: () => number;
  readonly onDrift: () => void;
  readonly onRefused: (action: string, guard: string) => void;
  readonly onFailed: (error: unknown) => void;
}

/** What a step came to. */
export type Outcome =
  /** A state to write down; then go on, or come back after `waitMs`. */
  | {
      readonly kind: "next";
      readonly state: State;
      readonly finalizer?: "set";
      readonly occurrence?: Occurrence;
      readonly waitMs?: number;
    }
  /** The world has changed: look again. */
  | { readonly kind: "again" }
  | { readonly kind: "wait"; readonly ms: number }
  /** Nothing is left: the finalizer and the state may go. */
  | { readonly kind: "gone" };

/** While another Deployment leaves the hostname, or its holder may change. */
export const WAIT_MS = 5_000;

export const again: Outcome = { kind: "again" };

export const wait = (ms: number): Outcome => ({ kind: "wait", ms });

/** Goes on from another state. */
export const next = (state: State, occurrence?: Occurrence): Outcome => ({
  kind: "next",
  state,
  ...(occurrence && { occurrence }),
});

/** Goes on from the state that a guarded transition leads to, or waits when the guard refused it. */
export function taken(state: State | Refused<string, string>, view: View, occurrence?: Occurrence): Outcome {
  if (!(state instanceof Refused)) return next(state, occurrence);
  view.onRefused(state.action, state.guard);
  return wait(WAIT_MS);
}

/**
 * What follows a part of the plan that was carried out, or was not.
 * @param state where it was tried; undefined where the machine counts no failures
 * @param what what was tried, for messages: `write records`
 */
export function after(
  applied: Applied,
  state: Exclude<State, { phase: "Removed" | "Unknown" | "Ready" | "Failed" }> | undefined,
  view: View,
  what: string,
): Outcome {
  if (applied.kind === "done") return again;
  if (applied.kind === "wait") return wait(applied.ms);
  const { error } = applied;
  view.onFailed(error);
  if (error.kind === "Throttled") return wait(error.retryAfterMs);
  if (state === undefined) return wait(WAIT_MS);
  const message = messageOf(`${view.key}: ${what}`, error);
  const tried = state.failed();
  const delayMs = retryAfterMs(tried, view.random());
  if ("fail" in tried && (delayMs === undefined || error.kind === "Invalid"))
    return next(tried.fail({ reason: "unavailable", message }, view.context), warning("Failed", "Publish", message));
  return {
    kind: "next",
    state: tried,
    occurrence: warning("Retrying", "Publish", message),
    waitMs: delayMs ?? RETRIES.maxMs,
  };
}

/** Looks at a hostname where the end of a write is not known; says to wait until that tells for sure. Undefined where there is no doubt. */
export async function sure(hostname: string, { observation, signal }: Session): Promise<Outcome | undefined> {
  const ms = observation.doubtfulForMs(hostname);
  if (ms === undefined) return undefined;
  if (ms > 0) return wait(ms);
  await observation.look(hostname, { signal });
  return again;
}

export const normal = (reason: string, action: string, note: string): Occurrence => ({
  type: "Normal",
  reason,
  action,
  note,
});

export const warning = (reason: string, action: string, note: string): Occurrence => ({
  type: "Warning",
  reason,
  action,
  note,
});

const messageOf = (what: string, error: CloudflareError): string => new CloudflareFailure(what, error).message;
