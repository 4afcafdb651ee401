import { expect, test } from "vitest";
import { deployments } from "#lib/operator/resources.ts";
import { annotations } from "./deployment.ts";
import { ruledFaults } from "./fake/faults.ts";
import { appName, hashOf, markText, tagOf } from "./marks.ts";
import { start, wish } from "./testing/stage.ts";
import { mark, record } from "./testing/world.ts";

const SHOP = "shop.example.org";
const web = { namespace: "web", name: "shop" };
const published = { records: [`CNAME ${SHOP}`], apps: [SHOP], routes: [SHOP, "*"] };

test.each([
  ["policies", (app: object) => ({ ...app, policies: [] })],
  ["session", (app: object) => ({ ...app, session_duration: "1h" })],
  ["tag", (app: object) => ({ ...app, tags: [] })],
  ["name", (app: object) => ({ ...app, name: "renamed" })],
  ["destinations", (app: object) => ({ ...app, destinations: [{ uri: SHOP }, { uri: "else.example.org" }] })],
])(
  "an application whose %s was changed by hand is put right where it stands, and exposes nothing",
  async (_, change) => {
    const { deploy, until, user, cloudflare, world, clock, exposed, events, close } = start({}, { passMs: 30_000 });
    deploy("shop", wish(SHOP));
    await until("shop", "Ready");
    const [before] = cloudflare.world.apps.values();
    const { id, aud: _aud, ...rest } = before!;
    user.call("PUT", `/accounts/:account/access/apps/${id}`, change(rest));
    await clock.until(
      "it drifted",
      () => events.some((event) => event.startsWith("shop Drifted: Not as it was made")),
      900_000,
    );
    await until("shop", "Ready");
    expect([...cloudflare.world.apps.values()]).toEqual([before]);
    expect([world(), exposed]).toEqual([published, []]);
    await close();
  },
);

test("a hostname that is marked as another's is left to the other until that has gone", async () => {
  const { deploy, until, user, cloudflare, clock, phase, world, kube, events, close } = start({}, { passMs: 30_000 });
  deploy("shop", wish(SHOP));
  deploy("wiki", wish("wiki.example.org"));
  await until("shop", "Ready");
  await until("wiki", "Ready");
  const [app] = [...cloudflare.world.apps.values()].filter(({ domain }) => domain === SHOP);
  const { id, aud: _, ...rest } = app!;
  const name = appName(SHOP, { owner: "test", hash: hashOf("web/wiki") });
  user.call("PUT", `/accounts/:account/access/apps/${id}`, { ...rest, name });
  await clock.until("it drifted", () => events.some((event) => event.includes("Drifted")), 900_000);
  await until("shop", "Ready");
  expect(phase("wiki")).toBe("Ready");
  expect(world().routes).toEqual([SHOP, "wiki.example.org", "*"]);
  kube.user.delete(deployments, web);
  await clock.advance(300_000);
  expect(world().apps).toEqual(["wiki.example.org"]);
  await close();
});

test("a new leader takes for drift only what it sees once it sees all", async () => {
  const stage = start();
  const { deploy, until, user, zone, cloudflare, world, clock, counts, events, phase, deeds, close } = stage;
  deploy("shop", wish(SHOP));
  await until("shop", "Ready");
  const made = deeds.length;
  await stage.changeLeader();
  await clock.advance(600_000);
  expect([counts().drifted, deeds.length, phase("shop")]).toEqual([0, made, "Ready"]);

  for (const id of cloudflare.world.records.keys()) user.call("DELETE", `/zones/${zone}/dns_records/${id}`);
  await stage.changeLeader();
  await clock.until("it drifted", () => counts().drifted === 1, 120_000);
  await until("shop", "Ready");
  expect([world(), events.filter((event) => event.includes("Drifted")).length]).toEqual([published, 1]);
  await close();
});

test("what was there before a new leader is adopted, and Ready only when its route is there", async () => {
  const { deploy, until, user, zone, tunnel, cloudflare, deeds, phase, world, close } = start();
  const early: string[] = [];
  cloudflare.onChange(() => phase("shop") === "Ready" && world().routes.length < 2 && early.push("Ready"));
  user.call("POST", "/accounts/:account/access/tags", { name: tagOf("test") });
  const { id: _, ...spec } = record({ content: `${tunnel}.cfargotunnel.com` });
  user.call("POST", `/zones/${zone}/dns_records`, spec);
  const policy = [...cloudflare.world.policies.values()].find(({ name }) => name === "family")!.id;
  const name = appName(SHOP, mark);
  user.call("POST", "/accounts/:account/access/apps", {
    type: "self_hosted",
    name,
    domain: SHOP,
    tags: [tagOf("test")],
    policies: [policy],
  });
  deploy("shop", wish(SHOP));
  await until("shop", "Ready");
  expect(world()).toEqual(published);
  expect(deeds.map(({ what }) => what)).toEqual(["PUT routes"]);
  await close();
});

type Stage = ReturnType<typeof start>;
const appIn = ({ cloudflare }: Stage) => [...cloudflare.world.apps.values()][0]!;

test.each([
  [
    "the record is deleted",
    ({ user, zone, cloudflare }: Stage) => {
      for (const id of cloudflare.world.records.keys()) user.call("DELETE", `/zones/${zone}/dns_records/${id}`);
    },
  ],
  [
    "the application is changed",
    (stage: Stage) => {
      const { id, aud: _, ...rest } = appIn(stage);
      stage.user.call("PUT", `/accounts/:account/access/apps/${id}`, { ...rest, session_duration: "1h" });
    },
  ],
  [
    "another application takes its place",
    (stage: Stage) => {
      const { id, aud: _, ...rest } = appIn(stage);
      stage.user.call("DELETE", `/accounts/:account/access/apps/${id}`);
      stage.user.call("POST", "/accounts/:account/access/apps", rest);
    },
  ],
] as const)(
  "%s before the route is there: that is made good first, and the state names what is there",
  async (_, act) => {
    const stage = start({}, { passMs: 30_000 });
    const { deploy, until, read, counts, world, cloudflare, exposed, clock, close } = stage;
    deploy("shop", wish(SHOP));
    await until("shop", "UpdatingConfig");
    cloudflare.setFaults(ruledFaults([{ call: "PUT *configurations", fault: "throttle", times: 5 }]));
    await clock.advance(90_000);
    act(stage);
    await until("shop", "Ready");
    await clock.advance(1_000);
    expect([world(), exposed, counts().drifted]).toEqual([published, [], 0]);
    const [record] = cloudflare.world.records.values();
    expect(JSON.parse(read("shop")!.metadata.annotations![annotations.state]!)).toMatchObject({
      phase: "Ready",
      recordID: record!.id,
      appID: appIn(stage).id,
      audience: appIn(stage).aud,
    });
    await close();
  },
);

test("another's mark that appears before the application is made is waited for", async () => {
  const { deploy, until, user, zone, tunnel, cloudflare, clock, results, world, close } = start();
  deploy("wiki", wish("wiki.example.org"));
  await until("wiki", "Ready");
  cloudflare.setFaults(ruledFaults([{ call: "POST *apps", fault: "throttle", times: 1 }]));
  deploy("shop", wish(SHOP));
  await until("shop", "CreatingZTApp");
  const comment = markText({ owner: "test", hash: hashOf("web/wiki") });
  const { id: _, ...spec } = record({ content: `${tunnel}.cfargotunnel.com`, comment });
  for (const { id, name } of cloudflare.world.records.values())
    if (name === SHOP) user.call("PUT", `/zones/${zone}/dns_records/${id}`, spec);
  await until("shop", "Ready");
  await clock.advance(600_000);
  expect(world().routes).toEqual([SHOP, "wiki.example.org", "*"]);
  expect(results.filter((result) => result.includes("error"))).toEqual([]);
  await close();
});
