import { randomNumbers } from "#lib/operator/fake/faults.ts";
import { type Course, type HarnessFault, harnessFaults, type Scenario } from "./types.ts";

/** A run in which much happens at once. */
export interface Storm {
  readonly scenario: Scenario;
  /** Draws everything: the same seed gives the same course. */
  readonly seed: number;
  /** How many actions there are. */
  readonly actions: number;
  /** The calls within which actions and faults happen. */
  readonly calls: number;
  /** Of those calls, the share that has a fault. */
  readonly share: number;
  readonly faults?: readonly HarnessFault[];
}

/** Lets people do things at drawn calls while drawn calls fail; after that there is peace, and all has to come right. */
export function stormOf({ scenario, seed, share, ...rest }: Storm): Course {
  const random = randomNumbers(seed);
  const { faults: kinds = harnessFaults } = rest;
  const one = <T>(items: readonly T[]): T => items[Math.floor(random() * items.length)]!;
  const actions = Array.from({ length: rest.actions }, () => {
    const moment = { at: Math.floor(random() * rest.calls), name: one(scenario.actions).name };
    return random() < 0.5 ? moment : { ...moment, lateMs: Math.floor(random() * 60_000) };
  });
  const faults = Array.from({ length: rest.calls }, (_, at) => ({ at, drawn: random() < share }))
    .filter(({ drawn }) => drawn)
    .map(({ at }) => ({ at, kind: one(kinds) }));
  return { actions, faults, lagMs: one([0, 0, 1_000, 5_000]) };
}
