import { expect, test } from "vitest";
import { deployments } from "#lib/operator/resources.ts";
import { annotations, FINALIZER } from "./deployment.ts";
import { dryRun } from "./dry-run.ts";
import { hashOf, markText } from "./marks.ts";
import { start, wish } from "./testing/stage.ts";

const empty = { records: [], apps: [], routes: ["*"] };
const published = (...hostnames: readonly string[]) => ({
  records: hostnames.map((hostname) => `CNAME ${hostname}`),
  apps: hostnames,
  routes: [...hostnames, "*"],
});
const web = (name: string) => ({ namespace: "web", name });

test("an annotated Deployment gets its record, application and route; deleted, it leaves nothing", async () => {
  const { deploy, until, world, read, kube, clock, close } = start();
  deploy("shop", wish("shop.example.org"));
  await until("shop", "Ready");
  expect(read("shop")?.metadata.finalizers).toEqual([FINALIZER]);
  expect(world()).toEqual(published("shop.example.org"));
  kube.user.delete(deployments, web("shop"));
  await clock.until("it is gone", () => read("shop") === undefined, 900_000);
  expect(world()).toEqual(empty);
  await close();
});

test("a Deployment that loses its hostname loses finalizer and state too, and may come back", async () => {
  const { deploy, until, world, read, kube, close } = start();
  deploy("shop", wish("shop.example.org"));
  await until("shop", "Ready");
  kube.user.merge(deployments, web("shop"), { metadata: { annotations: { [annotations.hostname]: null } } });
  await until("shop", undefined);
  expect(read("shop")?.metadata.finalizers).toEqual([]);
  expect(world()).toEqual(empty);
  kube.user.merge(deployments, web("shop"), { metadata: { annotations: wish("shop.example.org") } });
  await until("shop", "Ready");
  expect(world()).toEqual(published("shop.example.org"));
  await close();
});

test("a Deployment that was switched off before anything was made is left in peace", async () => {
  const { deploy, world, read, phase, kube, clock, close } = start();
  deploy("shop", { ...wish("shop.example.org"), [annotations.disabled]: "true" });
  await clock.advance(600_000);
  const { calls } = kube;
  await clock.advance(600_000);
  expect([phase("shop"), read("shop")?.metadata.finalizers]).toEqual([undefined, undefined]);
  expect(world().records).toEqual([]);
  expect(kube.calls - calls).toBeLessThan(10);
  await close();
});

test("a route is written after its application, and goes before it", async () => {
  const { deploy, until, cloudflare, kube, clock, read, close } = start();
  const order: string[] = [];
  cloudflare.onChange(({ call }) => {
    if (call !== undefined && /access.apps|cfd_tunnel/.test(call.path))
      order.push(`${call.method} ${call.path.includes("access") ? "application" : "routes"}`);
  });
  deploy("shop", wish("shop.example.org"));
  await until("shop", "Ready");
  kube.user.delete(deployments, web("shop"));
  await clock.until("it is gone", () => read("shop") === undefined, 900_000);
  expect(order).toEqual(["POST application", "PUT routes", "PUT routes", "DELETE application"]);
  await close();
});

test("a policy that there is not publishes nothing, says so, and is no obstacle once it is there", async () => {
  const { deploy, until, world, events, user, close } = start();
  deploy("shop", wish("shop.example.org", "famly"));
  await until("shop", "Failed");
  expect(world()).toEqual({ records: [], apps: [], routes: [] });
  expect(events).toEqual([expect.stringMatching(/^shop Rejected: No reusable Access policy is named "famly"/)]);
  user.policy("famly");
  await until("shop", "Ready");
  expect(world()).toEqual(published("shop.example.org"));
  await close();
});

test("a policy that is taken away takes all away at once", async () => {
  const { deploy, until, world, kube, clock, close } = start();
  deploy("shop", wish("shop.example.org"));
  await until("shop", "Ready");
  kube.user.merge(deployments, web("shop"), { metadata: { annotations: { [annotations.policy]: "nobody" } } });
  await until("shop", "Failed");
  await clock.until("nothing is left", () => JSON.stringify(world()) === JSON.stringify(empty), 10_000);
  await close();
});

test("another hostname cleans the old one", async () => {
  const { deploy, until, world, kube, clock, close } = start();
  deploy("shop", wish("shop.example.org"));
  await until("shop", "Ready");
  kube.user.merge(deployments, web("shop"), { metadata: { annotations: wish("store.example.org") } });
  await clock.until("the new one is there", () => world().routes.includes("store.example.org"), 900_000);
  await until("shop", "Ready");
  expect(world()).toEqual(published("store.example.org"));
  await close();
});

test("of two Deployments with one hostname the older has it, and the other gets it when it goes", async () => {
  const { deploy, until, kube, clock, events, world, close } = start();
  deploy("first", wish("shop.example.org"));
  await until("first", "Ready");
  deploy("second", wish("shop.example.org", "friends"));
  await until("second", "Failed");
  expect(events.at(-1)).toContain("belongs to the Deployment web/first, which is older");
  kube.user.delete(deployments, web("first"));
  await until("second", "Ready");
  expect(world()).toEqual(published("shop.example.org"));
  await clock.advance(1000);
  await close();
});

test("what somebody else has made is left as it is, and reported", async () => {
  const { deploy, until, user, zone, world, events, close } = start();
  user.call("POST", `/zones/${zone}/dns_records`, { type: "A", name: "shop.example.org", content: "192.0.2.1" });
  deploy("shop", wish("shop.example.org"));
  await until("shop", "Failed");
  expect(events).toEqual([expect.stringContaining("has a record of type A that this operator has not made")]);
  expect(world()).toEqual({ records: ["A shop.example.org"], apps: [], routes: [] });
  await close();
});

test("what is edited by hand comes back, and is counted", async () => {
  const { deploy, until, user, zone, tunnel, cloudflare, world, clock, counts, close } = start({
    ownership: "comment+txt",
  });
  deploy("shop", wish("shop.example.org"));
  await until("shop", "Ready");
  const before = world();
  expect(before.records).toEqual(["CNAME shop.example.org", "TXT _cloudflare-operator.shop.example.org"]);
  for (const id of cloudflare.world.records.keys()) user.call("DELETE", `/zones/${zone}/dns_records/${id}`);
  for (const id of cloudflare.world.apps.keys()) user.call("DELETE", `/accounts/:account/access/apps/${id}`);
  const config = {
    ingress: [{ hostname: "open.example.org", service: "http://open:80" }, { service: "http_status:404" }],
  };
  user.call("PUT", `/accounts/:account/cfd_tunnel/${tunnel}/configurations`, { config });
  await clock.until("all is back", () => JSON.stringify(world()) === JSON.stringify(before), 900_000);
  await until("shop", "Ready");
  expect(counts().drifted).toBe(1);
  await close();
});

test("a Deployment that somebody deletes past the finalizer leaves nothing", async () => {
  const { deploy, until, kube, world, clock, read, close } = start();
  deploy("shop", wish("shop.example.org"));
  await until("shop", "Ready");
  kube.user.merge(deployments, web("shop"), {
    metadata: { finalizers: [], annotations: { [annotations.hostname]: null, [annotations.state]: null } },
  });
  kube.user.delete(deployments, web("shop"));
  expect(read("shop")).toBeUndefined();
  await clock.until("nothing is left", () => JSON.stringify(world()) === JSON.stringify(empty), 900_000);
  await close();
});

test("what carries the operator's mark, for a Deployment that never was, is removed and counted", async () => {
  const { deploy, until, user, zone, tunnel, world, clock, counts, close } = start();
  deploy("shop", wish("shop.example.org"));
  await until("shop", "Ready");
  const name = "lost.example.org";
  const comment = markText({ owner: "test", hash: hashOf("web/lost") });
  const content = `${tunnel}.cfargotunnel.com`;
  user.call("POST", `/zones/${zone}/dns_records`, { type: "CNAME", name, content, comment, proxied: true });
  const other = { type: "CNAME", name: "else.example.org", content: "elsewhere.example.net" };
  user.call("POST", `/zones/${zone}/dns_records`, other);
  await clock.until("it is swept", () => counts().swept === 1, 900_000);
  expect(world().records).toEqual(["CNAME else.example.org", "CNAME shop.example.org"]);
  expect(counts().drifted).toBe(0);
  await close();
});

test("records of many Deployments go in few batches, and one that is refused stops none of the others", async () => {
  const { deploy, until, user, zone, clock, cloudflare, phase, events, close } = start();
  deploy("first", wish("first.example.org"));
  await until("first", "Ready");
  const batches: string[] = [];
  cloudflare.onChange(({ call }) => void (call?.path.endsWith("/batch") && batches.push(call.path)));
  user.call("POST", `/zones/${zone}/dns_records`, { type: "A", name: "app-7.example.org", content: "192.0.2.1" });
  const names = Array.from({ length: 120 }, (_, index) => `app-${index}`);
  for (const name of names) deploy(name, wish(`${name}.example.org`));
  const count = (wanted: string) => names.filter((name) => phase(name) === wanted).length;
  await clock.until("119 are ready", () => count("Ready") === 119, 900_000);
  await until("app-7", "Failed");
  expect(batches.length).toBeLessThan(20);
  expect(events.filter((event) => event.includes("Retrying")).map((event) => event.split(" ")[0])).toEqual(["app-7"]);
  await close();
});

test("a dry run tells all steps, and makes none", async () => {
  const { deploy, client, kube, clock, settings, cloudflare } = start();
  deploy("shop", wish("shop.example.org"));
  deploy("lost", wish("lost.example.net"));
  const { calls } = cloudflare;
  const lines = await clock.resolve(
    "the plan",
    dryRun({
      deployments: kube.api(deployments),
      cloudflare: client,
      clock,
      settings,
      signal: new AbortController().signal,
    }),
  );
  expect(lines).toEqual([
    "web/lost: not published: lost.example.net is in no active zone of the account; expected one below example.org.",
    "web/shop: write the records of shop.example.org: 1 new",
    "web/shop: create the Access application of shop.example.org",
    "web/shop: route shop.example.org to http://shop.web.svc:80",
  ]);
  expect(calls).toBe(0);
});
