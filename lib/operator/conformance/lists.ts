import { expect, test } from "vitest";
import { valueOf } from "../errors.ts";
import { compareVersions } from "../object.ts";
import { kindOf, named, rest, take, type Setting } from "./setting.ts";

/** Lists, their pages and selectors. */
export function lists(it: () => Setting): void {
  test("all pages of a list show the state at its beginning", async () => {
    const labels = { metadata: { labels: { paged: "yes" } } };
    for (const name of ["page-1", "page-2", "page-3", "page-4", "page-5"]) await it().make(name, labels);
    const selection = { namespace: "default", labelSelector: "paged=yes", limit: 2 };
    const first = valueOf("list", await it().maps.list(selection));
    await it().maps.delete(named("page-5"));
    await it().make("page-6", labels);
    const names = first.items.map(({ metadata }) => metadata.name);
    let page = first;
    while (page.continue !== undefined) {
      page = valueOf("list", await it().maps.list({ ...selection, continue: page.continue }));
      expect(page.resourceVersion).toBe(first.resourceVersion);
      names.push(...page.items.map(({ metadata }) => metadata.name));
    }
    expect(names).toEqual(["page-1", "page-2", "page-3", "page-4", "page-5"]);
    expect(first.items[0]).toMatchObject({ apiVersion: "v1", kind: "ConfigMap" });
  });

  test("a continue token that no server made is refused", async () => {
    expect(kindOf(await it().maps.list({ namespace: "default", limit: 1, continue: "!" }))).toBe("Invalid");
  });

  test("selectors choose by labels and by name", async () => {
    await it().make("chosen-1", { metadata: { labels: { tier: "web", zone: "a" } } });
    await it().make("chosen-2", { metadata: { labels: { tier: "web", zone: "b" } } });
    await it().make("chosen-3", { metadata: { labels: { tier: "store" } } });
    const chosen = async (labelSelector: string) =>
      valueOf("list", await it().maps.list({ namespace: "default", labelSelector })).items.map(({ metadata }) =>
        metadata.name.slice(-1),
      );
    expect(await chosen("tier=web")).toEqual(["1", "2"]);
    expect(await chosen("tier,zone!=a")).toEqual(["2", "3"]);
    expect(await chosen("tier in (web,store),!zone")).toEqual(["3"]);
    expect(await chosen("tier,zone notin (a, c)")).toEqual(["2", "3"]);
    const byName = await it().maps.list({ namespace: "default", fieldSelector: "metadata.name=chosen-2" });
    expect(valueOf("list", byName).items.map(({ metadata }) => metadata.name)).toEqual(["chosen-2"]);
    expect(kindOf(await it().maps.list({ namespace: "default", labelSelector: "a = = b" }))).toBe("Invalid");
  });

  test("whatever the server has at hand is a list too, and its version can be watched from", async () => {
    await it().make("at-hand");
    const page = valueOf("list", await it().maps.list({ namespace: "default", resourceVersion: "0" }));
    expect(compareVersions(page.resourceVersion, "0")).toBeGreaterThan(0);
    const ending = new AbortController();
    const watch = await it().watchFrom(page.resourceVersion, ending.signal);
    ending.abort();
    expect(await rest(watch)).toEqual({ ok: true, value: undefined });
  });

  test("a list and a watch from its version leave nothing out, whatever is written while pages are read", async () => {
    const labels = { metadata: { labels: { gap: "yes" } } };
    for (const name of ["gap-1", "gap-2", "gap-3"]) await it().make(name, labels);
    const selection = { namespace: "default", labelSelector: "gap=yes" };
    let page = valueOf("list", await it().maps.list({ ...selection, limit: 2 }));
    const known = new Set(page.items.map(({ metadata }) => metadata.name));
    await it().maps.delete(named("gap-1"));
    await it().make("gap-4", labels);
    while (page.continue !== undefined) {
      page = valueOf("list", await it().maps.list({ ...selection, limit: 2, continue: page.continue }));
      for (const { metadata } of page.items) known.add(metadata.name);
    }
    const ending = new AbortController();
    const watch = await it().watchFrom(page.resourceVersion, ending.signal, "gap=yes");
    for (const { type, name } of await take(watch, 2)) void (type === "DELETED" ? known.delete(name) : known.add(name));
    expect([...known].sort()).toEqual(["gap-2", "gap-3", "gap-4"]);
    ending.abort();
    await rest(watch);
  });
}
