import { systemClock } from "../clock.ts";
import { createController } from "../controller.ts";
import { fakeServer } from "../fake/server.ts";
import { noFence } from "../fence.ts";
import { keyOf } from "../object.ts";
import { done } from "../reconcile.ts";
import { deployments } from "../resources.ts";
import { deployment, placeOf } from "./deployments.ts";

const OBJECTS = 1000;
const WARM = 3000;
const CHANGES = 2000;
const LATENCY_ROUNDS = 5;
const ROUNDS = 30;

/** What reconciliations that do nothing cost. */
export interface Idle {
  /**
   * From a change on the server until its reconciliation has ended, in milliseconds, ascending: of the round with the
   * least p99, since other work on the machine only ever adds.
   */
  readonly latencies: readonly number[];
  /** Reconciliations a second with many keys in the queue, over all rounds. */
  readonly perSecond: number;
}

/** Measures reconciliations that do nothing, on the fake server. */
export async function measureIdle(): Promise<Idle> {
  const clock = systemClock();
  const server = fakeServer({ clock });
  for (let index = 0; index < OBJECTS; index++) server.user.create(deployments, placeOf(index), deployment(index));
  let count = 0;
  let reached = { count: Infinity, resolve: () => {} };
  const controller = createController(
    {
      name: "bench",
      api: server.api(deployments),
      rates: { burst: 1e9 },
      reconcile: async () => {
        if (++count === reached.count) reached.resolve();
        return done;
      },
    },
    { clock, random: Math.random },
  );
  const ending = new AbortController();
  const after = (more: number) =>
    new Promise<void>((resolve) => void (reached = { count: count + more, resolve: () => setImmediate(resolve) }));
  const first = after(OBJECTS);
  const running = [controller.keepCache(ending.signal), controller.lead(noFence(), ending.signal)];
  await first;

  let change = 0;
  const measure = async (changes: number): Promise<number[]> => {
    const latencies: number[] = [];
    for (const endOfRound = change + changes; change < endOfRound; change++) {
      const reconciled = new Promise<void>((resolve) => void (reached = { count: count + 1, resolve }));
      const startMs = performance.now();
      server.user.merge(deployments, placeOf(change % OBJECTS), { metadata: { labels: { change: String(change) } } });
      await reconciled;
      latencies.push(performance.now() - startMs);
      if (change % 100 === 0) await new Promise((resolve) => setImmediate(resolve));
    }
    return latencies.sort((a, b) => a - b);
  };
  await measure(WARM);
  const rounds: number[][] = [];
  for (let round = 0; round < LATENCY_ROUNDS; round++) rounds.push(await measure(CHANGES));
  const p99 = (latencies: readonly number[]) => latencies[Math.floor(latencies.length * 0.99)]!;
  const [latencies] = rounds.sort((a, b) => p99(a) - p99(b));
  const keys = Array.from({ length: OBJECTS }, (_, index) => keyOf(placeOf(index)));
  const startMs = performance.now();
  for (let round = 0; round < ROUNDS; round++) {
    const all = after(OBJECTS);
    for (const key of keys) controller.enqueue(key);
    await all;
  }
  const perSecond = ((ROUNDS * OBJECTS) / (performance.now() - startMs)) * 1000;
  ending.abort();
  await Promise.all(running);
  return { latencies: latencies!, perSecond };
}
