import { expect, test } from "vitest";
import { mint } from "#lib/machine/evidence.ts";
import { annotations } from "./deployment.ts";
import { ruledFaults } from "./fake/faults.ts";
import { appName, hashOf, markText, tagOf, txtName } from "./marks.ts";
import { createPass, orphans } from "./pass.ts";
import { leader, type LeaderOptions } from "./testing/leader.ts";
import { all, zone } from "./testing/plan.ts";
import { start, wish } from "./testing/stage.ts";
import { app, cacheOf, deployment, mark, record, worldWith } from "./testing/world.ts";

const SHOP = "shop.example.org";
const gone = { owner: "test", hash: hashOf("web/gone") };
const found = (deployments: Parameters<typeof cacheOf>[0], given = {}) =>
  orphans(cacheOf(deployments), worldWith({ ...all, ...given })).map(({ hostname, hash }) => `${hostname} ${hash}`);
const left = `${SHOP} ${mark.hash}`;

test("what carries the mark of a Deployment that is there belongs to somebody, wherever it is", () => {
  expect(found([deployment("shop", wish(SHOP))])).toEqual([]);
  expect(found([deployment("shop", wish("else.example.org"))])).toEqual([]);
});

test("what carries the mark of nobody who is there is an orphan, unless somebody may be published at its hostname", () => {
  expect(found([])).toEqual([left]);
  expect(found([deployment("other", wish(SHOP))])).toEqual([]);
  expect(found([deployment("other", wish(SHOP, "famly"))])).toEqual([left]);
  expect(found([deployment("other", { ...wish(SHOP), [annotations.disabled]: "true" })])).toEqual([left]);
});

test("a TXT record that has outlived its record is an orphan", () => {
  const txt = record({ type: "TXT", name: txtName(SHOP), content: `"${markText(mark)}"`, comment: "" });
  expect(found([], { records: [{ zone, record: txt }], apps: [] })).toEqual([left]);
});

test("a record that leads to the tunnel and an application with the tag are the operator's without a mark", () => {
  const unmarked = { records: [{ zone, record: record({ comment: "" }) }], apps: [] };
  expect(found([], unmarked)).toEqual([`${SHOP} `]);
  expect(found([], { records: [], apps: [{ app: app({ name: "renamed" }), proven: true }] })).toEqual([`${SHOP} `]);
});

test("what is somebody else's is no orphan", () => {
  const others = [record({ type: "MX" }), record({ content: "elsewhere.example.net", comment: "" })];
  const id = mint("access.apps", "id", "a2");
  const apps = [
    { app: app({ id, name: appName(SHOP, { ...mark, owner: "other" }), tags: [tagOf("other")] }), proven: true },
  ];
  for (const one of others) expect(found([], { records: [{ zone, record: one }], apps })).toEqual([]);
});

/** A pass on a session, and the keys that it has enqueued. */
async function passing(options: LeaderOptions = {}) {
  const led = await leader(options);
  const enqueued: string[] = [];
  const swept: string[] = [];
  const controller = { cache: led.cache, enqueue: (key: string) => void enqueued.push(key) };
  const hearing = { drifted: () => {}, swept: (hostname: string) => void swept.push(hostname) };
  const pass = createPass({ settings: led.settings, controller, hearing });
  return { ...led, enqueued, swept, pass: () => led.clock.resolve("the pass", pass(led.session)) };
}

test("a pass has those Deployments looked at that are not as they are to be, and no others", async () => {
  const { put, pass, enqueued } = await passing();
  put(
    deployment("shop", wish(SHOP)),
    deployment("plain", {}),
    deployment("typo", wish("typo.example.org", "famly")),
    deployment("off", { ...wish("off.example.org"), [annotations.disabled]: "true" }),
  );
  await pass();
  expect(enqueued).toEqual(["web/shop"]);
});

test.each([
  ["a record", makeLostRecord],
  ["all", makeLost],
])("a pass before everything is in sight changes nothing, though %s is left of somebody", async (_, before) => {
  const { pass, calls, swept } = await passing({ settled: false, before });
  const from = calls.length;
  await pass();
  expect(calls.slice(from).filter((call) => !call.startsWith("GET"))).toEqual([]);
  expect(swept).toEqual([]);
});

test("a pass sweeps orphans in the order route, application, record, and takes no more calls than lists", async () => {
  const { pass, calls, swept, cloudflare } = await passing({ before: makeLost });
  const before = calls.length;
  await pass();
  expect(swept).toEqual([SHOP]);
  const writes = calls.slice(before).filter((call) => !call.startsWith("GET"));
  expect(writes.map((call) => call.replace(/\/[0-9a-f-]{30,}/g, ""))).toEqual([
    "PUT /accounts/cfd_tunnel/configurations",
    "DELETE /accounts/access/apps",
    "POST /zones/dns_records/batch",
  ]);
  expect([cloudflare.world.records.size, cloudflare.world.apps.size]).toEqual([0, 0]);
  const swiftly = calls.length;
  await pass();
  expect(calls.slice(swiftly).filter((call) => !call.startsWith("GET"))).toEqual([]);
  expect([calls.length - swiftly, swept.length]).toEqual([6, 1]);
});

test("a pass sweeps what nobody has, and leaves what carries no mark at a hostname that somebody has", async () => {
  const { put, pass, swept, user, zone: at, tunnel, cloudflare } = await passing();
  put(deployment("shop", wish(SHOP)));
  for (const name of [SHOP, "lost.example.org"]) {
    const { id: _, ...spec } = record({ name, content: `${tunnel}.cfargotunnel.com`, comment: "" });
    user.call("POST", `/zones/${at}/dns_records`, spec);
  }
  await pass();
  expect(swept).toEqual(["lost.example.org"]);
  expect([...cloudflare.world.records.values()].map(({ name }) => name)).toEqual([SHOP]);
});

test.each([
  ["PUT *", "write the tunnel"],
  ["DELETE *", `remove what is left of ${SHOP}`],
])("a pass that fails (%s) says what it could not do", async (call, what) => {
  const { pass, setFaults, swept } = await passing({ before: makeLost });
  setFaults(ruledFaults([{ call, fault: "error" }]));
  await expect(pass()).rejects.toThrow(`${what}: ServerError 10013`);
  expect(swept).toEqual([]);
});

test("a pass counts as removed only what is", async () => {
  const { pass, setFaults, swept, cloudflare } = await passing({ before: makeLost });
  setFaults(ruledFaults([{ call: "PUT *", fault: "timeout", times: 1 }]));
  await expect(pass()).rejects.toThrow("Timeout");
  await pass();
  expect([swept, cloudflare.world.apps.size]).toEqual([[], 1]);
});

test("a pass has a Deployment looked at whose hostname somebody else has taken", async () => {
  const { put, pass, enqueued, user, zone: at } = await passing();
  put(deployment("shop", wish(SHOP)), deployment("gone", wish("gone.example.org")));
  user.call("POST", `/zones/${at}/dns_records`, { type: "A", name: SHOP, content: "192.0.2.1" });
  const comment = markText({ owner: "test", hash: mark.hash });
  const { id: _, ...spec } = record({ name: "gone.example.org", comment });
  user.call("POST", `/zones/${at}/dns_records`, spec);
  await pass();
  expect(enqueued.sort()).toEqual(["web/gone", "web/shop"]);
});

test("a pass leaves most of the budget to others", async () => {
  const { put, pass, budget, clock } = await passing();
  put(deployment("shop", wish(SHOP)));
  while (budget.available("background") > 0) await budget.take("background");
  expect(budget.available("normal")).toBeGreaterThan(100);
  const startMs = clock.nowMs();
  await pass();
  expect(clock.nowMs() - startMs).toBeGreaterThan(200_000);
});

test("passes come by themselves, and a failed one ends nothing", async () => {
  const { deploy, until, user, zone, cloudflare, world, clock, close } = start();
  deploy("shop", wish(SHOP));
  await until("shop", "Ready");
  cloudflare.setFaults(ruledFaults([{ call: "GET /zones", fault: "error", times: 1 }]));
  for (const id of cloudflare.world.records.keys()) user.call("DELETE", `/zones/${zone}/dns_records/${id}`);
  await clock.advance(250_000);
  expect(world().records).toEqual([]);
  await clock.until("it is repaired", () => world().records.length === 1, 900_000);
  await close();
});

/** What is left of a Deployment that is not there. */
function makeLost(made: Before): void {
  makeLostRecord(made);
  const { user, tunnel } = made;
  user.call("POST", "/accounts/:account/access/apps", { type: "self_hosted", name: appName(SHOP, gone), domain: SHOP });
  user.call("PUT", `/accounts/:account/cfd_tunnel/${tunnel}/configurations`, {
    config: { ingress: [{ hostname: SHOP, service: "http://lost:80" }, { service: "http_status:404" }] },
  });
}

function makeLostRecord({ user, zone: at, tunnel }: Before): void {
  const { id: _, ...spec } = record({ content: `${tunnel}.cfargotunnel.com`, comment: markText(gone) });
  user.call("POST", `/zones/${at}/dns_records`, spec);
}

type Before = Parameters<NonNullable<LeaderOptions["before"]>>[0];
