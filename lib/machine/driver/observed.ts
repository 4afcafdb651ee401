import type { Clock } from "#lib/operator/clock.ts";
import type { KubeObject } from "#lib/operator/object.ts";
import type { Reconcile } from "#lib/operator/reconcile.ts";
import type { Observer } from "../observer.ts";

/** The same reconciliation, whose ends are told to the observer, with the time that each took. Errors are thrown on. */
export function observed<T extends KubeObject>(
  reconcile: Reconcile<T>,
  observer: Pick<Observer, "reconciled"> | undefined,
  clock: Clock,
): Reconcile<T> {
  return async (context) => {
    const startMs = clock.elapsedMs();
    const tell = (result: "success" | "error" | "requeue_after") =>
      observer?.reconciled(context.key, result, (clock.elapsedMs() - startMs) / 1000);
    try {
      const result = await reconcile(context);
      tell(result.kind === "done" ? "success" : "requeue_after");
      return result;
    } catch (error) {
      tell("error");
      throw error;
    }
  };
}
