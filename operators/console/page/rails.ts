import type { MachineView } from "../snapshot.ts";

/** The ways through a machine, as lists of states. */
export interface Rails {
  /** From the first state to the goal. */
  readonly way: readonly string[];
  /** States of deletion, the first one first. */
  readonly out: readonly string[];
  readonly errors: readonly string[];
}

/** Lays a machine out: of each state the first transition that goes on, to a state that no way has come through yet. */
export function railsOf({ states, transitions }: MachineView): Rails {
  const stateOf = (name: string) => states.find((state) => state.name === name);
  const follow = (first: string | undefined, deletion: boolean): string[] => {
    const way: string[] = [];
    for (let name = first; name !== undefined && !way.includes(name);) {
      way.push(name);
      const from = name;
      name = transitions
        .filter((transition) => transition.from === from && !way.includes(transition.to))
        .map(({ to }) => stateOf(to))
        .find((state) => state !== undefined && !state.error && state.deletion === deletion)?.name;
    }
    return way;
  };
  const way = follow(states.find(({ initial }) => initial)?.name, false);
  const entry = transitions.find(({ from, to }) => from === way[0] && stateOf(to)?.deletion)?.to;
  return { way, out: follow(entry, true), errors: states.filter(({ error }) => error).map(({ name }) => name) };
}
