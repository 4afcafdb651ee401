import { expect, test } from "vitest";
import { soak } from "./soak.ts";

test(
  "two hours with people, faults and changes of leader: nothing exposed, and at the end all is as wished",
  { timeout: 120_000 },
  async () => {
    const { hours, exposed, unmet, crashes, states, done } = await soak({
      objects: 300,
      published: 0.3,
      hours: 2,
      seed: 1,
    });
    expect({ exposed, unmet, crashes }).toEqual({ exposed: [], unmet: [], crashes: [] });
    expect(states["Ready"]).toBeGreaterThan(60);
    expect(hours.at(-1)?.terms).toBeGreaterThan(1);
    expect(hours.every(({ drifted, most }) => drifted > 0 && most <= 1200)).toBe(true);
    expect(done.size).toBeGreaterThan(15);
  },
);
