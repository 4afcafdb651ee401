import { expect, test } from "vitest";
import { valueOf } from "../errors.ts";
import { kindOf, named, type Setting } from "./setting.ts";

/** Deletions and finalizers. */
export function deletions(it: () => Setting): void {
  test("finalizers hold a deletion up until the last is gone, and none can be added meanwhile", async () => {
    await it().make("held", { metadata: { finalizers: ["kit.example/clean"] } });
    const held = valueOf("delete", await it().maps.delete(named("held")));
    expect(held?.metadata.deletionTimestamp).toBeDefined();
    const again = valueOf("delete", await it().maps.delete(named("held")));
    expect(again?.metadata.resourceVersion).toBe(held?.metadata.resourceVersion);
    const more = { metadata: { finalizers: ["kit.example/clean", "kit.example/more"] } };
    expect(["Invalid", "Forbidden"]).toContain(kindOf(await it().maps.merge(named("held"), more)));
    valueOf("merge", await it().maps.merge(named("held"), { metadata: { finalizers: null } }));
    expect(kindOf(await it().maps.get(named("held")))).toBe("NotFound");
  });

  test("a deletion can be tied to one object at one version", async () => {
    const { uid, resourceVersion } = (await it().make("tied")).metadata;
    const other = "11111111-2222-4333-8444-555555555555";
    expect(kindOf(await it().maps.delete(named("tied"), { preconditions: { uid: other } }))).toBe("Conflict");
    await it().maps.merge(named("tied"), { data: { a: "2" } });
    expect(kindOf(await it().maps.delete(named("tied"), { preconditions: { resourceVersion } }))).toBe("Conflict");
    expect(valueOf("delete", await it().maps.delete(named("tied"), { preconditions: { uid } }))).toBeUndefined();
    expect(kindOf(await it().maps.get(named("tied")))).toBe("NotFound");
  });
}
