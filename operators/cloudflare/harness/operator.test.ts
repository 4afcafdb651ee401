import { expect, test } from "vitest";
import { cloudflareActions, deletion, kubernetesActions, oneDeployment } from "./actions.ts";
import { explore } from "./explore.ts";
import { storm } from "./storm.ts";
import { operator, operatorWith } from "./subject.ts";
import { harnessFaults } from "./types.ts";

const actions = [...kubernetesActions, ...cloudflareActions];
const LONG_MS = 600_000;

test(
  "each fault at each call: nothing exposed, nothing left, and it comes to its goal",
  { timeout: LONG_MS },
  async () => {
    const { findings, runs } = await explore({ operator, setUp: oneDeployment, actions: [], faults: harnessFaults });
    expect(findings).toEqual([]);
    expect(runs).toBeGreaterThan(100);
  },
);

test.each(actions)("$name at every fourth call, a part of it with faults", { timeout: LONG_MS }, async (action) => {
  const { findings, runs } = await explore({
    operator,
    setUp: oneDeployment,
    actions: [action],
    faults: harnessFaults,
    every: 4,
    sample: { seed: 1, share: 0.005 },
  });
  expect(findings).toEqual([]);
  expect(runs).toBeGreaterThan(7);
});

test.each([1, 2, 3, 4])("much at once, %i", { timeout: LONG_MS }, async (seed) => {
  const run = { operator, setUp: oneDeployment, seed, among: actions, actions: 6, calls: 150, share: 0.1 };
  const { problems } = await storm(run);
  expect(problems.length === 0 ? [] : (await storm({ ...run, trace: true })).trace).toEqual([]);
});

test("without its wait for answers that never came it exposes, and is found out", { timeout: LONG_MS }, async () => {
  const hasty = operatorWith(0);
  const { findings } = await explore({
    operator: hasty,
    setUp: oneDeployment,
    actions: [deletion],
    faults: ["lateCommit"],
  });
  expect(findings[0]?.problems[0]).toMatch(/^exposed: web\.example\.org/);
});
