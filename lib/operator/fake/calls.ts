import { type ApiError, failure, type Outcome } from "../errors.ts";
import { type Call, type FaultPlan, noFaults } from "./faults.ts";
import type { Kind, ServerState } from "./state.ts";
import type { FakeOptions } from "./types.ts";

/** How long a call takes that times out, and one that is slow. */
const TIMEOUT_MS = 10_000;
const SLOW_MS = 20_000;

const gaveUp: ApiError = { kind: "Timeout", message: "The request was given up before its answer had come." };

/** What is done to a call, and what is known of it. */
export interface PendingCall extends Omit<Call, "index"> {
  readonly kind: Kind;
  readonly signal: AbortSignal | undefined;
}

/** Counts the calls to a fake server, and lets go wrong what the plan says. */
export class Calls {
  readonly #state: ServerState;
  readonly #latencyMs: number;
  readonly #listeners = new Set<(call: Call) => void>();
  #count = 0;
  /** What goes wrong. */
  plan: FaultPlan;

  constructor(state: ServerState, { latencyMs = 0, faults = noFaults }: FakeOptions) {
    this.#state = state;
    this.#latencyMs = latencyMs;
    this.plan = faults;
  }

  get count(): number {
    return this.#count;
  }

  /** Is told of each call before it is done; returns a function that ends this. */
  listen(listener: (call: Call) => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  /** Does the work of a call, unless something goes wrong. @param work is told whether to answer with an old state */
  async perform<R>(pending: PendingCall, work: (stale: boolean) => Outcome<R>): Promise<Outcome<R>> {
    const { kind, signal, ...known } = pending;
    const { clock } = this.#state;
    const call: Call = { ...known, index: this.#count++ };
    for (const listen of [...this.#listeners]) listen(call);
    if (signal?.aborted) return failure(gaveUp);
    const fault = this.plan(call);
    if (fault === "watchDrop") this.#state.drop(kind);
    if (fault === "gone") this.#state.forget(kind);
    if (fault === "missedEvent") this.#state.miss(kind);
    if (this.#latencyMs > 0 && !(await clock.sleep(this.#latencyMs, signal))) return failure(gaveUp);
    if (fault === "error")
      return failure({ kind: "ServerError", status: 500, message: "The server was told to fail." });
    if (fault === "timeoutAfterCommit") {
      work(false);
      await clock.sleep(TIMEOUT_MS, signal);
      return failure({ kind: "Timeout", message: "No answer came." });
    }
    return fault === "slow" ? await this.#slow(signal, work) : work(fault === "stale");
  }

  async #slow<R>(signal: AbortSignal | undefined, work: (stale: boolean) => Outcome<R>): Promise<Outcome<R>> {
    return await new Promise((resolve) => {
      const leave = () => resolve(failure(gaveUp));
      signal?.addEventListener("abort", leave, { once: true });
      this.#state.clock.setTimer(SLOW_MS, () => {
        signal?.removeEventListener("abort", leave);
        resolve(work(false));
      });
    });
  }
}
