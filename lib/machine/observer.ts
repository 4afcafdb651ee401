import type { AnyState } from "./state.ts";

/** How a reconciliation ended, in the words of controller-runtime's metrics. */
export type ReconcileResult = "success" | "error" | "requeue" | "requeue_after";

/** What may be told about the resources of one machine. `key` is `<namespace>/<name>`. */
export interface Observer<State extends AnyState = AnyState> {
  /** A reconciliation ended. */
  reconciled(key: string, result: ReconcileResult, seconds: number): void;
  /** A state is in the resource's status now; `before` is the one that was there, if this process has seen one. */
  persisted(key: string, before: State | undefined, after: State): void;
  /** A guard said no. */
  refused(key: string, phase: State["phase"], action: string, guard: string): void;
  /** An action failed in a phase. */
  failed(key: string, phase: State["phase"], error: unknown): void;
  /** The resource is gone. */
  removed(key: string): void;
}

/** Tells several observers, in their order. */
export function observers<State extends AnyState>(...all: readonly Observer<State>[]): Observer<State> {
  return {
    reconciled: (...args) => all.forEach((one) => one.reconciled(...args)),
    persisted: (...args) => all.forEach((one) => one.persisted(...args)),
    refused: (...args) => all.forEach((one) => one.refused(...args)),
    failed: (...args) => all.forEach((one) => one.failed(...args)),
    removed: (...args) => all.forEach((one) => one.removed(...args)),
  };
}
