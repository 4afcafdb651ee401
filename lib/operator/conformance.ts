import type { V1ConfigMap, V1Deployment } from "@kubernetes/client-node";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { KubeApi, KubeServer, Patch, Resource, Watch, WatchEvent } from "./api.ts";
import { type Outcome, valueOf } from "./errors.ts";
import { compareVersions, type Live } from "./object.ts";
import { configMaps, deployments } from "./resources.ts";

type ConfigMap = Live<V1ConfigMap>;
type Deployment = Live<V1Deployment>;

/** A server under test, with an empty namespace `default` and the kind {@link widgets}, which it has known for a moment only. */
export interface ServerUnderTest {
  readonly server: KubeServer;
  close(): Promise<void>;
}

/** A custom resource with a status. */
export const widgets: Resource = {
  group: "kit.example",
  version: "v1",
  plural: "widgets",
  kind: "Widget",
  namespaced: true,
  status: true,
};

/** What every implementation of {@link KubeApi} has to do, as tests. Each test uses names of its own. */
export function conformance(what: string, start: () => Promise<ServerUnderTest>): void {
  describe(what, () => {
    let running: ServerUnderTest;
    let maps: KubeApi<ConfigMap>;
    let apps: KubeApi<Deployment>;
    beforeAll(async () => {
      running = await start();
      maps = running.server.api<ConfigMap>(configMaps);
      apps = running.server.api<Deployment>(deployments);
    });
    afterAll(() => running?.close());

    const named = (name: string) => ({ namespace: "default", name });
    const make = async (name: string, fields: Patch = { data: { a: "1" } }) =>
      valueOf(`create ${name}`, await maps.create(named(name), fields));
    const kindOf = (outcome: Outcome<unknown>) => (outcome.ok ? "ok" : outcome.error.kind);
    const watchFrom = async (resourceVersion: string, signal: AbortSignal, labelSelector?: string) =>
      valueOf(
        "watch",
        await maps.watch({
          namespace: "default",
          resourceVersion,
          timeoutMs: 60_000,
          signal,
          ...(labelSelector ? { labelSelector } : {}),
        }),
      );

    test("a created object has its kind, a uid and a version, and reads back the same", async () => {
      const made = await make("created");
      expect(made).toMatchObject({ apiVersion: "v1", kind: "ConfigMap", data: { a: "1" } });
      expect(made.metadata.uid).not.toBe("");
      expect(valueOf("get", await maps.get(named("created")))).toEqual(made);
    });

    test("a name that is taken, a name that nobody has and a bad name are three errors", async () => {
      await make("taken");
      expect(kindOf(await maps.create(named("taken"), {}))).toBe("AlreadyExists");
      expect(kindOf(await maps.get(named("nobody")))).toBe("NotFound");
      expect(kindOf(await maps.merge(named("nobody"), {}))).toBe("NotFound");
      expect(kindOf(await maps.delete(named("nobody")))).toBe("NotFound");
      expect(kindOf(await maps.create(named("Not_A_Name"), {}))).toBe("Invalid");
    });

    test("a merge patch changes, adds and removes fields, and raises the version", async () => {
      const before = await make("merged", { data: { a: "1", b: "2" } });
      const after = valueOf("merge", await maps.merge(named("merged"), { data: { a: null, c: "3" } }));
      expect(after.data).toEqual({ b: "2", c: "3" });
      expect(compareVersions(after.metadata.resourceVersion, before.metadata.resourceVersion)).toBeGreaterThan(0);
      expect(after.metadata.uid).toBe(before.metadata.uid);
    });

    test("a write that changes nothing leaves the version", async () => {
      const before = await make("same");
      const options = { fieldManager: "kit" };
      const first = valueOf("apply", await maps.apply(named("same"), { data: { a: "1" } }, options));
      const again = valueOf("apply", await maps.apply(named("same"), { data: { a: "1" } }, options));
      expect(again.metadata.resourceVersion).toBe(first.metadata.resourceVersion);
      const merged = valueOf("merge", await maps.merge(named("same"), { data: { a: "1" } }));
      expect(merged.metadata.resourceVersion).toBe(first.metadata.resourceVersion);
      expect(merged.metadata.uid).toBe(before.metadata.uid);
    });

    test("a merge patch at an old version is a conflict and changes nothing", async () => {
      const before = await make("optimistic");
      const { resourceVersion } = before.metadata;
      valueOf("merge", await maps.merge(named("optimistic"), { data: { a: "2" } }, { resourceVersion }));
      expect(kindOf(await maps.merge(named("optimistic"), { data: { a: "3" } }, { resourceVersion }))).toBe("Conflict");
      expect(valueOf("get", await maps.get(named("optimistic"))).data).toEqual({ a: "2" });
    });

    test("apply creates, and takes back the fields that it names no more", async () => {
      const options = { fieldManager: "kit" };
      valueOf("apply", await maps.apply(named("applied"), { data: { a: "1", b: "2" } }, options));
      valueOf("merge", await maps.merge(named("applied"), { data: { other: "x" } }, { fieldManager: "other" }));
      const after = valueOf("apply", await maps.apply(named("applied"), { data: { a: "1" } }, options));
      expect(after.data).toEqual({ a: "1", other: "x" });
    });

    test("apply of a field that another manager set is a conflict, unless it is forced", async () => {
      await maps.create(named("owned"), { data: { a: "theirs" } }, { fieldManager: "other" });
      const fields = { data: { a: "ours" } };
      expect(kindOf(await maps.apply(named("owned"), fields, { fieldManager: "kit" }))).toBe("Conflict");
      const forced = valueOf("apply", await maps.apply(named("owned"), fields, { fieldManager: "kit", force: true }));
      expect(forced.data).toEqual({ a: "ours" });
      const agreed = valueOf("apply", await maps.apply(named("owned"), fields, { fieldManager: "third" }));
      expect(agreed.data).toEqual({ a: "ours" });
      const left = valueOf("apply", await maps.apply(named("owned"), {}, { fieldManager: "kit" }));
      expect(left.data).toEqual({ a: "ours" });
    });

    test("apply owns single finalizers, and leaves those of others", async () => {
      await make("finalized", { metadata: { finalizers: ["other.example/keep"] } });
      const ours = { metadata: { finalizers: ["kit.example/clean"] } };
      const both = valueOf("apply", await maps.apply(named("finalized"), ours, { fieldManager: "kit" }));
      expect([...both.metadata.finalizers!].sort()).toEqual(["kit.example/clean", "other.example/keep"]);
      const theirs = valueOf("apply", await maps.apply(named("finalized"), {}, { fieldManager: "kit" }));
      expect(theirs.metadata.finalizers).toEqual(["other.example/keep"]);
      await maps.merge(named("finalized"), { metadata: { finalizers: null } });
    });

    test("the status of a deployment is written apart, and only its specification counts generations", async () => {
      const app = { app: "one" };
      const template = {
        metadata: { labels: app },
        spec: { containers: [{ name: "one", image: "example.org/one:1" }] },
      };
      const spec = { replicas: 1, selector: { matchLabels: app }, template };
      const made = valueOf("create", await apps.create(named("one"), { spec, status: { observedGeneration: 9 } }));
      expect(made.metadata.generation).toBe(1);
      expect(made.status?.observedGeneration).toBeUndefined();
      const patch = { status: { observedGeneration: 1 }, spec: { replicas: 5 } };
      const reported = valueOf("status", await apps.merge(named("one"), patch, { subresource: "status" }));
      expect([reported.status?.observedGeneration, reported.spec?.replicas]).toEqual([1, 1]);
      const scaled = valueOf(
        "merge",
        await apps.merge(named("one"), { spec: { replicas: 2 }, status: { replicas: 7 } }),
      );
      expect([scaled.metadata.generation, scaled.spec?.replicas, scaled.status?.replicas]).toEqual([2, 2, undefined]);
      const labelled = valueOf("merge", await apps.merge(named("one"), { metadata: { labels: { a: "b" } } }));
      expect([labelled.metadata.generation, labelled.status?.observedGeneration]).toEqual([2, 1]);
      const annotated = valueOf("merge", await apps.merge(named("one"), { metadata: { annotations: { a: "b" } } }));
      expect(annotated.metadata.generation, "a deployment's annotations count as its specification").toBe(3);
    });

    test("finalizers hold a deletion up until the last is gone, and none can be added meanwhile", async () => {
      await make("held", { metadata: { finalizers: ["kit.example/clean"] } });
      const held = valueOf("delete", await maps.delete(named("held")));
      expect(held?.metadata.deletionTimestamp).toBeDefined();
      const again = valueOf("delete", await maps.delete(named("held")));
      expect(again?.metadata.resourceVersion).toBe(held?.metadata.resourceVersion);
      const more = { metadata: { finalizers: ["kit.example/clean", "kit.example/more"] } };
      expect(["Invalid", "Forbidden"]).toContain(kindOf(await maps.merge(named("held"), more)));
      valueOf("merge", await maps.merge(named("held"), { metadata: { finalizers: null } }));
      expect(kindOf(await maps.get(named("held")))).toBe("NotFound");
    });

    test("a deletion can be tied to one object at one version", async () => {
      const { uid, resourceVersion } = (await make("tied")).metadata;
      const other = "11111111-2222-4333-8444-555555555555";
      expect(kindOf(await maps.delete(named("tied"), { preconditions: { uid: other } }))).toBe("Conflict");
      await maps.merge(named("tied"), { data: { a: "2" } });
      expect(kindOf(await maps.delete(named("tied"), { preconditions: { resourceVersion } }))).toBe("Conflict");
      expect(valueOf("delete", await maps.delete(named("tied"), { preconditions: { uid } }))).toBeUndefined();
      expect(kindOf(await maps.get(named("tied")))).toBe("NotFound");
    });

    test("all pages of a list show the state at its beginning", async () => {
      const labels = { metadata: { labels: { paged: "yes" } } };
      for (const name of ["page-1", "page-2", "page-3", "page-4", "page-5"]) await make(name, labels);
      const selection = { namespace: "default", labelSelector: "paged=yes", limit: 2 };
      const first = valueOf("list", await maps.list(selection));
      await maps.delete(named("page-5"));
      await make("page-6", labels);
      const names = first.items.map(({ metadata }) => metadata.name);
      let page = first;
      while (page.continue !== undefined) {
        page = valueOf("list", await maps.list({ ...selection, continue: page.continue }));
        expect(page.resourceVersion).toBe(first.resourceVersion);
        names.push(...page.items.map(({ metadata }) => metadata.name));
      }
      expect(names).toEqual(["page-1", "page-2", "page-3", "page-4", "page-5"]);
      expect(first.items[0]).toMatchObject({ apiVersion: "v1", kind: "ConfigMap" });
    });

    test("a continue token that no server made is refused", async () => {
      expect(kindOf(await maps.list({ namespace: "default", limit: 1, continue: "!" }))).toBe("Invalid");
    });

    test("selectors choose by labels and by name", async () => {
      await make("chosen-1", { metadata: { labels: { tier: "web", zone: "a" } } });
      await make("chosen-2", { metadata: { labels: { tier: "web", zone: "b" } } });
      await make("chosen-3", { metadata: { labels: { tier: "store" } } });
      const chosen = async (labelSelector: string) =>
        valueOf("list", await maps.list({ namespace: "default", labelSelector })).items.map(({ metadata }) =>
          metadata.name.slice(-1),
        );
      expect(await chosen("tier=web")).toEqual(["1", "2"]);
      expect(await chosen("tier,zone!=a")).toEqual(["2", "3"]);
      expect(await chosen("tier in (web,store),!zone")).toEqual(["3"]);
      expect(await chosen("tier,zone notin (a, c)")).toEqual(["2", "3"]);
      const byName = await maps.list({ namespace: "default", fieldSelector: "metadata.name=chosen-2" });
      expect(valueOf("list", byName).items.map(({ metadata }) => metadata.name)).toEqual(["chosen-2"]);
      expect(kindOf(await maps.list({ namespace: "default", labelSelector: "a = = b" }))).toBe("Invalid");
    });

    test("a watch tells all that happened after a version, in order, and ends with its signal", async () => {
      const start = await make("watched-start");
      const ending = new AbortController();
      await make("watched");
      const watch = await watchFrom(start.metadata.resourceVersion, ending.signal);
      await maps.merge(named("watched"), { data: { a: "2" } });
      await maps.delete(named("watched"));
      const told = await take(watch, 3);
      expect(told.map(({ type, name }) => `${type} ${name}`)).toEqual([
        "ADDED watched",
        "MODIFIED watched",
        "DELETED watched",
      ]);
      const versions = told.map(({ version }) => version);
      expect([...versions].sort(compareVersions)).toEqual(versions);
      expect(new Set(versions).size).toBe(3);
      ending.abort();
      expect(await rest(watch)).toEqual({ ok: true, value: undefined });
    });

    test("to a watch with a selector an object that stops to match is deleted", async () => {
      const start = await make("leaving-start");
      const ending = new AbortController();
      const watch = await watchFrom(start.metadata.resourceVersion, ending.signal, "watch=leaving");
      await make("leaving");
      await maps.merge(named("leaving"), { metadata: { labels: { watch: "leaving" } } });
      const left = valueOf("merge", await maps.merge(named("leaving"), { metadata: { labels: { watch: null } } }));
      const told = await take(watch, 2);
      expect(told.map(({ type, name }) => `${type} ${name}`)).toEqual(["ADDED leaving", "DELETED leaving"]);
      expect(told[1]?.version).toBe(left.metadata.resourceVersion);
      ending.abort();
      await rest(watch);
    });

    test("a watch ends by itself after its time", async () => {
      const start = await make("short");
      const version = start.metadata.resourceVersion;
      const outcome = await maps.watch({ namespace: "default", resourceVersion: version, timeoutMs: 1000 });
      expect(await rest(valueOf("watch", outcome))).toEqual({ ok: true, value: undefined });
    });

    test("a watch from before the history is gone", async () => {
      const late = running.server.api(widgets);
      const outcome = await late.watch({ namespace: "default", resourceVersion: "1", timeoutMs: 3000 });
      expect(kindOf(outcome.ok ? await rest(outcome.value) : outcome)).toBe("Gone");
    });

    test("a request whose signal was aborted is given up", async () => {
      expect(kindOf(await maps.get(named("any"), { signal: AbortSignal.abort() }))).toBe("Timeout");
    });
  });
}

interface Told {
  readonly type: WatchEvent<ConfigMap>["type"];
  readonly name: string;
  readonly version: string;
}

/** The next events about objects. */
async function take(watch: Watch<ConfigMap>, count: number): Promise<Told[]> {
  const told: Told[] = [];
  while (told.length < count) {
    const next = await watch.next();
    if (next.done) throw new Error(`The watch ended after ${told.length} events; expected ${count}.`);
    const event = next.value;
    if (event.type === "MALFORMED") throw new Error(event.message);
    if (event.type === "BOOKMARK") continue;
    told.push({ type: event.type, name: event.object.metadata.name, version: event.object.metadata.resourceVersion });
  }
  return told;
}

/** How a watch ends, whatever it still tells. */
async function rest(watch: Watch<ConfigMap>): Promise<Outcome<undefined>> {
  for (;;) {
    const next = await watch.next();
    if (next.done) return next.value;
  }
}
