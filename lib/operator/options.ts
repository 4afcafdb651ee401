import type { Clock } from "./clock.ts";
import type { KubeApi, Selection } from "./api.ts";
import type { Logger } from "#lib/service/logs.ts";
import type { KitMetrics } from "./metrics.ts";
import type { KubeObject } from "./object.ts";
import type { Rates } from "./rate.ts";
import type { Reconcile } from "./reconcile.ts";

/** What a cache of one kind needs. */
export interface CacheOptions<T extends KubeObject> {
  readonly api: KubeApi<T>;
  readonly selection?: Selection;
  /**
   * Keeps what is needed of an object, so that the cache stays small. `metadata.managedFields` is dropped before. When it
   * throws, the change is passed over and counted: what the cache knows of the object stays.
   */
  readonly project?: (object: T) => T;
  /** Index → the values that an object has in it. */
  readonly indexes?: Readonly<Record<string, (object: T) => readonly string[]>>;
}

/** What a controller needs. */
export interface ControllerOptions<T extends KubeObject> extends CacheOptions<T> {
  /** The label `controller` of its metrics: lower case. */
  readonly name: string;
  readonly reconcile: Reconcile<T>;
  /** Reconciliations at once, of different keys: 1 unless told. */
  readonly workers?: number;
  /** After so long a reconciliation's signal is aborted and the reconciliation counts as failed; none unless told. */
  readonly timeoutMs?: number;
  /** How long what failed waits; see {@link Rates}. */
  readonly rates?: Rates;
  /** Whether a change needs a reconciliation; all do unless told. `before` is undefined for a new object. */
  readonly relevant?: (before: T | undefined, after: T) => boolean;
}

/** What all controllers of a process share. */
export interface Surroundings {
  readonly clock: Clock;
  /** A number in [0, 1). */
  readonly random: () => number;
  readonly metrics?: KitMetrics;
  readonly logger?: Pick<Logger, "info" | "warn" | "error">;
  /** How long reconciliations that run may still take when the process stops: 30 s unless told. */
  readonly graceMs?: number;
}
