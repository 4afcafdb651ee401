import type { EventsV1Event } from "@kubernetes/client-node";
import { liveHeap } from "#lib/operator/bench/live-heap.ts";
import { randomFaults, randomNumbers } from "#lib/operator/fake/faults.ts";
import { fakeServer } from "#lib/operator/fake/server.ts";
import type { Lease } from "#lib/operator/lease.ts";
import type { Live } from "#lib/operator/object.ts";
import { deployments, events, leases } from "#lib/operator/resources.ts";
import { virtualClock } from "#lib/operator/virtual-clock.ts";
import { noFaults, randomFaults as randomCloudflareFaults } from "../fake/faults.ts";
import { fakeCloudflare } from "../fake/server.ts";
import { namesOf, unmet } from "../harness/judge.ts";
import type { Stage } from "../harness/types.ts";
import { people } from "./people.ts";
import { LEASE, type Replica, startReplica } from "./replica.ts";
import { countStates, unsettled, watchExposures } from "./watch.ts";

export interface SoakOptions {
  readonly objects: number;
  /** The share of the Deployments that is published, 0 to 1. */
  readonly published: number;
  /** Of virtual time. */
  readonly hours: number;
  readonly seed: number;
  /** The operator's: see `ObserveOptions`. 60 s unless told. */
  readonly settleMs?: number;
}

/** One hour of a soak. */
export interface Hour {
  readonly hour: number;
  /** Heap in use after a collection, of both replicas and both servers: bytes. */
  readonly heap: number;
  /** Timers that wait. */
  readonly timers: number;
  readonly deployments: number;
  readonly routes: number;
  /** Calls of Cloudflare in this hour, and the most in any five minutes of it. */
  readonly calls: number;
  readonly most: number;
  /** The least calls that the leader's budget had left for normal work, of a look each minute. */
  readonly budget: number;
  /** Deployments that were found not as they had been made, and orphans that were removed: in this hour. */
  readonly drifted: number;
  readonly swept: number;
  /** Changes of leader since the beginning. */
  readonly terms: number;
  /** Hostnames that were served without an application since the beginning, though nobody deleted it by hand. */
  readonly exposed: number;
}

/** What a soak has come to. */
export interface Soaked {
  readonly hours: readonly Hour[];
  readonly exposed: readonly string[];
  /** What was not as people wished at the end, when nothing had failed or been changed for two hours; see `unmet` and `unsettled`. */
  readonly unmet: readonly string[];
  /** Deployments by the state that is written on them at the end. */
  readonly states: Readonly<Record<string, number>>;
  /** Why processes ended that nobody had ended. */
  readonly crashes: readonly string[];
  readonly done: ReadonlyMap<string, number>;
}

const MINUTE_MS = 60_000;
const HOUR_MS = 3_600_000;
const WINDOW_MINUTES = 5;
const FAULTS = 0.02;
const RESTART_MS = 2_000;
const CALM_HOURS = 2;

/**
 * Lets two replicas work for hours of virtual time, between a Kubernetes and a Cloudflare of which one call in fifty
 * fails in some way. Each minute people change things in both; watches break each 7 minutes, history is cut each 31, the
 * leader is replaced or deposed each 2 hours, and Events vanish each hour.
 */
export async function soak(options: SoakOptions, hourly: (hour: Hour) => void = () => {}): Promise<Soaked> {
  const { objects, published, seed } = options;
  const clock = virtualClock();
  const random = randomNumbers(seed);
  const kube = fakeServer({ clock, seed, history: 2000 });
  const cloudflare = fakeCloudflare({ clock, seed, latencyMs: 50 });
  const zone = cloudflare.user.zone("example.org");
  const tunnel = cloudflare.user.tunnel("homelab");
  const stage: Stage = { kube, cloudflare, clock, zone, tunnel };
  const crowd = people({ stage, objects, published, random });

  const foreign = new Set(namesOf(cloudflare.world));
  const exposed = watchExposures(stage, foreign);
  const crashes: string[] = [];
  const replicas = new Set<Replica>();
  let [started, drifted, swept] = [0, 0, 0];
  const start = () => {
    const number = ++started;
    const replica = startReplica(stage, {
      identity: `replica-${number}`,
      settleMs: options.settleMs ?? MINUTE_MS,
      random: randomNumbers(seed * 1000 + number),
      onDrift: () => void drifted++,
      onSwept: () => void swept++,
    });
    replicas.add(replica);
    replica.ended
      .catch((error: unknown) => {
        crashes.push(error instanceof Error ? error.message : String(error));
        clock.setTimer(RESTART_MS, start);
      })
      .finally(() => replicas.delete(replica));
  };
  const lease = () => kube.user.get<Lease>(leases, LEASE);
  const leader = () => [...replicas].find(({ identity }) => identity === lease()?.spec?.holderIdentity);
  const changeLeader = (depose: boolean) => {
    if (lease() === undefined) return;
    if (depose) kube.user.merge(leases, LEASE, { spec: { holderIdentity: "somebody else" } });
    else {
      leader()?.stop();
      start();
    }
  };
  start();
  start();
  await clock.advance(MINUTE_MS);
  kube.setFaults(randomFaults(seed, FAULTS));
  cloudflare.setFaults(randomCloudflareFaults(seed, FAULTS));

  const hours: Hour[] = [];
  const window = [cloudflare.calls];
  let sums = { calls: cloudflare.calls, drifted, swept, most: 0, budget: Infinity };
  for (let minute = 1; minute <= options.hours * 60; minute++) {
    crowd.act();
    if (minute % 7 === 0) kube.user.dropWatches();
    if (minute % 31 === 0) kube.user.forgetHistory();
    if (minute % 120 === 60) changeLeader(minute % 240 === 60);
    await clock.advance(MINUTE_MS);
    window.push(cloudflare.calls);
    if (window.length > WINDOW_MINUTES + 1) window.shift();
    sums.most = Math.max(sums.most, cloudflare.calls - window[0]!);
    sums.budget = Math.min(sums.budget, leader()?.budget() ?? Infinity);
    if (minute % 60 !== 0) continue;
    forgetEvents(stage);
    const hour: Hour = {
      hour: minute / 60,
      heap: await liveHeap(),
      timers: clock.waiting,
      deployments: kube.user.list(deployments).length,
      routes: (cloudflare.world.tunnels.get(tunnel)?.config?.ingress.length ?? 1) - 1,
      calls: cloudflare.calls - sums.calls,
      most: sums.most,
      budget: sums.budget,
      drifted: drifted - sums.drifted,
      swept: swept - sums.swept,
      terms: lease()?.spec?.leaseTransitions ?? 0,
      exposed: exposed.size,
    };
    hours.push(hour);
    hourly(hour);
    sums = { calls: cloudflare.calls, drifted, swept, most: 0, budget: Infinity };
  }

  kube.setFaults(() => undefined);
  cloudflare.setFaults(noFaults);
  await clock.advance(CALM_HOURS * HOUR_MS);
  const left = [...unmet(stage, foreign), ...unsettled(stage)];
  const states = countStates(stage);
  const ends = [...replicas].map(({ ended }) => ended);
  for (const replica of replicas) replica.stop();
  await clock.resolve("all replicas have ended", Promise.allSettled(ends));
  return { hours, exposed: [...exposed], unmet: left, states, crashes, done: crowd.done };
}

/** As the API server does after an hour. What is left in memory is then the operator's, and what it works on. */
function forgetEvents({ kube }: Stage): void {
  for (const { metadata } of kube.user.list<Live<EventsV1Event>>(events))
    kube.user.delete(events, { namespace: metadata.namespace ?? "", name: metadata.name });
  kube.user.forgetHistory();
}
