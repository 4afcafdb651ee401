import { expect, test } from "vitest";
import { keyOf } from "#lib/operator/object.ts";
import { deleteApps, publish, removeAll, withdraw, writeApps, writeRecords } from "./apply.ts";
import { claimOf } from "./claims.ts";
import { type Fault, ruledFaults } from "./fake/faults.ts";
import { appName, hashOf, tagOf } from "./marks.ts";
import { planFor } from "./plan.ts";
import { leader, type LeaderOptions } from "./testing/leader.ts";
import { wish } from "./testing/stage.ts";
import { deployment, mark } from "./testing/world.ts";

const SHOP = "shop.example.org";
const shop = deployment("shop", wish(SHOP));
const { hash } = mark;

/** A leader with web/shop, of which nothing is made yet. */
async function applying(options: LeaderOptions = {}) {
  const led = await leader(options);
  const { clock, cache, put, session, settings, calls } = led;
  put(shop);
  const { observation } = session;
  const plan = (claimed = true) => {
    const claim = claimed ? claimOf(shop, cache, observation.world) : ({ kind: "none" } as const);
    return planFor({ hash: hashOf(keyOf(shop.metadata)), claim }, cache, observation.world, settings);
  };
  const ended = <T>(work: Promise<T>) => clock.resolve("the end", work);
  /** What is called from now on, without identifiers. */
  const listen = () => {
    const from = calls.length;
    return () =>
      calls
        .slice(from)
        .map((call) => call.replace(/\/(accounts|zones)\/[0-9a-f]+/, "").replace(/\/[0-9a-f-]{30,}/g, ""));
  };
  const faulty = (call: string, fault: Fault) => led.setFaults(ruledFaults([{ call, fault, times: 1 }]));
  return { ...led, observation, plan, ended, listen, faulty };
}

/** The same, when all is published. */
async function published(options: LeaderOptions = {}) {
  const stage = await applying(options);
  const { plan, ended, session, clock } = stage;
  await ended(writeRecords(plan().records, hash, session));
  await ended(writeApps(plan(), hash, session));
  expect(await ended(publish(plan(), SHOP, session))).toEqual({ kind: "done" });
  await clock.advance(10_000);
  return stage;
}

test("where nothing is to be withdrawn or deleted nothing is called, even by a new leader", async () => {
  const { plan, session, listen, ended } = await applying({ settled: false });
  const heard = listen();
  expect(await ended(withdraw(plan(), session))).toEqual({ kind: "done" });
  expect(await ended(removeAll(plan(), hash, session))).toEqual({ kind: "done" });
  expect(heard()).toEqual([]);
});

test("all goes in the order route, application, records", async () => {
  const { plan, session, listen, ended, put, cloudflare } = await published();
  put();
  const heard = listen();
  expect(await ended(removeAll(plan(false), hash, session))).toEqual({ kind: "done" });
  expect(heard()).toEqual(["PUT /cfd_tunnel/configurations", "DELETE /access/apps", "POST /dns_records/batch"]);
  expect([cloudflare.world.apps.size, cloudflare.world.records.size]).toEqual([0, 0]);
});

test.each([
  ["PUT *", "throttle", ["PUT /cfd_tunnel/configurations"], "Throttled"],
  ["PUT *", "timeout", ["PUT /cfd_tunnel/configurations"], "Timeout"],
  ["DELETE *", "throttle", ["PUT /cfd_tunnel/configurations", "DELETE /access/apps"], "Throttled"],
] as const)("what fails (%s: %s) stops what comes after it", async (call, fault, calls, kind) => {
  const { plan, session, listen, ended, put, faulty } = await published();
  put();
  faulty(call, fault);
  const heard = listen();
  expect(await ended(removeAll(plan(false), hash, session))).toMatchObject({ kind: "failed", error: { kind } });
  expect(heard()).toEqual([...calls]);
});

test("while the tunnel may change back, what comes after it waits for as long", async () => {
  const { plan, session, listen, ended, put, faulty } = await published();
  put();
  faulty("PUT *", "timeout");
  await ended(removeAll(plan(false), hash, session));
  const heard = listen();
  const waiting = await ended(removeAll(plan(false), hash, session));
  expect(waiting).toMatchObject({ kind: "wait" });
  expect(waiting.kind === "wait" && waiting.ms > 50_000).toBe(true);
  expect(await ended(deleteApps(plan(false), hash, session))).toMatchObject({ kind: "wait" });
  expect(heard().filter((call) => !call.startsWith("PUT"))).toEqual([]);
});

test("an application is not deleted while the tunnel cannot be written", async () => {
  const { plan, session, listen, ended, faulty, put } = await published();
  put();
  faulty("PUT *", "throttle");
  const heard = listen();
  expect(await ended(deleteApps(plan(false), hash, session))).toMatchObject({ kind: "failed" });
  expect(heard()).toEqual(["PUT /cfd_tunnel/configurations"]);
});

test("an application is not deleted while its route is wanted", async () => {
  const { plan, session, listen, ended } = await published();
  const heard = listen();
  const waiting = await ended(deleteApps(plan(false), hash, session));
  expect(waiting).toEqual({ kind: "wait", ms: 1_000 });
  expect(heard()).toEqual([]);
});

test("an application that somebody has deleted meanwhile is deleted", async () => {
  const { plan, session, ended, put, user, cloudflare, observation } = await published();
  put();
  const steps = plan(false);
  for (const id of cloudflare.world.apps.keys()) user.call("DELETE", `/accounts/:account/access/apps/${id}`);
  expect(await ended(deleteApps(steps, hash, session))).toEqual({ kind: "done" });
  expect(observation.world.appAt(SHOP)).toBeUndefined();
});

test.each([
  ["timeout", true],
  ["error", true],
  ["throttle", false],
] as const)("after a call that ended with %s there is a doubt: %s", async (fault, doubtful) => {
  for (const [call, work] of [
    ["POST *batch", ({ plan, session }) => writeRecords(plan().records, hash, session)],
    ["POST *apps", ({ plan, session }) => writeApps(plan(), hash, session)],
  ] as readonly (readonly [string, (stage: Awaited<ReturnType<typeof applying>>) => Promise<unknown>])[]) {
    const stage = await applying();
    stage.faulty(call, fault);
    expect(await stage.ended(work(stage))).toMatchObject({ kind: "failed" });
    expect(stage.observation.doubtsOf(hash)).toEqual(doubtful ? [SHOP] : []);
  }
});

test("records that are there already, and records that are gone, are looked at", async () => {
  const { plan, session, ended, listen, user, zone, cloudflare, observation } = await applying();
  const { records } = plan();
  const { posts } = records[0]!.batch;
  user.call("POST", `/zones/${zone}/dns_records`, posts[0]);
  const heard = listen();
  expect(await ended(writeRecords(records, hash, session))).toMatchObject({ error: { kind: "RecordExists" } });
  expect(heard().filter((call) => call.startsWith("GET"))).toHaveLength(3);
  expect(plan().records).toEqual([]);
  for (const id of cloudflare.world.records.keys()) user.call("DELETE", `/zones/${zone}/dns_records/${id}`);
  const { deleteRecords } = plan(false);
  expect(await ended(writeRecords(deleteRecords, hash, session))).toMatchObject({ error: { kind: "RecordMissing" } });
  expect(observation.world.recordsAt(SHOP)).toEqual([]);
});

test("a record that is refused for another reason is not looked at", async () => {
  const { plan, session, ended, listen, faulty } = await applying();
  faulty("POST *batch", "throttle");
  const heard = listen();
  await ended(writeRecords(plan().records, hash, session));
  expect(heard()).toEqual(["POST /dns_records/batch"]);
});

test("an application comes after its tag", async () => {
  const { plan, session, ended, listen, faulty, cloudflare } = await applying();
  faulty("POST *tags", "throttle");
  const heard = listen();
  expect(await ended(writeApps(plan(), hash, session))).toMatchObject({ kind: "failed", error: { kind: "Throttled" } });
  expect(heard()).toEqual(["POST /access/tags"]);
  expect(await ended(writeApps(plan(), hash, session))).toEqual({ kind: "done" });
  expect([...cloudflare.world.apps.values()].map(({ tags }) => tags)).toEqual([[tagOf("test")]]);
});

test("an application whose tag somebody has deleted gets it back", async () => {
  const { plan, session, ended, user, cloudflare, observation } = await applying();
  await ended(session.tag.ensure());
  user.call("DELETE", `/accounts/:account/access/tags/${tagOf("test")}`);
  expect(await ended(writeApps(plan(), hash, session))).toMatchObject({ kind: "failed", error: { kind: "Invalid" } });
  expect(await ended(writeApps(plan(), hash, session))).toEqual({ kind: "done" });
  expect(cloudflare.world.tags).toEqual(new Set([tagOf("test")]));
  expect(observation.doubtsOf(hash)).toEqual([]);
});

test("an application that is there already is adopted at the next step, and changed where it stands", async () => {
  const { plan, session, ended, user, listen, cloudflare } = await applying();
  const steps = plan();
  user.call("POST", "/accounts/:account/access/apps", { type: "self_hosted", name: appName(SHOP, mark), domain: SHOP });
  expect(await ended(writeApps(steps, hash, session))).toMatchObject({ kind: "failed", error: { kind: "AppExists" } });
  const heard = listen();
  expect(await ended(writeApps(plan(), hash, session))).toEqual({ kind: "done" });
  expect(heard()).toEqual(["PUT /access/apps"]);
  expect(cloudflare.world.apps.size).toBe(1);
  expect(plan().apps).toEqual([]);
});

test("an application that is gone when it is to be changed is made anew", async () => {
  const { plan, session, ended, user, cloudflare, settings, cache, observation } = await published();
  const changed = planFor({ hash, claim: claimOf(shop, cache, observation.world) }, cache, observation.world, {
    ...settings,
    sessionDuration: "1h",
  });
  for (const id of cloudflare.world.apps.keys()) user.call("DELETE", `/accounts/:account/access/apps/${id}`);
  expect(await ended(writeApps(changed, hash, session))).toMatchObject({ error: { kind: "NotFound" } });
  expect(plan().apps.map(({ kind }) => kind)).toEqual(["createApp"]);
});

test("an application that is refused stays known as it was", async () => {
  const { session, ended, settings, cache, observation, faulty, listen } = await published();
  const claim = claimOf(shop, cache, observation.world);
  const changed = planFor({ hash, claim }, cache, observation.world, { ...settings, sessionDuration: "1h" });
  faulty("PUT *apps*", "throttle");
  const heard = listen();
  await ended(writeApps(changed, hash, session));
  expect(heard()).toEqual(["PUT /access/apps"]);
  expect(observation.world.appAt(SHOP)).toMatchObject({ proven: true, app: { sessionDuration: "24h" } });
});

test("a route is there when the tunnel has it, and what fails says so", async () => {
  const { plan, session, ended, faulty, clock } = await applying();
  await ended(writeApps(plan(), hash, session));
  faulty("PUT *", "throttle");
  expect(await ended(publish(plan(), SHOP, session))).toMatchObject({ kind: "failed", error: { kind: "Throttled" } });
  faulty("PUT *", "timeout");
  expect(await ended(publish(plan(), SHOP, session))).toMatchObject({ kind: "failed", error: { kind: "Timeout" } });
  expect(await ended(publish(plan(), SHOP, session))).toEqual({ kind: "done" });
  await clock.advance(10_000);
  expect(await ended(publish(plan(), SHOP, session))).toEqual({ kind: "done" });
});

test("a route that a new leader may not write yet waits for as long", async () => {
  const { plan, session, ended, listen } = await applying({ settled: false });
  await ended(writeApps(plan(), hash, session));
  const heard = listen();
  const waiting = await ended(publish(plan(), SHOP, session));
  expect(waiting.kind === "wait" && waiting.ms > 50_000).toBe(true);
  expect(heard()).toEqual([]);
});

test("a route whose application is not sure yet is asked for again", async () => {
  const { plan, session, ended, observation, put } = await applying();
  await ended(writeApps(plan(), hash, session));
  const steps = plan();
  put();
  expect(await ended(publish(steps, SHOP, session))).toEqual({ kind: "wait", ms: 1_000 });
  expect(await ended(publish({ ...steps, routes: [] }, SHOP, session))).toEqual({ kind: "wait", ms: 1_000 });
  expect(observation.world.ruleOf(SHOP)).toBeUndefined();
});
