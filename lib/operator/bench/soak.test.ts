import { expect, test } from "vitest";
import { soak } from "./soak.ts";

test("24 hours with watches that break, histories that are cut and calls that fail end as they should, in flat memory", async () => {
  const { heap, converged, failures, relists } = await soak({ objects: 500, hours: 24, seed: 11 });
  expect(converged).toBe(true);
  expect(failures).toBeGreaterThan(100);
  expect(relists).toBeGreaterThan(40);
  const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
  expect(heap).toHaveLength(24);
  expect(mean(heap.slice(-6)) / mean(heap.slice(3, 9))).toBeLessThan(1.05);
});
