import type { Lease } from "#lib/operator/lease.ts";
import { signalMarked } from "#tools/up/processes.ts";
import { shortName } from "./cluster.ts";
import type { OperatorView } from "./snapshot.ts";

const ASK_MS = 1000;
/** What a replica that leads says of itself, under client-go's name. */
const LEADS = /^leader_election_master_status(\{[^}]*\})? 1$/m;

/** The process of the operator, as far as one sees it from outside. */
export interface OperatorProcess {
  view(lease: Lease | undefined): OperatorView;
  /** Ends it without warning. @returns whether there was one */
  kill(): boolean;
  /** Asks whether it is there until the signal is aborted. */
  run(signal: AbortSignal): Promise<void>;
}

/**
 * Watches the operator at an address. It can be ended where `up` has started both: `part` is its name there.
 * @param mark the mark of the run, of the form `<run>:<part>`; undefined where `up` has not started this process
 */
export function watchOperator(
  address: string,
  part: string,
  onChange: () => void,
  mark: string | undefined,
): OperatorProcess {
  const run = mark?.split(":")[0];
  let state: OperatorView["state"] = "down";
  const ask = async () => {
    const told = await fetch(`${address}/metrics`, { signal: AbortSignal.timeout(ASK_MS) }).then(
      (answer) => answer.text(),
      () => undefined,
    );
    const now = told === undefined ? "down" : LEADS.test(told) ? "leading" : "waiting";
    if (now === state) return;
    state = now;
    onChange();
  };
  return {
    view: (lease) => {
      const { holderIdentity, leaseTransitions } = lease?.spec ?? {};
      return {
        state,
        holder: holderIdentity ? shortName(holderIdentity) : null,
        terms: leaseTransitions ?? 0,
        mortal: run !== undefined && run !== "",
      };
    },
    kill: () => run !== undefined && run !== "" && signalMarked(run, part, "SIGKILL") > 0,
    run: async (signal) => {
      while (!signal.aborted) {
        await ask();
        await new Promise((resolve) => setTimeout(resolve, ASK_MS));
      }
    },
  };
}
