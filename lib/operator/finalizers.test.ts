import type { V1ConfigMap } from "@kubernetes/client-node";
import { expect, test } from "vitest";
import { valueOf } from "./errors.ts";
import { fakeServer } from "./fake/server.ts";
import { addFinalizer, hasFinalizer, isDeleting, removeFinalizer } from "./finalizers.ts";
import type { Live } from "./object.ts";
import { configMaps } from "./resources.ts";
import { virtualClock } from "./virtual-clock.ts";

type ConfigMap = Live<V1ConfigMap>;
const one = { namespace: "default", name: "one" };
const OURS = "kit.example/clean";
const THEIRS = "other.example/keep";

function world() {
  const server = fakeServer({ clock: virtualClock() });
  const made = server.user.create<ConfigMap>(configMaps, one, { metadata: { finalizers: [THEIRS] } });
  return { ...server, api: server.api<ConfigMap>(configMaps), server, made };
}

test("a finalizer is added beside those of others, once", async () => {
  const { api, made, server } = world();
  const first = valueOf("add", await addFinalizer(api, made, OURS));
  expect(first.metadata.finalizers).toEqual([THEIRS, OURS]);
  const calls = server.calls;
  expect(valueOf("add", await addFinalizer(api, first, OURS))).toBe(first);
  expect(server.calls).toBe(calls);
});

test("what another wrote meanwhile stays", async () => {
  const { api, made, user } = world();
  user.merge(configMaps, one, { metadata: { finalizers: [THEIRS, "third.example/keep"] } });
  const added = valueOf("add", await addFinalizer(api, made, OURS));
  expect(added.metadata.finalizers).toEqual([THEIRS, "third.example/keep", OURS]);
});

test("an object that is being deleted gets no finalizer, even when that was not known", async () => {
  const { api, made, user, server } = world();
  user.delete(configMaps, one);
  expect(await addFinalizer(api, made, OURS)).toMatchObject({ ok: false, error: { kind: "Invalid" } });
  const calls = server.calls;
  const deleting = user.get<ConfigMap>(configMaps, one)!;
  expect(await addFinalizer(api, deleting, OURS)).toMatchObject({ ok: false, error: { kind: "Invalid" } });
  expect(server.calls).toBe(calls);
});

test("removing the last finalizer of a deleted object ends it", async () => {
  const { api, made, user } = world();
  await addFinalizer(api, made, OURS);
  user.delete(configMaps, one);
  user.merge(configMaps, one, { metadata: { finalizers: [OURS] } });
  const held = user.get<ConfigMap>(configMaps, one)!;
  expect([hasFinalizer(held, OURS), isDeleting(held)]).toEqual([true, true]);
  expect((await removeFinalizer(api, held, OURS)).ok).toBe(true);
  expect(user.get(configMaps, one)).toBeUndefined();
  expect(await removeFinalizer(api, held, OURS)).toMatchObject({ ok: false, error: { kind: "NotFound" } });
});

test("the finalizer of another object of the name is left", async () => {
  const { api, made, user } = world();
  const added = valueOf("add", await addFinalizer(api, made, OURS));
  user.merge(configMaps, one, { metadata: { finalizers: null } });
  user.delete(configMaps, one);
  user.create(configMaps, one, { metadata: { finalizers: [OURS] } });
  expect(await removeFinalizer(api, added, OURS)).toMatchObject({ ok: false, error: { kind: "NotFound" } });
  expect(user.get<ConfigMap>(configMaps, one)?.metadata.finalizers).toEqual([OURS]);
});
