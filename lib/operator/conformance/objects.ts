import { expect, test } from "vitest";
import { valueOf } from "../errors.ts";
import { compareVersions } from "../object.ts";
import { kindOf, named, type Setting } from "./setting.ts";

/** Reading and writing single objects. */
export function objects(it: () => Setting): void {
  test("a created object has its kind, a uid and a version, and reads back the same", async () => {
    const made = await it().make("created");
    expect(made).toMatchObject({ apiVersion: "v1", kind: "ConfigMap", data: { a: "1" } });
    expect(made.metadata.uid).not.toBe("");
    expect(valueOf("get", await it().maps.get(named("created")))).toEqual(made);
  });

  test("a name that is taken, a name that nobody has and a bad name are three errors", async () => {
    await it().make("taken");
    expect(kindOf(await it().maps.create(named("taken"), {}))).toBe("AlreadyExists");
    expect(kindOf(await it().maps.get(named("nobody")))).toBe("NotFound");
    expect(kindOf(await it().maps.merge(named("nobody"), {}))).toBe("NotFound");
    expect(kindOf(await it().maps.delete(named("nobody")))).toBe("NotFound");
    expect(kindOf(await it().maps.create(named("Not_A_Name"), {}))).toBe("Invalid");
  });

  test("a merge patch changes, adds and removes fields, and raises the version", async () => {
    const before = await it().make("merged", { data: { a: "1", b: "2" } });
    const after = valueOf("merge", await it().maps.merge(named("merged"), { data: { a: null, c: "3" } }));
    expect(after.data).toEqual({ b: "2", c: "3" });
    expect(compareVersions(after.metadata.resourceVersion, before.metadata.resourceVersion)).toBeGreaterThan(0);
    expect(after.metadata.uid).toBe(before.metadata.uid);
  });

  test("a write that changes nothing leaves the version", async () => {
    const before = await it().make("same");
    const options = { fieldManager: "kit" };
    const first = valueOf("apply", await it().maps.apply(named("same"), { data: { a: "1" } }, options));
    const again = valueOf("apply", await it().maps.apply(named("same"), { data: { a: "1" } }, options));
    expect(again.metadata.resourceVersion).toBe(first.metadata.resourceVersion);
    const merged = valueOf("merge", await it().maps.merge(named("same"), { data: { a: "1" } }));
    expect(merged.metadata.resourceVersion).toBe(first.metadata.resourceVersion);
    expect(merged.metadata.uid).toBe(before.metadata.uid);
  });

  test("a merge patch at an old version is a conflict and changes nothing", async () => {
    const before = await it().make("optimistic");
    const { resourceVersion } = before.metadata;
    valueOf("merge", await it().maps.merge(named("optimistic"), { data: { a: "2" } }, { resourceVersion }));
    expect(kindOf(await it().maps.merge(named("optimistic"), { data: { a: "3" } }, { resourceVersion }))).toBe(
      "Conflict",
    );
    expect(valueOf("get", await it().maps.get(named("optimistic"))).data).toEqual({ a: "2" });
  });

  test("the status of a deployment is written apart, and only its specification counts generations", async () => {
    const app = { app: "one" };
    const template = {
      metadata: { labels: app },
      spec: { containers: [{ name: "one", image: "example.org/one:1" }] },
    };
    const spec = { replicas: 1, selector: { matchLabels: app }, template };
    const made = valueOf("create", await it().apps.create(named("one"), { spec, status: { observedGeneration: 9 } }));
    expect(made.metadata.generation).toBe(1);
    expect(made.status?.observedGeneration).toBeUndefined();
    const patch = { status: { observedGeneration: 1 }, spec: { replicas: 5 } };
    const reported = valueOf("status", await it().apps.merge(named("one"), patch, { subresource: "status" }));
    expect([reported.status?.observedGeneration, reported.spec?.replicas]).toEqual([1, 1]);
    const scaled = valueOf(
      "merge",
      await it().apps.merge(named("one"), { spec: { replicas: 2 }, status: { replicas: 7 } }),
    );
    expect([scaled.metadata.generation, scaled.spec?.replicas, scaled.status?.replicas]).toEqual([2, 2, undefined]);
    const labelled = valueOf("merge", await it().apps.merge(named("one"), { metadata: { labels: { a: "b" } } }));
    expect([labelled.metadata.generation, labelled.status?.observedGeneration]).toEqual([2, 1]);
    const annotated = valueOf("merge", await it().apps.merge(named("one"), { metadata: { annotations: { a: "b" } } }));
    expect(annotated.metadata.generation, "a deployment's annotations count as its specification").toBe(3);
  });

  test("a request whose signal was aborted is given up", async () => {
    expect(kindOf(await it().maps.get(named("any"), { signal: AbortSignal.abort() }))).toBe("Timeout");
  });

  test("of two writers at one version one gets through, and the other is told of the conflict", async () => {
    const { resourceVersion } = (await it().make("contended")).metadata;
    const write = (a: string) => it().maps.merge(named("contended"), { data: { a } }, { resourceVersion });
    const kinds = (await Promise.all([write("2"), write("3")])).map(kindOf);
    expect(kinds.sort()).toEqual(["Conflict", "ok"]);
  });

  test("an object of nearly a megabyte, with letters of all kinds, reads back the same", async () => {
    const text = "äöü 漢字 🚢 ".repeat(40_000);
    await it().make("large", { data: { text } });
    expect(valueOf("get", await it().maps.get(named("large"))).data).toEqual({ text });
  });

  test("an object that is deleted and made again is another", async () => {
    const first = await it().make("again");
    valueOf("delete", await it().maps.delete(named("again")));
    const second = await it().make("again");
    expect(second.metadata.uid).not.toBe(first.metadata.uid);
    const { resourceVersion } = first.metadata;
    expect(kindOf(await it().maps.merge(named("again"), { data: { a: "2" } }, { resourceVersion }))).toBe("Conflict");
    const { uid } = first.metadata;
    expect(kindOf(await it().maps.delete(named("again"), { preconditions: { uid } }))).toBe("Conflict");
  });
}
