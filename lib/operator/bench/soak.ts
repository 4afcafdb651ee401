import type { V1ConfigMap } from "@kubernetes/client-node";
import { liveHeap } from "./live-heap.ts";
import { createController } from "../controller.ts";
import { valueOf } from "../errors.ts";
import { randomFaults, randomNumbers } from "../fake/faults.ts";
import { fakeServer } from "../fake/server.ts";
import { noFence } from "../fence.ts";
import { keyOf, type Live, nameOf } from "../object.ts";
import { done } from "../reconcile.ts";
import { configMaps } from "../resources.ts";
import { virtualClock } from "../virtual-clock.ts";

type ConfigMap = Live<V1ConfigMap>;

/** What a soak has come to. */
export interface Soaked {
  readonly objects: number;
  readonly reconciliations: number;
  readonly failures: number;
  readonly relists: number;
  /** Heap in use at the end of each hour after a collection, in bytes. */
  readonly heap: readonly number[];
  /** Whether cache and server agree at the end, and every object has been answered. */
  readonly converged: boolean;
}

const MINUTE_MS = 60_000;

/**
 * Lets a controller run for hours of virtual time on a fake server with `objects` objects. Each minute users change,
 * delete and make objects; watches break and histories are cut all the time, and one call in fifty fails in some way.
 * The controller answers each object's question with a write of its own.
 */
export async function soak(
  { objects, hours, seed }: { readonly objects: number; readonly hours: number; readonly seed: number },
  hourly: (hour: number) => void = () => {},
): Promise<Soaked> {
  const clock = virtualClock();
  const random = randomNumbers(seed);
  const server = fakeServer({ clock, seed, history: 2000 });
  const name = (index: number) => ({ namespace: `team-${index % 20}`, name: `object-${index}` });
  const ask = () => ({ data: { question: random().toString(36) } });
  for (let index = 0; index < objects; index++) server.user.create(configMaps, name(index), ask());
  let [reconciliations, failures, relists] = [0, 0, -1];
  const answered = ({ data }: ConfigMap) => data?.["answer"] === data?.["question"];
  const api = server.api<ConfigMap>(configMaps);
  const controller = createController<ConfigMap>(
    {
      name: "soak",
      api: {
        ...api,
        list: (options) => {
          if (options?.continue === undefined) relists++;
          return api.list(options);
        },
      },
      workers: 4,
      timeoutMs: 5 * MINUTE_MS,
      reconcile: async ({ key, object, api: own, signal }) => {
        reconciliations++;
        if (object === undefined || answered(object)) return done;
        const { resourceVersion } = object.metadata;
        const patch = { data: { answer: object.data?.["question"] } };
        const written = await own.merge(nameOf(key), patch, { resourceVersion, signal });
        if (!written.ok) failures++;
        valueOf("answer", written);
        return done;
      },
    },
    { clock, random },
  );
  const ending = new AbortController();
  const caching = controller.keepCache(ending.signal);
  const leading = controller.lead(noFence(), ending.signal);
  await clock.until("the first list has come", () => controller.synced);

  server.setFaults(randomFaults(seed, 0.02));
  const heap: number[] = [];
  for (let minute = 0; minute < hours * 60; minute++) {
    for (let change = 0; change < 20; change++) disturb(Math.floor(random() * objects));
    if (minute % 7 === 0) server.user.dropWatches();
    if (minute % 31 === 0) server.user.forgetHistory();
    await clock.advance(MINUTE_MS);
    if (minute % 60 !== 59) continue;
    heap.push(await liveHeap());
    hourly(heap.length);
  }
  function disturb(index: number): void {
    const present = server.user.get(configMaps, name(index)) !== undefined;
    if (!present) server.user.create(configMaps, name(index), ask());
    else if (random() < 0.2) server.user.delete(configMaps, name(index));
    else server.user.merge(configMaps, name(index), ask());
  }

  server.setFaults(() => undefined);
  const all = () => server.user.list<ConfigMap>(configMaps);
  const settled = () =>
    all().every((object) => {
      const cached = controller.cache.get(keyOf(object.metadata));
      return answered(object) && cached?.metadata.resourceVersion === object.metadata.resourceVersion;
    });
  for (let minute = 0; minute < 120 && !settled(); minute++) await clock.advance(MINUTE_MS);
  const converged = settled() && controller.cache.size === all().length;
  ending.abort();
  await clock.resolve("ended", Promise.all([caching, leading]));
  return { objects, reconciliations, failures, relists, heap, converged };
}
