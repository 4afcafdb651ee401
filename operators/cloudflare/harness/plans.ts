import { one } from "./actions.ts";
import type { Exploration } from "./explore.ts";
import { several } from "./several.ts";
import { electedOperator, operator } from "./subject.ts";
import { type HarnessFault, harnessFaults, type Scenario, type Subject } from "./types.ts";

/** Subjects by the names that records of runs have for them. */
export const subjects = { operator, elected: electedOperator } satisfies Readonly<Record<string, Subject>>;

/** Scenarios by the names that records of runs have for them. */
export const scenarios = { one, several } satisfies Readonly<Record<string, Scenario>>;

/** A subject and a scenario by their names. */
export interface Setting {
  readonly subject: keyof typeof subjects;
  readonly scenario: keyof typeof scenarios;
}

/** What is to be explored, as data that a thread can be sent. */
export interface Plan extends Setting {
  readonly faults: readonly HarnessFault[];
  readonly pairs: boolean;
  readonly sample: { readonly seed: number; readonly share: number };
}

/** With the harness's own election all faults that need no Lease; with a Lease those that have to do with who leads. */
export const faultsOf = (subject: Setting["subject"]): readonly HarnessFault[] =>
  subject === "operator"
    ? harnessFaults.filter((kind) => kind !== "longPause" && kind !== "lateSend")
    : ["crash", "leaderChange", "longPause", "lateSend"];

/** The exploration that a plan stands for. */
export function explorationOf({ subject, scenario, faults, pairs, sample }: Plan): Exploration {
  return {
    subject: subjects[subject],
    scenario: scenarios[scenario],
    faults,
    pairs,
    enough: 3,
    ...(sample.share < 1 && { sample }),
  };
}
