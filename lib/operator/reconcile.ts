import type { KubeApi } from "./api.ts";
import type { Fence } from "./fence.ts";
import type { Key, KubeObject } from "./object.ts";
import type { Reader } from "./store.ts";

/**
 * How a reconciliation ended well. `done` waits for the next change; `requeueAfter` comes back after `ms` and forgets
 * earlier failures; `requeue` comes back as after a failure, with growing waits.
 */
export type ReconcileResult =
  { readonly kind: "done" } | { readonly kind: "requeueAfter"; readonly ms: number } | { readonly kind: "requeue" };

/** Nothing is left to do. */
export const done: ReconcileResult = { kind: "done" };

/** Come back after `ms`. */
export const requeueAfter = (ms: number): ReconcileResult => ({ kind: "requeueAfter", ms });

/** What a reconciliation gets. */
export interface ReconcileContext<T extends KubeObject> {
  readonly key: Key;
  /** The object as the cache has it, at least as new as this controller's own last write to it; undefined when it is gone. */
  readonly object: T | undefined;
  /** All objects of the kind, as the cache has them. */
  readonly cache: Reader<T>;
  /**
   * The API of the kind: its writes ask the fence first, and the key is not reconciled again before the cache shows them.
   */
  readonly api: KubeApi<T>;
  /** Aborted when the reconciliation takes too long, leadership is lost or the process stops; hand it to every request. */
  readonly signal: AbortSignal;
  /** To be asked before each write to anything outside. */
  readonly fence: Fence;
}

/**
 * Brings the world to what the object wants: idempotent, level-triggered, never called twice at once for one key.
 * What it throws is counted and tried again with growing waits (5 ms · 2ⁿ, at most 1000 s), but for a
 * {@link TerminalError}, which waits for the next change.
 */
export type Reconcile<T extends KubeObject> = (context: ReconcileContext<T>) => Promise<ReconcileResult>;

/** Thrown by a reconciliation that trying again cannot help: it is counted, and waits for the next change. */
export class TerminalError extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = "TerminalError";
  }
}
