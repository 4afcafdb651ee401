import { afterEach, beforeEach, expect, test } from "vitest";
import { annotations, type Deployment } from "#operators/cloudflare/deployment.ts";
import { type ServedCloudflare, serveCloudflare } from "#operators/cloudflare/fake/http.ts";
import { fakeCloudflare } from "#operators/cloudflare/fake/server.ts";
import { hashOf } from "#operators/cloudflare/marks.ts";
import { systemClock } from "#lib/operator/clock.ts";
import { fakeServer } from "#lib/operator/fake/server.ts";
import { deployments } from "#lib/operator/resources.ts";
import type { Action } from "./actions.ts";
import { type Cloudflare, connectCloudflare } from "./cloudflare.ts";
import { Feed } from "./feed.ts";
import { perform, troubleAfter } from "./perform.ts";
import { cloudflareView, viewOf } from "./views.ts";

const clock = systemClock();
const shop = { namespace: "web", name: "shop" };
const start = () => {
  const kube = fakeServer({ clock });
  const fake = fakeCloudflare({ clock });
  const zone = fake.user.zone("example.org");
  const policy = fake.user.policy("family");
  const tunnel = fake.user.tunnel("homelab");
  return { kube, fake, zone, policy, tunnel, feed: new Feed() };
};
let stage: ReturnType<typeof start>;
let served: ServedCloudflare;
let cloudflare: Cloudflare;
let stop: AbortController;
let running: Promise<void>;

beforeEach(async () => {
  stage = start();
  served = await serveCloudflare(stage.fake);
  cloudflare = connectCloudflare(new URL(served.baseUrl).origin, stage.feed, () => {});
  stop = new AbortController();
  running = cloudflare.run(stop.signal);
  await expect.poll(() => cloudflare.world()).toBeDefined();
});
afterEach(async () => {
  stop.abort();
  await running;
  await served.close();
});

const act = (action: Action, kill = () => true) =>
  perform(action, { deployments: stage.kube.api<Deployment>(deployments), cloudflare, operator: { kill } });
const read = () => stage.kube.user.get<Deployment>(deployments, shop);
const create = () => act({ kind: "create", name: "shop", hostname: "shop.example.org", policy: "family" });
const seen = async () => {
  await expect.poll(() => cloudflare.world()).toEqual(expect.objectContaining({ made: stage.fake.world.made }));
};

test("a Deployment is made, changed, disabled and deleted as kubectl would do it", async () => {
  expect(await create()).toContain("web/shop");
  expect(viewOf(read()!, 0)).toMatchObject({ key: "web/shop", hostname: "shop.example.org", phase: null });
  await act({ kind: "rename", ...shop, hostname: "new.example.org" });
  await act({ kind: "protect", ...shop, policy: "nobody" });
  await act({ kind: "disable", ...shop, disabled: true });
  expect(read()?.metadata.annotations).toEqual({
    [annotations.hostname]: "new.example.org",
    [annotations.policy]: "nobody",
    [annotations.disabled]: "true",
  });
  await act({ kind: "disable", ...shop, disabled: false });
  expect(read()?.metadata.annotations).not.toHaveProperty(annotations.disabled);
  await act({ kind: "delete", ...shop });
  expect(read()).toBeUndefined();
  await expect(act({ kind: "delete", ...shop })).rejects.toThrow(/not found/i);
});

test("records, applications and routes are edited by hand, and whose they are is shown", async () => {
  await create();
  const { user } = stage.fake;
  const mark = `cloudflare-operator homelab/${hashOf("web/shop" as Parameters<typeof hashOf>[0])}`;
  const record = { type: "CNAME", name: "shop.example.org", content: "x.cfargotunnel.com", comment: mark };
  user.call("POST", `/zones/${stage.zone}/dns_records`, record);
  user.call("POST", "/accounts/:account/access/apps", {
    ...{ type: "self_hosted", name: `shop.example.org (${mark})`, domain: "shop.example.org" },
    policies: [stage.policy],
  });
  const route = { hostname: "shop.example.org", service: "http://shop.web.svc:80" };
  user.call("PUT", `/accounts/:account/cfd_tunnel/${stage.tunnel}/configurations`, {
    config: { ingress: [route, { service: "http_status:404" }] },
  });
  await act({ kind: "add-record", hostname: "blog.example.org" });
  await seen();
  const view = () => cloudflareView(cloudflare.world()!, [read()!]);
  const owner = { kind: "deployment", key: "web/shop" };
  await expect.poll(view).toMatchObject({
    records: [
      { name: "blog.example.org", owner: { kind: "other" } },
      { name: "shop.example.org", owner },
    ],
    apps: [{ domain: "shop.example.org", policies: ["family"], owner }],
    routes: [{ hostname: "shop.example.org", guarded: false, owner }],
  });
  expect(cloudflareView(cloudflare.world()!, []).apps[0]?.owner).toEqual({ kind: "orphan" });

  const { records, apps } = view();
  await act({ kind: "redirect-record", id: records[1]!.id });
  await expect.poll(() => view().records[1]?.content).toBe("elsewhere.example.net");
  await act({ kind: "delete-record", id: records[1]!.id });
  await act({ kind: "delete-app", id: apps[0]!.id });
  await act({ kind: "delete-route", hostname: "shop.example.org" });
  await expect.poll(() => [view().records.length, view().apps, view().routes]).toEqual([1, [], []]);
  await expect(act({ kind: "delete-app", id: apps[0]!.id })).rejects.toThrow("is not there any more");
});

test("what Cloudflare refuses is said in its words; a hostname without a zone is none of its business", async () => {
  await act({ kind: "add-record", hostname: "blog.example.org" });
  await expect(act({ kind: "add-record", hostname: "blog.example.org" })).rejects.toThrow(
    "Cloudflare refuses: An identical record already exists. (81058)",
  );
  await expect(act({ kind: "add-record", hostname: "blog.example.net" })).rejects.toThrow("no zone");
});

test("trouble lasts until it is ended, and calls are shown with their answers", async () => {
  const api = `${served.baseUrl}/zones`;
  const call = () => fetch(api, { headers: { authorization: "Bearer local" } }).then(({ status }) => status);
  const throttled: Action = { kind: "trouble", trouble: "throttled" };
  await act(throttled);
  expect(troubleAfter(throttled)).toContain("429");
  expect(await call()).toBe(429);
  expect(await call()).toBe(200);
  await act({ kind: "trouble", trouble: "late" });
  await act({ kind: "trouble", trouble: "none" });
  expect(troubleAfter({ kind: "trouble", trouble: "none" })).toBeNull();
  expect(troubleAfter({ kind: "kill" })).toBeUndefined();
  await expect
    .poll(() => stage.feed.entries)
    .toMatchObject([
      { kind: "call", path: "/zones", end: { status: 429, answer: expect.stringContaining("10300") } },
      { kind: "call", path: "/zones", end: { status: 200, answer: null } },
    ]);
  expect(cloudflare.budget()).toMatchObject({ left: 1198, of: 1200 });
});

test("the operator is killed where there is a process to be killed", async () => {
  expect(await act({ kind: "kill" })).toContain("Killed");
  await expect(act({ kind: "kill" }, () => false)).rejects.toThrow("no process");
});

test("when Cloudflare goes away nothing of it is shown, and by hand nothing is done", async () => {
  await served.close();
  await expect.poll(() => cloudflare.world()).toBeUndefined();
  await expect(act({ kind: "delete-route", hostname: "shop.example.org" })).rejects.toThrow("does not answer");
});
