import type { KubeApi, KubeServer } from "../api.ts";
import { systemClock } from "../clock.ts";
import { valueOf } from "../errors.ts";
import { liveHeap } from "./live-heap.ts";
import type { KubeObject } from "../object.ts";
import { createReflector } from "../reflector.ts";
import { deployments } from "../resources.ts";

/** What filling a cache costs. */
export interface Synced {
  readonly objects: number;
  /** Milliseconds until the cache was full, of each repeat. */
  readonly ms: readonly number[];
  /** Milliseconds for the same pages without keeping anything: what the server and JSON alone take. */
  readonly readMs: number;
  /** Heap that the full cache holds, an object. */
  readonly bytesEach: number;
}

/** Fills caches of a server's Deployments from nothing. */
export async function measureSync(server: KubeServer, repeats: number): Promise<Synced> {
  const api = server.api(deployments);
  const startMs = performance.now();
  for (let token: string | undefined; ;) {
    const page = valueOf("list", await api.list({ limit: 500, ...(token ? { continue: token } : {}) }));
    token = page.continue;
    if (token === undefined) break;
  }
  const readMs = performance.now() - startMs;
  const bytes = await held(api);
  const ms: number[] = [];
  let objects = 0;
  for (let repeat = 0; repeat < repeats; repeat++) {
    const one = await fill(api);
    ms.push(one.ms);
    objects = one.cache.size;
    await one.stop();
  }
  return { objects, ms, readMs, bytesEach: bytes / objects };
}

/** Bytes that a full cache holds. */
async function held(api: KubeApi<KubeObject>): Promise<number> {
  const before = await liveHeap();
  const one = await fill(api);
  const after = await liveHeap();
  await one.stop();
  return after - before;
}

async function fill(api: KubeApi<KubeObject>) {
  const ending = new AbortController();
  const startMs = performance.now();
  const reflector = createReflector({ api, clock: systemClock(), random: Math.random });
  const synced = new Promise<void>((resolve) => void reflector.onProgress(resolve));
  const running = reflector.run(ending.signal);
  await synced;
  const ms = performance.now() - startMs;
  const stop = async () => {
    ending.abort();
    await running;
  };
  return { ms, cache: reflector.cache, stop };
}
