import { expect, test } from "vitest";
import { one } from "./actions.ts";
import { explore } from "./explore.ts";
import { runOnce } from "./run.ts";
import { sabotages, unasked } from "./sabotage.ts";
import { electedWith, operatorWith } from "./subject.ts";

const LONG_MS = 600_000;

test.each(sabotages)("an operator that $name: $found", { timeout: LONG_MS }, async ({ changes, actions, ...rest }) => {
  const { findings } = await explore({
    subject: operatorWith(changes),
    scenario: one,
    actions: one.actions.filter(({ name }) => name.includes(actions)),
    every: rest.found === "nothing" ? 6 : 1,
    faults: rest.faults,
  });
  expect(findings[0]?.problems[0]?.split(":")[0] ?? "nothing").toBe(rest.found);
});

test.each([
  { name: "asks whether it leads: nothing", changes: {}, found: [] },
  { name: "never asks whether it leads: exposed", changes: unasked, found: ["exposed"] },
])("an operator that stands still until another has led for 90 s, and $name", { timeout: LONG_MS }, async (row) => {
  const kinds = new Set<string>();
  for (const at of [18, 19, 20, 21, 22])
    for (const paused of [7, 8, 9]) {
      const { problems } = await runOnce({
        subject: electedWith(row.changes),
        scenario: one,
        course: {
          actions: [{ at, name: "switch it off, and on again 90 s later" }],
          faults: [{ at: paused, kind: "longPause" }],
        },
      });
      for (const problem of problems) kinds.add(problem.split(":")[0]!);
    }
  expect([...kinds]).toEqual(row.found);
});
