import { expect, test } from "vitest";
import { deployments } from "#lib/operator/resources.ts";
import { annotations, type Deployment } from "./deployment.ts";
import { ruledFaults } from "./fake/faults.ts";
import { tagOf } from "./marks.ts";
import { start, wish } from "./testing/stage.ts";

const SHOP = "shop.example.org";
const web = { namespace: "web", name: "shop" };
const published = { records: [`CNAME ${SHOP}`], apps: [SHOP], routes: [SHOP, "*"] };

test("annotations that cannot be followed publish nothing, and the Event says what is expected", async () => {
  const { deploy, until, world, events, annotate, close } = start();
  deploy("shop", { ...wish(SHOP), [annotations.port]: "http" });
  await until("shop", "Failed");
  expect(events).toEqual([`shop Rejected: ${annotations.port} is "http"; expected a port of the Service, 1 to 65535.`]);
  expect(world()).toEqual({ records: [], apps: [], routes: [] });
  annotate("shop", { [annotations.port]: "8080" });
  await until("shop", "Ready");
  expect(world()).toEqual(published);
  await close();
});

test("a Failed Deployment says anew why when the reason changes, and only then", async () => {
  const { deploy, until, events, annotate, clock, close } = start();
  deploy("shop", wish(SHOP, "famly"));
  await until("shop", "Failed");
  await clock.advance(120_000);
  expect(events).toHaveLength(1);
  annotate("shop", wish("shop.example.net"));
  await clock.until("it says so", () => events.length === 2, 60_000);
  expect(events[1]).toMatch(/^shop Rejected: shop.example.net is in no active zone/);
  await close();
});

test("what Cloudflare refuses for long fails, says so, leaves what is published, and is tried again each minute", async () => {
  const { deploy, until, cloudflare, events, world, annotate, clock, deeds, close, results } = start();
  deploy("shop", wish(SHOP));
  await until("shop", "Ready");
  cloudflare.setFaults(ruledFaults([{ call: "PUT *apps*", fault: "error" }]));
  annotate("shop", wish(SHOP, "friends"));
  await clock.until("it fails", () => events.some((event) => event.startsWith("shop Failed:")), 7_200_000);
  expect(events.filter((event) => event.startsWith("shop Retrying:"))).toHaveLength(10);
  expect(results.filter((result) => result === "web/shop failed in CreatingZTApp")).toHaveLength(11);
  expect(events.at(-1)).toBe(
    "shop Failed: web/shop: write the application: ServerError 10013: An unknown error has occurred",
  );
  expect(world()).toEqual(published);
  await clock.advance(50_000);
  cloudflare.setFaults(() => undefined);
  const before = deeds.length;
  await clock.advance(5_000);
  expect(deeds.length).toBe(before);
  await until("shop", "Ready");
  const [app] = cloudflare.world.apps.values();
  expect(cloudflare.world.policies.get(app!.policies[0]!)?.name).toBe("friends");
  await close();
});

test("a deletion that Cloudflare refuses is tried without end, ever less often, and leaves nothing", async () => {
  const { deploy, until, cloudflare, kube, phase, clock, read, world, close } = start();
  deploy("shop", wish(SHOP));
  await until("shop", "Ready");
  let tried = 0;
  cloudflare.setFaults(({ method }) => (method === "DELETE" && tried++ >= 0 ? "error" : undefined));
  kube.user.delete(deployments, web);
  await clock.advance(7_200_000);
  expect(phase("shop")).toBe("RemovingZTApp");
  expect(tried).toBeGreaterThan(20);
  expect(tried).toBeLessThan(50);
  cloudflare.setFaults(() => undefined);
  await clock.until("it is gone", () => read("shop") === undefined, 900_000);
  expect(world()).toEqual({ records: [], apps: [], routes: ["*"] });
  await close();
});

test("what must not be published any more is withdrawn though Cloudflare refuses at first", async () => {
  const { deploy, until, cloudflare, annotate, clock, world, phase, exposed, close } = start();
  deploy("shop", wish(SHOP));
  await until("shop", "Ready");
  cloudflare.setFaults(ruledFaults([{ call: "DELETE *apps*", fault: "throttle", times: 3 }]));
  annotate("shop", wish(SHOP, "nobody"));
  await clock.until("nothing is left", () => world().apps.length + world().records.length === 0, 600_000);
  expect([phase("shop"), world().routes, exposed]).toEqual(["Failed", ["*"], []]);
  await close();
});

test("a call that is throttled is made again when Cloudflare said, without an Event", async () => {
  const { deploy, until, cloudflare, events, deeds, close } = start();
  cloudflare.setFaults(ruledFaults([{ call: "POST *batch", fault: "throttle", times: 1 }]));
  deploy("shop", wish(SHOP));
  await until("shop", "Ready");
  expect(deeds[0]).toMatchObject({ what: "POST records" });
  expect(deeds[0]!.atMs).toBeGreaterThan(30_000);
  expect(events.map((event) => event.split(":")[0])).toEqual(["shop Published"]);
  await close();
});

test("a Deployment that is gone before its finalizer is taken away is no failure", async () => {
  const { deploy, until, kube, clock, read, phase, world, operator, close } = start();
  deploy("shop", wish(SHOP));
  await until("shop", "Ready");
  kube.onCall(({ verb }) => {
    if (verb === "merge" && phase("shop") === "Removed")
      kube.user.merge<Deployment>(deployments, web, { metadata: { finalizers: [] } });
  });
  kube.user.delete(deployments, web);
  await clock.until("it is gone", () => read("shop") === undefined, 900_000);
  await clock.advance(60_000);
  expect(world()).toEqual({ records: [], apps: [], routes: ["*"] });
  expect(operator.controller.cache.size).toBe(0);
  await close();
});

test("a state that nobody can read is made out anew", async () => {
  const { deploy, until, annotate, world, deeds, clock, phase, close } = start();
  deploy("shop", wish(SHOP));
  await until("shop", "Ready");
  const before = deeds.length;
  annotate("shop", { [annotations.state]: "{" });
  await clock.until("it is read", () => world().routes.length === 2 && phaseIsReady(), 900_000);
  expect(deeds.length).toBe(before);
  await close();
  function phaseIsReady(): boolean {
    try {
      return phase("shop") === "Ready";
    } catch {
      return false;
    }
  }
});

test("one tag serves all applications", async () => {
  const { deploy, until, deeds, cloudflare, close } = start();
  for (const name of ["shop", "wiki", "app"]) deploy(name, wish(`${name}.example.org`));
  for (const name of ["shop", "wiki", "app"]) await until(name, "Ready");
  expect(deeds.filter(({ what }) => what === "POST tag")).toHaveLength(1);
  expect([...cloudflare.world.apps.values()].map(({ tags }) => tags)).toEqual(Array(3).fill([tagOf("test")]));
  await close();
});

test("a Deployment that is published is looked at now and then, without failures, calls or writes, and forgotten when it is gone", async () => {
  const { deploy, until, remove, results, deeds, kube, cloudflare, clock, close } = start({}, { passMs: 86_400_000 });
  deploy("shop", wish(SHOP));
  await until("shop", "Ready");
  const [before, calls, writes] = [results.length, cloudflare.calls, kube.calls];
  await clock.advance(3_600_000);
  const looks = results.slice(before);
  expect(looks.length).toBeGreaterThan(10);
  expect(looks.length).toBeLessThan(15);
  expect(new Set(looks)).toEqual(new Set(["web/shop requeue_after"]));
  expect([cloudflare.calls - calls, kube.calls - writes < 20, deeds.length]).toEqual([0, true, 4]);
  await remove("shop");
  await clock.advance(60_000);
  expect(results).toContain("web/shop removed");
  expect(results.filter((result) => result.includes("error"))).toEqual([]);
  await close();
});

test("an operator that cannot read Cloudflare at first says so, and begins when it can", async () => {
  const { deploy, until, cloudflare, clock, results, world, close } = start();
  cloudflare.setFaults(ruledFaults([{ call: "GET *", fault: "error" }]));
  deploy("shop", wish(SHOP));
  await clock.advance(60_000);
  expect(new Set(results)).toEqual(new Set(["web/shop error"]));
  expect(world()).toEqual({ records: [], apps: [], routes: [] });
  cloudflare.setFaults(() => undefined);
  await until("shop", "Ready");
  expect(world()).toEqual(published);
  await close();
});

test("a Deployment that was deleted past its finalizer is cleaned up at once, and then forgotten", async () => {
  const { deploy, until, kube, world, clock, results, exposed, close } = start({}, { passMs: 86_400_000 });
  deploy("shop", wish(SHOP));
  await until("shop", "Ready");
  kube.user.merge<Deployment>(deployments, web, { metadata: { finalizers: [] } });
  kube.user.delete(deployments, web);
  await clock.until("nothing is left", () => world().records.length + world().apps.length === 0, 60_000);
  await clock.advance(60_000);
  expect([world().routes, exposed, results.at(-1)]).toEqual([["*"], [], "web/shop success"]);
  const { length } = results;
  await clock.advance(600_000);
  expect(results.length).toBe(length);
  await close();
});

test("a finalizer that could not be taken away is taken away later", async () => {
  const { deploy, until, kube, phase, clock, read, results, close } = start({}, { passMs: 86_400_000 });
  deploy("shop", wish(SHOP));
  await until("shop", "Ready");
  let failed = 0;
  kube.setFaults(({ verb }) => (verb === "merge" && phase("shop") === "Removed" && failed++ < 3 ? "error" : undefined));
  kube.user.delete(deployments, web);
  await clock.until("it is gone", () => read("shop") === undefined, 900_000);
  expect(failed).toBe(4);
  expect(results.filter((result) => result === "web/shop error")).toHaveLength(3);
  await close();
});

test("the state names the record that leads to the tunnel, among others at the hostname", async () => {
  const { deploy, until, read, user, zone, cloudflare, close } = start();
  user.call("POST", `/zones/${zone}/dns_records`, { type: "MX", name: SHOP, content: "10 mail.example.net" });
  deploy("shop", wish(SHOP));
  await until("shop", "Ready");
  const own = [...cloudflare.world.records.values()].find(({ type }) => type === "CNAME");
  expect(JSON.parse(read("shop")!.metadata.annotations![annotations.state]!)).toMatchObject({ recordID: own!.id });
  await close();
});
