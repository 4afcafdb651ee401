import { expect, test } from "vitest";
import { mint } from "#lib/machine/evidence.ts";
import { virtualClock } from "#lib/operator/virtual-clock.ts";
import { callBudget } from "./budget.ts";
import { cloudflareClient } from "./client.ts";
import type { AppSpec, IngressRule, RecordSpec } from "./types.ts";

/** A client, what it has sent, and the results that it is answered with. */
function setting(...results: readonly unknown[]) {
  const sent: { readonly method: string; readonly url: string; readonly body: unknown }[] = [];
  const clock = virtualClock();
  const client = cloudflareClient({
    clock,
    budget: callBudget({ clock }),
    account: "acc/1",
    token: "t",
    baseUrl: "https://cf.test",
    fetch: async (url, { method, body }) => {
      const result = results[Math.min(sent.length, results.length - 1)];
      sent.push({
        method,
        url: url.replace("https://cf.test", ""),
        body: body === undefined ? undefined : JSON.parse(body),
      });
      const info = Array.isArray(result) ? { result_info: { total_count: result.length } } : {};
      const answer = { success: true, errors: [], result, ...info };
      return { status: 200, headers: { get: () => null }, text: async () => JSON.stringify(answer) };
    },
  });
  return { client, sent };
}
const zone = mint("zones", "id", "z/1");
const spec: AppSpec = {
  name: "shop",
  domain: "shop.example.org",
  policies: [mint("access.policies", "id", "p1"), mint("access.policies", "id", "p2")],
  tags: ["t"],
  sessionDuration: "24h",
};
const wireApp = { id: "a1", aud: "aud1", type: "self_hosted", name: "shop", domain: "shop.example.org" };

test("lists ask for their account, and for a hostname exactly", async () => {
  const { client, sent } = setting([]);
  await client.zones.list();
  await client.records.list(zone);
  await client.records.list(zone, { name: "a.b", type: "TXT", commentStartsWith: "c" });
  await client.apps.list();
  await client.apps.list({ domain: "a.b" });
  await client.policies.list();
  await client.tags.list();
  await client.tunnels.list({ name: "homelab" });
  expect(sent.map(({ url }) => url)).toEqual([
    "/zones?account.id=acc%2F1&page=1&per_page=50",
    "/zones/z%2F1/dns_records?page=1&per_page=5000",
    "/zones/z%2F1/dns_records?name.exact=a.b&type=TXT&comment.startswith=c&page=1&per_page=5000",
    "/accounts/acc%2F1/access/apps?page=1&per_page=100",
    "/accounts/acc%2F1/access/apps?domain=a.b&exact=true&page=1&per_page=100",
    "/accounts/acc%2F1/access/policies?page=1&per_page=100",
    "/accounts/acc%2F1/access/tags?page=1&per_page=100",
    "/accounts/acc%2F1/cfd_tunnel?is_deleted=false&name=homelab&page=1&per_page=100",
  ]);
});

test("an application is sent as one destination, its policies in their order", async () => {
  const { client, sent } = setting(wireApp, wireApp, null);
  await client.apps.create(spec);
  await client.apps.update(mint("access.apps", "id", "a1"), spec);
  await client.apps.delete(mint("access.apps", "id", "a1"));
  const body = {
    type: "self_hosted",
    name: "shop",
    domain: "shop.example.org",
    destinations: [{ type: "public", uri: "shop.example.org" }],
    policies: [
      { id: "p1", precedence: 1 },
      { id: "p2", precedence: 2 },
    ],
    tags: ["t"],
    session_duration: "24h",
  };
  const apps = "/accounts/acc%2F1/access/apps";
  expect(sent).toEqual([
    { method: "POST", url: apps, body },
    { method: "PUT", url: `${apps}/a1`, body },
    { method: "DELETE", url: `${apps}/a1`, body: undefined },
  ]);
});

test("applications of another kind are passed over, and the order of policies is that of their precedence", async () => {
  const policies = [
    { id: "p2", precedence: 2 },
    { id: "p1", precedence: 1 },
  ];
  const { client } = setting([
    { ...wireApp, policies },
    { id: "a2", type: "warp" },
    { type: "self_hosted", id: "a3", aud: "x", name: "n" },
  ]);
  expect(await client.apps.list()).toMatchObject({
    ok: true,
    value: [
      { id: "a1", policies: ["p1", "p2"] },
      { id: "a3", policies: [] },
    ],
  });
});

test.each([
  [{ domain: "Shop.example.org" }, ["shop.example.org"]],
  [{ domain: "a.b", self_hosted_domains: ["a.b", "C.d"] }, ["a.b", "c.d"]],
  [
    {
      domain: "a.b",
      destinations: [{ uri: "a.b" }, { type: "private", cidr: "10.0.0.0/8" }, { type: "public", uri: "E.f/x" }],
    },
    ["a.b", "e.f/x"],
  ],
  [{ domain: "a.b", destinations: [], self_hosted_domains: ["a.b"] }, []],
])("an application stands before its destinations (%#)", async (given, destinations) => {
  const { client } = setting([{ ...wireApp, ...given }]);
  expect(await client.apps.list()).toMatchObject({ ok: true, value: [{ destinations }] });
});

test("a batch sends what it holds, and one that is empty or too large is a mistake", async () => {
  const { client, sent } = setting({
    posts: [{ id: "r1", type: "CNAME", name: "a.b", content: "c.d" }],
    deletes: null,
  });
  const post: RecordSpec = { type: "CNAME", name: "a.b", content: "c.d", proxied: true, ttl: 1, comment: "" };
  const id = mint("dns.records", "id", "r0");
  const answer = await client.records.batch(zone, { deletes: [id], posts: [post], puts: [] });
  expect(sent[0]).toEqual({
    method: "POST",
    url: "/zones/z%2F1/dns_records/batch",
    body: { deletes: [{ id: "r0" }], posts: [post] },
  });
  expect(answer).toMatchObject({
    ok: true,
    value: { deletes: [], posts: [{ id: "r1", proxied: false, ttl: 1, comment: "" }] },
  });
  await client.records.batch(zone, { patches: [{ id, ttl: 60 }], puts: [{ id, ...post }] });
  expect(sent[1]?.body).toEqual({ patches: [{ id: "r0", ttl: 60 }], puts: [{ id: "r0", ...post }] });
  await expect(client.records.batch(zone, { posts: [] })).rejects.toThrow("A batch of 0 changes; expected 1 to 200");
  for (const fits of [
    { deletes: Array(200).fill(id) },
    { puts: Array(199).fill({ id, ...post }), patches: [{ id }] },
  ]) {
    expect((await client.records.batch(zone, fits)).ok).toBe(true);
    await expect(client.records.batch(zone, { ...fits, posts: [post] })).rejects.toThrow("A batch of 201 changes");
  }
});

test("rules of a tunnel are read without what Cloudflare shows beside them, and its other settings are kept", async () => {
  const shown = [
    { id: "1", hostname: "a.b", path: "", service: "http://x", originRequest: { noTLSVerify: true } },
    { id: "2", hostname: "", service: "http_status:404", originRequest: {} },
  ];
  const ingress: readonly IngressRule[] = [
    { hostname: "a.b", service: "http://x", originRequest: { noTLSVerify: true } },
    { service: "http_status:404" },
  ];
  const { client, sent } = setting({ version: 3, config: { ingress: shown, "warp-routing": { enabled: true } } });
  const settings = { "warp-routing": { enabled: true } };
  const tunnel = mint("tunnels", "id", "t/1");
  expect(await client.tunnels.configuration(tunnel)).toEqual({ ok: true, value: { version: 3, ingress, settings } });
  await client.tunnels.configure(tunnel, { ingress, settings });
  const url = "/accounts/acc%2F1/cfd_tunnel/t%2F1/configurations";
  expect(sent[0]).toMatchObject({ method: "GET", url });
  expect(sent[1]).toEqual({ method: "PUT", url, body: { config: { "warp-routing": { enabled: true }, ingress } } });
});

test.each([{}, { config: null }, { version: 0, config: { ingress: null } }])(
  "a tunnel that was never configured (%o) has no rules",
  async (result) => {
    const { client } = setting(result);
    const answer = await client.tunnels.configuration(mint("tunnels", "id", "t1"));
    expect(answer).toEqual({ ok: true, value: { version: 0, ingress: [], settings: {} } });
  },
);

test("the team's name, tags and tunnels are read", async () => {
  const { client } = setting(
    { auth_domain: "homelab.cloudflareaccess.com" },
    { name: "t" },
    { id: "t1", name: "homelab", config_src: "cloudflare" },
    [{ id: "t1", name: "homelab" }],
  );
  expect(await client.organization.teamName()).toEqual({ ok: true, value: "homelab" });
  expect(await client.tags.create("t")).toEqual({ ok: true, value: "t" });
  expect(await client.tunnels.create("homelab")).toMatchObject({ ok: true, value: { configuredBy: "cloudflare" } });
  expect(await client.tunnels.list()).toMatchObject({ ok: true, value: [{ configuredBy: "local" }] });
});
