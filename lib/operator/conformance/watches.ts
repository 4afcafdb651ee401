import { expect, test } from "vitest";
import { valueOf } from "../errors.ts";
import { compareVersions } from "../object.ts";
import { kindOf, named, rest, take, widgets, type Setting } from "./setting.ts";

/** Watches. */
export function watches(it: () => Setting): void {
  test("a watch tells all that happened after a version, in order, and ends with its signal", async () => {
    const start = await it().make("watched-start");
    const ending = new AbortController();
    await it().make("watched");
    const watch = await it().watchFrom(start.metadata.resourceVersion, ending.signal);
    await it().maps.merge(named("watched"), { data: { a: "2" } });
    await it().maps.delete(named("watched"));
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
    const start = await it().make("leaving-start");
    const ending = new AbortController();
    const watch = await it().watchFrom(start.metadata.resourceVersion, ending.signal, "watch=leaving");
    await it().make("leaving");
    await it().maps.merge(named("leaving"), { metadata: { labels: { watch: "leaving" } } });
    const left = valueOf("merge", await it().maps.merge(named("leaving"), { metadata: { labels: { watch: null } } }));
    const told = await take(watch, 2);
    expect(told.map(({ type, name }) => `${type} ${name}`)).toEqual(["ADDED leaving", "DELETED leaving"]);
    expect(told[1]?.version).toBe(left.metadata.resourceVersion);
    ending.abort();
    await rest(watch);
  });

  test("a watch ends by itself after its time", async () => {
    const start = await it().make("short");
    const version = start.metadata.resourceVersion;
    const outcome = await it().maps.watch({ namespace: "default", resourceVersion: version, timeoutMs: 1000 });
    expect(await rest(valueOf("watch", outcome))).toEqual({ ok: true, value: undefined });
  });

  test("a watch from before the history is gone", async () => {
    const late = it().server.api(widgets);
    const outcome = await late.watch({ namespace: "default", resourceVersion: "1", timeoutMs: 3000 });
    expect(kindOf(outcome.ok ? await rest(outcome.value) : outcome)).toBe("Gone");
  });

  test("an object that is deleted and made again is told as both, with two uids", async () => {
    const first = await it().make("reborn");
    const ending = new AbortController();
    const watch = await it().watchFrom(first.metadata.resourceVersion, ending.signal);
    await it().maps.delete(named("reborn"));
    const second = await it().make("reborn");
    const told = await take(watch, 2);
    expect(told.map(({ type, uid }) => [type, uid])).toEqual([
      ["DELETED", first.metadata.uid],
      ["ADDED", second.metadata.uid],
    ]);
    ending.abort();
    await rest(watch);
  });

  test("a watch that has nothing to tell gets a bookmark before it ends, which is as new as what it was not told", async () => {
    const start = await it().make("quiet-start");
    const selection = { namespace: "default", labelSelector: "quiet=yes" };
    const { resourceVersion } = start.metadata;
    const watch = valueOf("watch", await it().maps.watch({ ...selection, resourceVersion, timeoutMs: 5000 }));
    const other = await it().make("quiet-other");
    const next = await watch.next();
    expect(next.value).toMatchObject({ type: "BOOKMARK" });
    const bookmark = next.value as { readonly resourceVersion: string };
    expect(compareVersions(bookmark.resourceVersion, other.metadata.resourceVersion)).toBeGreaterThanOrEqual(0);
    expect(await rest(watch)).toEqual({ ok: true, value: undefined });
  });

  test("a watch from a version that has not come yet tells nothing, not even a bookmark", async () => {
    const start = await it().make("future-start");
    const resourceVersion = String(Number(start.metadata.resourceVersion) + 1_000_000);
    const options = { namespace: "default", resourceVersion, timeoutMs: 3000 };
    const watch = valueOf("watch", await it().maps.watch(options));
    await it().make("future");
    expect(await watch.next()).toEqual({ done: true, value: { ok: true, value: undefined } });
  });

  test("a watch with a selector that cannot be read is refused", async () => {
    const { resourceVersion } = (await it().make("unread")).metadata;
    const outcome = await it().maps.watch({ resourceVersion, timeoutMs: 1000, labelSelector: "a = = b" });
    expect(kindOf(outcome)).toBe("Invalid");
  });
}
