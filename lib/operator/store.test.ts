import { expect, test } from "vitest";
import { compareVersions, keyOf, type KubeObject, nameOf } from "./object.ts";
import { Store } from "./store.ts";

const object = (resourceVersion: string, uid = "first"): KubeObject => ({
  metadata: { namespace: "default", name: "one", uid, resourceVersion },
});
const types = (deltas: readonly { readonly type: string }[]) => deltas.map(({ type }) => type);

test("what is older than the cache, or the same, changes nothing", () => {
  const store = new Store<KubeObject>();
  expect(types(store.put(object("10")))).toEqual(["added"]);
  expect([store.put(object("9")), store.put(object("10")), store.remove(object("9"))]).toEqual([[], [], []]);
  expect([store.get("default/one")?.metadata.resourceVersion, store.resourceVersion]).toEqual(["10", "10"]);
  expect(types(store.put(object("11")))).toEqual(["updated"]);
});

test("a whole list counts even when it is older", () => {
  const store = new Store<KubeObject>();
  store.replace([object("10")], "12");
  expect(types(store.replace([object("8")], "9"))).toEqual(["updated"]);
  expect(store.resourceVersion).toBe("9");
});

test("another object of the name is a deletion whose end was missed, and an addition", () => {
  const store = new Store<KubeObject>();
  store.put(object("10"));
  expect(store.put(object("11", "second"))).toMatchObject([
    { type: "deleted", finalStateUnknown: true, before: { metadata: { uid: "first" } } },
    { type: "added", after: { metadata: { uid: "second" } } },
  ]);
});

test("versions are ordered as numbers of any length", () => {
  const versions = ["99999999999999999999", "100", "", "99", "100000000000000000000"];
  expect(versions.sort(compareVersions)).toEqual(["", "99", "100", "99999999999999999999", "100000000000000000000"]);
});

test("a key names an object, with its namespace or without one", () => {
  for (const name of [{ name: "node-1" }, { namespace: "default", name: "one" }])
    expect(nameOf(keyOf(name))).toEqual(name);
});
