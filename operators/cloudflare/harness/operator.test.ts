import { expect, test } from "vitest";
import { one } from "./actions.ts";
import { explore } from "./explore.ts";
import { faultsOf, scenarios, subjects } from "./plans.ts";
import { runOnce } from "./run.ts";
import { stormOf } from "./storm.ts";
import { electedOperator, operator } from "./subject.ts";

const LONG_MS = 600_000;

test(
  "each fault at each call: nothing exposed, nothing left, and it comes to its goal",
  { timeout: LONG_MS },
  async () => {
    const { findings, runs } = await explore({
      subject: operator,
      scenario: one,
      actions: [],
      faults: faultsOf("operator"),
    });
    expect(findings).toEqual([]);
    expect(runs).toBeGreaterThan(50);
  },
);

test("with a Lease, a part of the faults that have to do with who leads", { timeout: LONG_MS }, async () => {
  const { findings, runs } = await explore({
    subject: electedOperator,
    scenario: one,
    actions: [],
    faults: faultsOf("elected"),
    sample: { seed: 1, share: 0.1 },
  });
  expect(findings).toEqual([]);
  expect(runs).toBeGreaterThan(30);
});

test.each(one.actions)(
  "$name at every eighth moment, a part of it with faults",
  { timeout: LONG_MS },
  async (action) => {
    const { findings, runs } = await explore({
      subject: operator,
      scenario: one,
      actions: [action],
      faults: faultsOf("operator"),
      every: 8,
      sample: { seed: 1, share: 0.01 },
    });
    expect(findings).toEqual([]);
    expect(runs).toBeGreaterThan(4);
  },
);

const storms = (["operator", "elected"] as const).flatMap((subject) =>
  (["one", "several"] as const).flatMap((scenario) => [1, 2].map((seed) => ({ subject, scenario, seed }))),
);

test.each(storms)("much at once: $subject, $scenario, $seed", { timeout: LONG_MS }, async ({ seed, ...names }) => {
  const scenario = scenarios[names.scenario];
  const course = stormOf({ scenario, seed, actions: 6, calls: 150, share: 0.1 });
  const run = { subject: subjects[names.subject], scenario, course };
  const { problems } = await runOnce(run);
  expect(problems.length === 0 ? [] : (await runOnce({ ...run, trace: true })).trace).toEqual([]);
});
