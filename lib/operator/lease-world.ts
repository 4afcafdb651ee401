import { fakeServer } from "./fake/server.ts";
import type { FakeServer } from "./fake/types.ts";
import type { Fence } from "./fence.ts";
import { electLeader, type Lease } from "./lease.ts";
import { leases } from "./resources.ts";
import { type VirtualClock, virtualClock } from "./virtual-clock.ts";

/** The Lease that candidates want. */
export const lease = { namespace: "default", name: "operator" };

/** One process that wants to lead. */
export interface Candidate {
  readonly name: string;
  /** The fence of the term that runs. */
  fence: Fence | undefined;
  readonly lost: string[];
  terms: number;
  stop(): Promise<void>;
}

/** Starts a candidate, which leads until it loses the Lease or stops. */
export function candidate(clock: VirtualClock, server: FakeServer, name: string, random = () => 0): Candidate {
  const ending = new AbortController();
  const one: Candidate = {
    name,
    fence: undefined,
    lost: [],
    terms: 0,
    stop: async () => {
      ending.abort();
      await clock.resolve(`${name} has ended`, running);
    },
  };
  const options = {
    api: server.api<Lease>(leases),
    lease,
    identity: name,
    clock,
    random,
    observer: { lost: (why: string) => void one.lost.push(why) },
  };
  const running = clock.sleep(0).then(() =>
    electLeader(options, ending.signal, async (fence) => {
      one.fence = fence;
      one.terms++;
      await new Promise<void>((resolve) => {
        fence.signal.addEventListener("abort", () => resolve());
        ending.signal.addEventListener("abort", () => resolve());
      });
      one.fence = undefined;
    }),
  );
  return one;
}

/** A fake server in virtual time. */
export function world() {
  const clock = virtualClock();
  const server = fakeServer({ clock });
  const spec = () => server.user.get<Lease>(leases, lease)?.spec;
  return { clock, server, spec };
}
