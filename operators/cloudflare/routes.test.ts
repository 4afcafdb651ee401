import { expect, test } from "vitest";
import { LeadershipLost } from "#lib/operator/fence.ts";
import { keyOf } from "#lib/operator/object.ts";
import { writeApps } from "./apply.ts";
import { claimOf } from "./claims.ts";
import { annotations } from "./deployment.ts";
import { ruledFaults } from "./fake/faults.ts";
import { planFor } from "./plan.ts";
import { hashOf } from "./marks.ts";
import { leader, type LeaderOptions } from "./testing/leader.ts";
import { wish } from "./testing/stage.ts";
import { deployment } from "./testing/world.ts";

const [SHOP, WIKI] = ["shop.example.org", "wiki.example.org"];
const shop = deployment("shop", wish(SHOP));
const wiki = deployment("wiki", wish(WIKI));

/** A leader with the applications of web/shop and web/wiki, whose routes are still to be written. */
async function withApps(options: LeaderOptions = {}) {
  const led = await leader(options);
  const { clock, cache, put, session, settings, tunnel, cloudflare } = led;
  put(shop, wiki);
  for (const one of [shop, wiki]) {
    const hash = hashOf(keyOf(one.metadata));
    const claim = claimOf(one, cache, session.observation.world);
    const plan = planFor({ hash, claim }, cache, session.observation.world, settings);
    expect(await clock.resolve("the application", writeApps(plan, hash, session))).toEqual({ kind: "done" });
  }
  await clock.advance(10_000);
  const hostnames = () => cloudflare.world.tunnels.get(tunnel)?.config?.ingress.map(({ hostname }) => hostname ?? "*");
  const puts = () => led.calls.filter((call) => call.startsWith("PUT")).length;
  return { ...led, routes: session.routes, hostnames, puts };
}

test("a hostname may have a route as soon as the call that brings it is under way", async () => {
  const { clock, routes, setFaults, hostnames } = await withApps();
  setFaults(ruledFaults([{ call: "PUT *", fault: "slow" }]));
  expect(routes.mayHaveRoute(SHOP)).toBe(false);
  const synced = routes.sync(true);
  await clock.advance(1_000);
  expect(hostnames()).toBeUndefined();
  expect([routes.mayHaveRoute(SHOP), routes.mayHaveRoute("else.example.org")]).toEqual([true, false]);
  expect(await clock.resolve("the end", synced)).toEqual({ kind: "written", version: 1 });
  expect(hostnames()).toEqual([SHOP, WIKI, "*"]);
  expect([routes.mayHaveRoute(SHOP), routes.mayHaveRoute("else.example.org")]).toEqual([true, false]);
});

test("a call that was refused brings no route", async () => {
  const { clock, routes, setFaults } = await withApps();
  setFaults(ruledFaults([{ call: "PUT *", fault: "throttle", times: 1 }]));
  expect(await clock.resolve("the end", routes.sync(true))).toMatchObject({
    kind: "failed",
    error: { kind: "Throttled" },
  });
  expect(routes.mayHaveRoute(SHOP)).toBe(false);
});

test.each(["timeout", "lateCommit", "error"] as const)(
  "after a call without a known end (%s) any hostname may have a route until that time is over and the tunnel was written again",
  async (fault) => {
    const { clock, routes, setFaults, put, hostnames } = await withApps();
    setFaults(ruledFaults([{ call: "PUT *", fault, times: 1 }]));
    expect((await clock.resolve("the end", routes.sync(true))).kind).toBe("failed");
    put();
    const again = await clock.resolve("the second", routes.sync(true));
    expect(again).toMatchObject({ kind: "unsettled" });
    const leftMs = again.kind === "unsettled" ? again.ms : 0;
    expect(leftMs).toBeGreaterThan(50_000);
    expect(routes.mayHaveRoute(SHOP)).toBe(true);
    await clock.advance(leftMs);
    expect(routes.mayHaveRoute(SHOP)).toBe(true);
    expect((await clock.resolve("the third", routes.sync(true))).kind).toBe("written");
    expect(hostnames()).toEqual(["*"]);
    expect(routes.mayHaveRoute(SHOP)).toBe(false);
  },
);

test("a tunnel that is as it should be is not written", async () => {
  const { clock, routes, puts } = await withApps();
  await clock.resolve("the first", routes.sync(true));
  expect(await clock.resolve("the second", routes.sync(true))).toEqual({ kind: "written", version: 1 });
  expect(puts()).toBe(1);
});

test("settings of the tunnel that are not routes stay", async () => {
  const before: LeaderOptions["before"] = ({ user, tunnel }) =>
    user.call("PUT", `/accounts/:account/cfd_tunnel/${tunnel}/configurations`, {
      config: { ingress: [{ service: "http_status:404" }], "warp-routing": { enabled: true } },
    });
  const { clock, routes, cloudflare, tunnel } = await withApps({ before });
  await clock.resolve("the end", routes.sync(true));
  expect(cloudflare.world.tunnels.get(tunnel)).toMatchObject({
    version: 2,
    config: { "warp-routing": { enabled: true } },
  });
});

test("what opens waits for more of its kind, and what closes does not", async () => {
  const { clock, routes, put, puts, hostnames } = await withApps();
  put(shop);
  void routes.sync(false);
  await clock.advance(100);
  put(shop, wiki);
  const both = [routes.sync(false), routes.sync(false)];
  await clock.resolve("the first", Promise.all(both));
  expect([puts(), hostnames()]).toEqual([1, [SHOP, WIKI, "*"]]);
  put(shop, deployment("wiki", { ...wish(WIKI), [annotations.port]: "8080" }));
  const changed = routes.sync(false);
  await clock.advance(1_000);
  expect(puts()).toBe(1);
  put(shop);
  const closed = routes.sync(true);
  await clock.advance(200);
  expect([puts(), hostnames()]).toEqual([2, [SHOP, "*"]]);
  await clock.resolve("the end", Promise.all([changed, closed]));
  put(shop, wiki);
  const opened = routes.sync(false);
  await clock.advance(4_000);
  expect(puts()).toBe(2);
  await clock.resolve("the end", opened);
  expect(puts()).toBe(3);
});

test("who asks while a call is under way is served by the next", async () => {
  const { clock, routes, put, hostnames, setFaults } = await withApps();
  setFaults(ruledFaults([{ call: "PUT *", fault: "slow", times: 1 }]));
  const first = routes.sync(true);
  await clock.advance(1_000);
  put(wiki);
  const second = routes.sync(true);
  expect(await clock.resolve("the first", first)).toEqual({ kind: "written", version: 1 });
  expect(hostnames()).toEqual([SHOP, WIKI, "*"]);
  expect(await clock.resolve("the second", second)).toEqual({ kind: "written", version: 2 });
  expect(hostnames()).toEqual([WIKI, "*"]);
});

test("the tunnel is written from the reserve when the budget is spent", async () => {
  const { clock, routes, budget, put, hostnames } = await withApps();
  await clock.resolve("the first", routes.sync(true));
  while (budget.available("normal") > 0) await budget.take("normal");
  put();
  const startMs = clock.nowMs();
  await clock.resolve("the end", routes.sync(true));
  expect(hostnames()).toEqual(["*"]);
  expect(clock.nowMs() - startMs).toBeLessThan(1_000);
});

test("each configuration that was written is told, with the one before", async () => {
  const told: (string | undefined)[][] = [];
  const onRoutes: LeaderOptions["onRoutes"] = (before, after) =>
    void told.push(
      before.map(({ hostname }) => hostname),
      after.map(({ hostname }) => hostname),
    );
  const { clock, routes, put, setFaults } = await withApps({ onRoutes });
  await clock.resolve("the first", routes.sync(true));
  put();
  setFaults(ruledFaults([{ call: "PUT *", fault: "throttle", times: 1 }]));
  await clock.resolve("the second", routes.sync(true));
  expect(told).toEqual([[], [SHOP, WIKI, undefined]]);
});

test("who asks hears that another leads, or that lists fail, and may ask again", async () => {
  const { clock, session, setFaults, depose, cloudflare, tunnel } = await leader({ settled: false });
  await clock.advance(60_000);
  setFaults(ruledFaults([{ call: "GET /zones", fault: "error", times: 1 }]));
  await expect(clock.resolve("the lists", session.routes.sync(true))).rejects.toThrow("list zones: ServerError");
  depose();
  await expect(clock.resolve("the fence", session.routes.sync(true))).rejects.toThrow(LeadershipLost);
  expect(cloudflare.world.tunnels.get(tunnel)?.version).toBe(0);
});
