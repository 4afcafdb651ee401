import { expect, test } from "vitest";
import { success } from "./errors.ts";
import { faultAt } from "./fake/faults.ts";
import { fakeServer } from "./fake/server.ts";
import type { KubeObject } from "./object.ts";
import { ownWrites } from "./own-writes.ts";
import { configMaps } from "./resources.ts";
import { Store } from "./store.ts";
import { virtualClock } from "./virtual-clock.ts";

const one = { namespace: "default", name: "one" };
const KEY = "default/one";

/** An object on a server, and a cache that shows what it is told. */
function world() {
  const clock = virtualClock();
  const server = fakeServer({ clock });
  const made = server.user.create<KubeObject>(configMaps, one, {});
  const cache = new Store<KubeObject>();
  cache.put(made);
  const writes = ownWrites(server.api<KubeObject>(configMaps), cache);
  return { clock, server, user: server.user, cache, writes, signal: new AbortController().signal };
}

test("a write is shown when the cache has come to its version, by the object or by what came after", async () => {
  const { cache, writes } = world();
  expect(writes.shown(KEY)).toBe(true);
  const written = await writes.api.merge(one, { data: { v: "1" } });
  expect(writes.shown(KEY)).toBe(false);
  if (written.ok) cache.progress(written.value.metadata.resourceVersion);
  expect(writes.shown(KEY)).toBe(true);
});

test("a deletion is shown when the object is gone from the cache, or another is there", async () => {
  const { cache, writes, user } = world();
  await writes.api.delete(one);
  expect(writes.shown(KEY)).toBe(false);
  cache.put(user.create<KubeObject>(configMaps, one, {}));
  expect(writes.shown(KEY)).toBe(true);
});

test("taking the last finalizer off a deleted object is a deletion", async () => {
  const { cache, writes, user } = world();
  user.merge(configMaps, one, { metadata: { finalizers: ["kit.example/clean"] } });
  user.delete(configMaps, one);
  const deleting = user.get<KubeObject>(configMaps, one)!;
  cache.put(deleting);
  await writes.api.merge(one, { metadata: { finalizers: null } });
  cache.progress("9999");
  expect(writes.shown(KEY)).toBe(false);
  cache.remove({ metadata: { ...deleting.metadata, resourceVersion: "10000" } });
  expect(writes.shown(KEY)).toBe(true);
});

test("a write whose end is not known is not shown before the server was asked", async () => {
  const { clock, cache, writes, user, server, signal } = world();
  server.setFaults(faultAt(0, "timeoutAfterCommit"));
  await clock.resolve("timed out", writes.api.merge(one, { data: { v: "1" } }));
  expect([writes.shown(KEY), writes.unclear(KEY)]).toEqual([false, true]);
  await writes.clarify(KEY, signal);
  expect([writes.shown(KEY), writes.unclear(KEY)]).toEqual([false, false]);
  cache.put(user.get<KubeObject>(configMaps, one)!);
  expect(writes.shown(KEY)).toBe(true);
});

test("when the server cannot be asked what became of a write, that is told, and it stays unknown", async () => {
  const { clock, writes, server, signal } = world();
  server.setFaults(faultAt(0, "timeoutAfterCommit"));
  await clock.resolve("timed out", writes.api.merge(one, { data: { v: "1" } }));
  server.setFaults(faultAt(1, "error"));
  await expect(writes.clarify(KEY, signal)).rejects.toThrow(/^read default\/one: ServerError/);
  expect([writes.shown(KEY), writes.unclear(KEY)]).toEqual([false, true]);
});

test("a deletion that the cache never shows, since another object was made while it was looked up, is found out by doubt", async () => {
  const { clock, cache, user, server, signal } = world();
  const api = server.api<KubeObject>(configMaps);
  const recreate = () => void cache.put(user.create<KubeObject>(configMaps, one, {}));
  let meanwhile = recreate;
  const writes = ownWrites<KubeObject>(
    {
      ...api,
      get: async (name, options) => {
        const outcome = await api.get(name, options);
        meanwhile();
        return outcome;
      },
    },
    cache,
  );
  server.setFaults(faultAt(0, "timeoutAfterCommit"));
  await clock.resolve("timed out", writes.api.delete(one));
  await writes.clarify(KEY, signal);
  meanwhile = () => {};
  expect(writes.shown(KEY)).toBe(false);
  writes.doubt(KEY, 5000);
  expect(writes.unclear(KEY)).toBe(true);
  await writes.clarify(KEY, signal);
  expect(writes.shown(KEY)).toBe(true);
});

test("a write that a restored server knows nothing of is found out after a minute", async () => {
  const { server, cache, user, signal } = world();
  const api = server.api<KubeObject>(configMaps);
  const lost = user.get<KubeObject>(configMaps, one)!;
  const written = { ...lost, metadata: { ...lost.metadata, resourceVersion: "99999" } };
  const writes = ownWrites<KubeObject>({ ...api, merge: async () => success(written) }, cache);
  await writes.api.merge(one, { data: { v: "1" } });
  writes.doubt(KEY, 59_000);
  expect([writes.shown(KEY), writes.unclear(KEY)]).toEqual([false, false]);
  writes.doubt(KEY, 60_000);
  expect(writes.unclear(KEY)).toBe(true);
  await writes.clarify(KEY, signal);
  expect(writes.shown(KEY)).toBe(true);
});
