import { randomNumbers } from "#lib/operator/fake/faults.ts";
import { runOnce } from "./run.ts";
import { type HarnessFault, harnessFaults, type Operator, type Stage, type UserAction, type Verdict } from "./types.ts";

/** A run in which much happens at once. */
export interface Storm {
  readonly operator: Operator;
  readonly setUp: (stage: Stage) => void;
  /** Draws everything: the same seed gives the same run. */
  readonly seed: number;
  readonly among: readonly UserAction[];
  /** How many actions there are. */
  readonly actions: number;
  /** The calls within which actions and faults happen. */
  readonly calls: number;
  /** Of those calls, the share that has a fault. */
  readonly share: number;
  readonly faults?: readonly HarnessFault[];
  readonly trace?: boolean;
}

/** Lets people do things at drawn calls while drawn calls fail; after that there is peace, and all has to come right. */
export async function storm({ operator, setUp, seed, among, share, trace = false, ...rest }: Storm): Promise<Verdict> {
  const random = randomNumbers(seed);
  const { faults = harnessFaults } = rest;
  const one = <T>(items: readonly T[]): T => items[Math.floor(random() * items.length)]!;
  const actions = Array.from({ length: rest.actions }, () => ({
    at: Math.floor(random() * rest.calls),
    action: one(among),
  }));
  return await runOnce({
    operator,
    setUp,
    actions,
    fault: ({ index }) => (index < rest.calls && random() < share ? one(faults) : undefined),
    lagMs: one([0, 0, 1_000, 5_000]),
    trace,
  });
}
