import { expect, test } from "vitest";
import { type VirtualClock, virtualClock } from "#lib/operator/virtual-clock.ts";
import { callBudget } from "../api/budget.ts";
import { cloudflareClient } from "../api/client.ts";
import type { Answer } from "../api/errors.ts";
import type { Fetch } from "../api/fetch.ts";
import type { AppSpec, Cloudflare, PolicyId, RecordSpec, TunnelId, ZoneId } from "../api/types.ts";
import { faultAt } from "./faults.ts";
import { serveCloudflare } from "./http.ts";
import { fakeCloudflare } from "./server.ts";
import { ACCOUNT, type FakeCloudflare, type FakeCloudflareOptions, TOKEN } from "./types.ts";

interface Setting {
  readonly clock: VirtualClock;
  readonly fake: FakeCloudflare;
  readonly client: Cloudflare;
  readonly zone: ZoneId;
  readonly policy: PolicyId;
  readonly tunnel: TunnelId;
}

function setting(options: Partial<FakeCloudflareOptions> & { readonly fetch?: Fetch } = {}): Setting {
  const clock = virtualClock();
  const fake = fakeCloudflare({ clock, ...options });
  const client = cloudflareClient({
    clock,
    budget: callBudget({ clock }),
    account: ACCOUNT,
    token: TOKEN,
    fetch: options.fetch ?? fake.fetch,
  });
  const zone = fake.user.zone("example.org") as ZoneId;
  return {
    clock,
    fake,
    client,
    zone,
    policy: fake.user.policy("family") as PolicyId,
    tunnel: fake.user.tunnel("homelab") as TunnelId,
  };
}

const record = (name: string, more: Partial<RecordSpec> = {}): RecordSpec => ({
  type: "CNAME",
  name: `${name}.example.org`,
  content: "t.cfargotunnel.com",
  proxied: true,
  ttl: 1,
  comment: "",
  ...more,
});
const app = (domain: string, more: Partial<AppSpec> = {}): AppSpec => ({
  name: domain,
  domain,
  policies: [],
  tags: [],
  sessionDuration: "24h",
  ...more,
});
const errorOf = (answer: Answer<unknown>) => (answer.ok ? undefined : [answer.error.kind, answer.error.code]);
const valueOf = <T>(answer: Answer<T>): T => {
  if (answer.ok) return answer.value;
  throw new Error(`${answer.error.kind}: ${answer.error.message}`);
};

test("a batch deletes before it creates, so that one name changes its kind in one step", async () => {
  const { client, zone } = setting();
  const address = record("a", { type: "A", content: "192.0.2.1" });
  const [first] = valueOf(await client.records.batch(zone, { posts: [address] })).posts;
  expect(errorOf(await client.records.batch(zone, { posts: [record("a")] }))).toEqual(["RecordExists", 81053]);
  valueOf(await client.records.batch(zone, { deletes: [first!.id], posts: [record("a")] }));
  expect(valueOf(await client.records.list(zone)).map(({ type }) => type)).toEqual(["CNAME"]);
  expect(errorOf(await client.records.batch(zone, { posts: [address] }))).toEqual(["RecordExists", 81054]);
});

test("a batch of which one change is refused changes nothing", async () => {
  const { client, zone, fake } = setting();
  const posts = [record("a"), record("b")];
  const [first] = valueOf(await client.records.batch(zone, { posts })).posts;
  const refused = await client.records.batch(zone, { deletes: [first!.id], posts: [record("c"), record("b")] });
  expect(errorOf(refused)).toEqual(["RecordExists", 81058]);
  expect(fake.world.records.size).toBe(2);
  fake.user.call("DELETE", `/zones/${zone}/dns_records/${first!.id}`);
  expect(errorOf(await client.records.batch(zone, { deletes: [first!.id] }))).toEqual(["RecordMissing", 81044]);
});

test("what is identical, what differs in settings, and what cannot be proxied have codes of their own", async () => {
  const { client, zone } = setting();
  const text = record("a", { type: "TXT", content: '"x"', proxied: false });
  valueOf(await client.records.batch(zone, { posts: [text] }));
  expect(errorOf(await client.records.batch(zone, { posts: [text] }))).toEqual(["RecordExists", 81058]);
  const other = { ...text, comment: "mine" };
  expect(errorOf(await client.records.batch(zone, { posts: [other] }))).toEqual(["RecordExists", 81057]);
  const proxied = { ...text, content: '"y"', proxied: true };
  expect(errorOf(await client.records.batch(zone, { posts: [proxied] }))).toEqual(["Invalid", 9004]);
});

test("lists come in pages, and are whole", async () => {
  const { client, zone, policy } = setting();
  const names = Array.from({ length: 130 }, (_, index) => `n${index}`);
  valueOf(await client.records.batch(zone, { posts: names.map((name) => record(name)) }));
  for (const name of names) valueOf(await client.apps.create(app(`${name}.example.org`, { policies: [policy] })));
  expect(valueOf(await client.apps.list()).length).toBe(130);
  expect(valueOf(await client.apps.list({ domain: "n7.example.org" })).map(({ domain }) => domain)).toEqual([
    "n7.example.org",
  ]);
  expect(valueOf(await client.records.list(zone, { name: "n7.example.org" })).length).toBe(1);
  expect(valueOf(await client.policies.list())).toMatchObject([{ name: "family", appCount: 130 }]);
});

test("a list that changes between two pages is read again", async () => {
  const world = setting();
  for (let index = 0; index < 101; index++) valueOf(await world.client.apps.create(app(`n${index}.example.org`)));
  const first = [...world.fake.world.apps.keys()][0]!;
  let pages = 0;
  const client = cloudflareClient({
    clock: world.clock,
    budget: callBudget({ clock: world.clock }),
    account: ACCOUNT,
    token: TOKEN,
    fetch: async (url, request) => {
      const answer = await world.fake.fetch(url, request);
      if (pages++ === 0) world.fake.user.call("DELETE", `/accounts/:account/access/apps/${first}`);
      return answer;
    },
  });
  expect(valueOf(await client.apps.list()).length).toBe(100);
  expect(pages).toBeGreaterThan(2);
});

test("an application is alone on its domain, and names policies and tags that are there", async () => {
  const { client, policy, fake } = setting();
  const made = valueOf(await client.apps.create(app("a.example.org", { policies: [policy] })));
  expect(errorOf(await client.apps.create(app("a.example.org")))).toEqual(["AppExists", 11010]);
  expect(errorOf(await client.apps.create(app("a.example.net")))).toEqual(["Invalid", 12130]);
  expect(errorOf(await client.apps.create(app("b.example.org", { policies: ["x" as PolicyId] })))).toEqual([
    "Invalid",
    12130,
  ]);
  expect(errorOf(await client.apps.update(made.id, app("a.example.org", { tags: ["t"] })))).toEqual(["Invalid", 12130]);
  valueOf(await client.tags.create("t"));
  expect(errorOf(await client.tags.create("t"))).toEqual(["Invalid", 12130]);
  expect(valueOf(await client.apps.update(made.id, app("a.example.org", { tags: ["t"] })))).toEqual({
    ...made,
    policies: [],
    tags: ["t"],
  });
  expect(valueOf(await client.tags.list())).toEqual(["t"]);
  valueOf(await client.apps.delete(made.id));
  expect(errorOf(await client.apps.delete(made.id))?.[0]).toBe("NotFound");
  expect(fake.world.apps.size).toBe(0);
});

test("a configuration replaces the one before, counts, and ends with a rule for everything else", async () => {
  const { client, tunnel, fake } = setting();
  expect(valueOf(await client.tunnels.configuration(tunnel))).toEqual({ version: 0, ingress: [], settings: {} });
  const last = { service: "http_status:404" };
  const rule = (hostname: string) => ({ hostname, service: "http://a.b.svc:80" });
  const refused = await client.tunnels.configure(tunnel, { ingress: [rule("a.example.org")], settings: {} });
  expect(errorOf(refused)?.[0]).toBe("Invalid");
  const early = await client.tunnels.configure(tunnel, { ingress: [last, rule("a.example.org"), last], settings: {} });
  expect(errorOf(early)?.[0]).toBe("Invalid");
  const settings = { "warp-routing": { enabled: true } };
  valueOf(await client.tunnels.configure(tunnel, { ingress: [rule("a.example.org"), last], settings }));
  const ingress = [rule("b.example.org"), last];
  expect(valueOf(await client.tunnels.configure(tunnel, { ingress, settings }))).toEqual({
    version: 2,
    ingress,
    settings,
  });
  expect(valueOf(await client.tunnels.configuration(tunnel))).toEqual({ version: 2, ingress, settings });
  expect(errorOf(await client.tunnels.create("homelab"))).toEqual(["TunnelExists", 1013]);
  fake.user.call("DELETE", `/accounts/:account/cfd_tunnel/${tunnel}`);
  expect(valueOf(await client.tunnels.list())).toEqual([]);
  expect(errorOf(await client.tunnels.configuration(tunnel))?.[0]).toBe("NotFound");
});

test("a call whose answer is lost has been committed; one that times out before has not", async () => {
  const { client, clock, fake } = setting();
  for (const [fault, apps] of [
    ["timeout", 0],
    ["timeoutAfterCommit", 1],
  ] as const) {
    fake.setFaults(faultAt(fake.calls, fault));
    const answer = await clock.resolve("an answer", client.apps.create(app("a.example.org")));
    expect(errorOf(answer)).toEqual(["Timeout", 0]);
    expect(fake.world.apps.size).toBe(apps);
  }
  fake.setFaults(faultAt(fake.calls, "lateCommit"));
  await clock.resolve("an answer", client.apps.create(app("b.example.org")));
  expect(fake.world.apps.size).toBe(1);
  await clock.advance(20_000);
  expect(fake.world.apps.size).toBe(2);
  fake.setFaults(faultAt(fake.calls, "errorAfterCommit"));
  expect(errorOf(await client.apps.create(app("c.example.org")))?.[0]).toBe("ServerError");
  expect(fake.world.apps.size).toBe(3);
});

test("lists lag behind, writes do not", async () => {
  const { client, clock } = setting({ lagMs: 2_000 });
  valueOf(await client.apps.create(app("a.example.org")));
  expect(valueOf(await client.apps.list())).toEqual([]);
  expect(errorOf(await client.apps.create(app("a.example.org")))).toEqual(["AppExists", 11010]);
  await clock.advance(2_000);
  expect(valueOf(await client.apps.list()).length).toBe(1);
});

test("a stale read shows what was, but not longer than for 30 s", async () => {
  const { client, clock, fake } = setting();
  valueOf(await client.apps.create(app("a.example.org")));
  fake.setFaults(() => "stale");
  expect(valueOf(await client.apps.list())).toEqual([]);
  await clock.advance(30_000);
  expect(valueOf(await client.apps.list()).length).toBe(1);
});

test("who makes too many calls is refused for five minutes", async () => {
  const { clock, fake } = setting({ quota: { calls: 3 } });
  const budget = callBudget({ clock, limit: 10, reserve: { normal: 0, background: 0 } });
  const client = cloudflareClient({ clock, budget, account: ACCOUNT, token: TOKEN, fetch: fake.fetch });
  const ignorant = cloudflareClient({
    clock,
    budget: callBudget({ clock }),
    account: ACCOUNT,
    token: TOKEN,
    fetch: async (url, request) => {
      const { status, text } = await fake.fetch(url, request);
      return { status, text, headers: { get: () => null } };
    },
  });
  for (let index = 0; index < 3; index++) valueOf(await ignorant.tags.list());
  expect(errorOf(await client.tags.list())).toEqual(["Throttled", 971]);
  const again = client.tags.list();
  await clock.advance(299_000);
  expect(budget.waiting).toBe(1);
  expect(valueOf(await clock.resolve("the end of the block", again))).toEqual([]);
  expect(clock.nowMs()).toBe(Date.UTC(2030, 0, 1) + 300_000);
});

test("another token, account or path is refused", async () => {
  const { clock, fake } = setting();
  const client = (account: string, token: string) =>
    cloudflareClient({ clock, budget: callBudget({ clock }), account, token, fetch: fake.fetch });
  expect(errorOf(await client(ACCOUNT, "other").tags.list())).toEqual(["Unauthorized", 10000]);
  expect(errorOf(await client("1".repeat(32), TOKEN).tags.list())).toEqual(["Unauthorized", 10000]);
  expect(() => fake.user.call("GET", "/nothing")).toThrow("Could not route");
});

test("over HTTP it answers the same, and takes faults", async () => {
  const { clock, fake, zone } = setting();
  const served = await serveCloudflare(fake);
  try {
    const client = cloudflareClient({
      clock,
      budget: callBudget({ clock }),
      account: ACCOUNT,
      token: TOKEN,
      baseUrl: served.baseUrl,
    });
    expect(valueOf(await client.zones.list())).toEqual([{ id: zone, name: "example.org", status: "active" }]);
    expect(errorOf(await client.records.batch(zone, { posts: [record("a", { ttl: 2 })] }))?.[0]).toBe("Invalid");
    valueOf(await client.records.batch(zone, { posts: [record("a")] }));
    const control = new URL("/_fake/faults", served.baseUrl);
    const put = (rules: unknown) => fetch(control, { method: "PUT", body: JSON.stringify(rules) });
    expect((await put([{ call: "GET */access/tags", fault: "error", times: 1 }])).status).toBe(200);
    expect((await put([{ call: "*", fault: "melt" }])).status).toBe(400);
    expect(errorOf(await client.tags.list())?.[0]).toBe("ServerError");
    expect(valueOf(await client.tags.list())).toEqual([]);
    expect(valueOf(await client.organization.teamName())).toBe("homelab");
  } finally {
    await served.close();
  }
});
