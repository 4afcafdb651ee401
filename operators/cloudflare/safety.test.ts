import { expect, test } from "vitest";
import { deployments } from "#lib/operator/resources.ts";
import { annotations, type Deployment, FINALIZER } from "./deployment.ts";
import { type Fault, ruledFaults } from "./fake/faults.ts";
import { appName, hashOf, markText, tagOf } from "./marks.ts";
import { start, wish } from "./testing/stage.ts";

type Stage = ReturnType<typeof start>;

const NEVER_MS = 86_400_000;
const SHOP = "shop.example.org";
const mark = { owner: "test", hash: hashOf("web/shop") };
const nothing = { records: [], apps: [], routes: [] };
const none = { ...nothing, routes: ["*"] };

/** A stage without passes: what they would sweep up must not come to be. */
const withoutPasses = () => start({}, { passMs: NEVER_MS });

/** Somebody has deleted web/shop while no operator was there. */
function deleted({ kube, deploy }: Stage): void {
  deploy("shop", wish(SHOP));
  kube.user.merge<Deployment>(
    deployments,
    { namespace: "web", name: "shop" },
    { metadata: { finalizers: [FINALIZER] } },
  );
  kube.user.delete(deployments, { namespace: "web", name: "shop" });
}

const makeRecord = ({ user, zone, tunnel }: Stage) =>
  user.call("POST", `/zones/${zone}/dns_records`, {
    type: "CNAME",
    name: SHOP,
    content: `${tunnel}.cfargotunnel.com`,
    proxied: true,
    comment: markText(mark),
  });
function makeApp({ user, cloudflare }: Stage): void {
  if (!cloudflare.world.tags.has(tagOf("test")))
    user.call("POST", "/accounts/:account/access/tags", { name: tagOf("test") });
  user.call("POST", "/accounts/:account/access/apps", {
    type: "self_hosted",
    name: appName(SHOP, mark),
    domain: SHOP,
    tags: [tagOf("test")],
  });
}
const makeRoute = ({ user, tunnel }: Stage) =>
  user.call("PUT", `/accounts/:account/cfd_tunnel/${tunnel}/configurations`, {
    config: { ingress: [{ hostname: SHOP, service: "http://shop.web.svc:80" }, { service: "http_status:404" }] },
  });

/** The first call of the kind goes wrong. */
function faultOnce(cloudflare: Stage["cloudflare"], call: string, fault: Fault) {
  const rules = ruledFaults([{ call, fault, times: 1 }]);
  let happened = false;
  cloudflare.setFaults((arrived) => {
    const found = rules(arrived);
    happened ||= found !== undefined;
    return found;
  });
  return { happened: () => happened };
}

test("an application stays while a call without an answer may still bring its route", async () => {
  const stage = withoutPasses();
  const { deploy, cloudflare, clock, remove, exposed, world, close } = stage;
  const fault = faultOnce(cloudflare, "PUT *", "lateCommit");
  deploy("shop", wish(SHOP));
  await clock.until("the route is on its way", fault.happened, 900_000);
  await clock.advance(10_000);
  expect(world().routes).toEqual([]);
  await remove("shop");
  expect(exposed).toEqual([]);
  expect(world()).toEqual(none);
  await clock.advance(120_000);
  expect(world()).toEqual(none);
  await close();
});

test("a clock that is set forward ends no wait for a call without an answer", async () => {
  const stage = withoutPasses();
  const { deploy, cloudflare, clock, remove, exposed, world, close } = stage;
  const fault = faultOnce(cloudflare, "PUT *", "lateCommit");
  deploy("shop", wish(SHOP));
  await clock.until("the route is on its way", fault.happened, 900_000);
  await clock.advance(10_000);
  clock.set(clock.nowMs() + 3_600_000);
  await remove("shop");
  expect(exposed).toEqual([]);
  await clock.advance(120_000);
  expect(world()).toEqual(none);
  await close();
});

test("an application stays while the call that brings its route is under way", async () => {
  const stage = withoutPasses();
  const { deploy, until, cloudflare, clock, remove, exposed, deeds, close } = stage;
  deploy("shop", wish(SHOP));
  await until("shop", "Ready");
  stage.annotate("shop", { [annotations.port]: "8080" });
  const fault = faultOnce(cloudflare, "PUT *", "slow");
  await clock.until("the call is under way", fault.happened, 900_000);
  await remove("shop");
  expect(exposed).toEqual([]);
  expect(deeds.slice(-3).map(({ what }) => what)).toEqual(["PUT routes", "DELETE application", "POST records"]);
  await close();
});

test("a new leader deletes no application before it has seen what the one before may have done late", async () => {
  const stage = withoutPasses();
  const { clock, world, exposed, read, close } = stage;
  deleted(stage);
  makeRecord(stage);
  makeApp(stage);
  clock.setTimer(20_000, () => makeRoute(stage));
  await clock.until("it is gone", () => read("shop") === undefined, 900_000);
  expect(exposed).toEqual([]);
  expect(world()).toEqual(none);
  await close();
});

test("a new leader leaves the tunnel as it is for a minute", async () => {
  const { deploy, until, deeds, close } = withoutPasses();
  deploy("shop", wish(SHOP));
  await until("shop", "Ready");
  expect(deeds.find(({ what }) => what === "POST application")!.atMs).toBeLessThan(5_000);
  expect(deeds.find(({ what }) => what === "PUT routes")!.atMs).toBeGreaterThan(60_000);
  await close();
});

test.each([
  ["record", makeRecord],
  ["application", makeApp],
])("the finalizer stays until no late call of another leader can make a %s any more", async (_, make) => {
  const stage = withoutPasses();
  const { clock, world, read, close } = stage;
  deleted(stage);
  clock.setTimer(20_000, () => make(stage));
  await clock.until("it is gone", () => read("shop") === undefined, 900_000);
  expect({ ...world(), routes: [] }).toEqual(nothing);
  await clock.advance(120_000);
  expect({ ...world(), routes: [] }).toEqual(nothing);
  await close();
});

test.each([
  ["record", "POST *batch"],
  ["application", "POST *apps"],
])("the finalizer stays until a late call of one's own can make no %s any more", async (_, call) => {
  const { deploy, until, cloudflare, clock, world, remove, deeds, close } = withoutPasses();
  deploy("first", wish("first.example.org"));
  await until("first", "Ready");
  const before = world();
  cloudflare.setFaults(ruledFaults([{ call, fault: "lateCommit", times: 1 }]));
  deploy("shop", wish(SHOP));
  const { calls } = cloudflare;
  await clock.until(
    "the call is on its way",
    () => cloudflare.calls > calls + (call.endsWith("apps") ? 1 : 0),
    900_000,
  );
  await clock.advance(1_000);
  const made = deeds.length;
  await remove("shop");
  expect(world()).toEqual(before);
  expect(deeds.length).toBeGreaterThan(made);
  await clock.advance(120_000);
  expect(world()).toEqual(before);
  await close();
});

test("an application whose deletion may still happen gets no route", async () => {
  const { deploy, until, cloudflare, clock, annotate, exposed, world, phase, close } = withoutPasses();
  deploy("shop", wish(SHOP));
  await until("shop", "Ready");
  const fault = faultOnce(cloudflare, "DELETE *apps*", "lateCommit");
  annotate("shop", wish("store.example.org"));
  await clock.until("the deletion is on its way", fault.happened, 900_000);
  annotate("shop", wish(SHOP));
  await clock.advance(300_000);
  expect(exposed).toEqual([]);
  expect([phase("shop"), world().routes]).toEqual(["Ready", [SHOP, "*"]]);
  await close();
});

test("while an application is being deleted no route comes to rely on it", async () => {
  const { deploy, until, cloudflare, clock, annotate, exposed, world, deeds, close } = withoutPasses();
  deploy("shop", wish(SHOP));
  deploy("wiki", wish("wiki.example.org"));
  await until("shop", "Ready");
  await until("wiki", "Ready");
  const fault = faultOnce(cloudflare, "DELETE *apps*", "slow");
  annotate("shop", wish("store.example.org"));
  await clock.until("the deletion is on its way", fault.happened, 900_000);
  annotate("shop", wish(SHOP));
  annotate("wiki", { [annotations.disabled]: "true" });
  const before = deeds.length;
  await clock.until(
    "the tunnel was written",
    () => deeds.slice(before).some(({ what }) => what === "PUT routes"),
    60_000,
  );
  expect(deeds.slice(before).map(({ what }) => what)).not.toContain("DELETE application");
  await clock.advance(60_000);
  expect(exposed).toEqual([]);
  expect(world().routes).toEqual([SHOP, "*"]);
  await close();
});

test("an application that could not be deleted is relied on again", async () => {
  const { deploy, until, cloudflare, clock, annotate, exposed, world, deeds, close } = withoutPasses();
  deploy("shop", wish(SHOP));
  await until("shop", "Ready");
  const fault = faultOnce(cloudflare, "DELETE *apps*", "throttle");
  annotate("shop", wish("store.example.org"));
  await clock.until("the deletion was refused", fault.happened, 900_000);
  annotate("shop", wish(SHOP));
  await clock.advance(60_000);
  expect(world().routes).toEqual([SHOP, "*"]);
  expect(deeds.map(({ what }) => what)).not.toContain("DELETE application");
  expect(exposed).toEqual([]);
  await close();
});

test.each(["lateCommit", "timeoutAfterCommit", "timeout"] as const)(
  "a record whose repair had no answer (%s) costs nobody the route",
  async (fault) => {
    const { deploy, until, cloudflare, clock, annotate, deeds, user, zone, world, close } = start(
      {},
      { passMs: 30_000 },
    );
    deploy("shop", wish(SHOP));
    await until("shop", "Ready");
    const before = deeds.length;
    const broken = faultOnce(cloudflare, "POST *batch", fault);
    for (const id of cloudflare.world.records.keys()) user.call("DELETE", `/zones/${zone}/dns_records/${id}`);
    await clock.until("the record is being made", broken.happened, 900_000);
    annotate("shop", { "cloudflare.ingress.note": "look" });
    await clock.advance(300_000);
    await until("shop", "Ready");
    expect(world()).toEqual({ records: [`CNAME ${SHOP}`], apps: [SHOP], routes: [SHOP, "*"] });
    expect(deeds.slice(before).map(({ what }) => what)).not.toContain("PUT routes");
    await close();
  },
);

test("a finalizer that somebody takes away comes back", async () => {
  const { deploy, until, kube, clock, read, close } = start();
  deploy("shop", wish(SHOP));
  for (const phase of ["CreatingZTApp", "Ready"]) {
    await until("shop", phase);
    kube.user.merge<Deployment>(deployments, { namespace: "web", name: "shop" }, { metadata: { finalizers: [] } });
    await clock.until("it is back", () => read("shop")?.metadata.finalizers?.includes(FINALIZER) === true, 60_000);
  }
  await until("shop", "Ready");
  await close();
});
