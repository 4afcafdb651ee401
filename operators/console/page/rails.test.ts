import { expect, test } from "vitest";
import { railsOf } from "./rails.ts";

const state = (name: string, is: Partial<Record<"initial" | "error" | "deletion", boolean>> = {}) => ({
  ...{ name, initial: false, error: false, deletion: false },
  ...is,
});
const step = (from: string, to: string) => ({ from, to, action: `${from}-${to}` });

test("a machine has a way to its goal and a way out; errors and ways back are not on them", () => {
  const machine = {
    states: [
      state("Idle", { initial: true }),
      state("Busy"),
      state("Done"),
      state("Broken", { error: true }),
      state("Undoing", { deletion: true }),
      state("Gone", { deletion: true }),
    ],
    transitions: [
      step("Idle", "Broken"),
      step("Idle", "Busy"),
      step("Busy", "Idle"),
      step("Busy", "Done"),
      step("Done", "Idle"),
      step("Idle", "Undoing"),
      step("Undoing", "Gone"),
    ],
  };
  expect(railsOf(machine)).toEqual({ way: ["Idle", "Busy", "Done"], out: ["Undoing", "Gone"], errors: ["Broken"] });
});
