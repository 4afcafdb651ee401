import { expect, test } from "vitest";
import { done, type ReconcileContext, type ReconcileResult, requeueAfter } from "#lib/operator/reconcile.ts";
import type { KubeObject } from "#lib/operator/object.ts";
import { virtualClock } from "#lib/operator/virtual-clock.ts";
import { observed } from "./observed.ts";

const context = { key: "default/one" } as ReconcileContext<KubeObject>;

test.each<[string, () => ReconcileResult]>([
  ["success", () => done],
  ["requeue_after", () => requeueAfter(1_000)],
  [
    "error",
    () => {
      throw new Error("away");
    },
  ],
])("%s is told with the time that it took, whatever somebody sets the clock to meanwhile", async (expected, end) => {
  const clock = virtualClock();
  const told: unknown[] = [];
  const reconcile = observed(
    async () => {
      await clock.sleep(2_000);
      clock.set(clock.nowMs() - 3_600_000);
      return end();
    },
    { reconciled: (...args) => void told.push(args) },
    clock,
  );
  const ended = reconcile(context).then(
    ({ kind }) => kind,
    (error: Error) => error.message,
  );
  await clock.advance(2_000);
  expect(["done", "requeueAfter", "away"]).toContain(await ended);
  expect(told).toEqual([["default/one", expected, 2]]);
});
