import { Store } from "#lib/operator/store.ts";
import { mint } from "#lib/machine/evidence.ts";
import type { App, DnsRecord, Policy, Zone } from "../api/types.ts";
import { indexes } from "../claims.ts";
import type { Deployment } from "../deployment.ts";
import { appName, hashOf, markText, tagOf } from "../marks.ts";
import { type Contents, type Identity, KnownWorld } from "../world.ts";

/** The mark of the Deployment web/shop. */
export const mark = { owner: "test", hash: hashOf("web/shop") };

/** Whose world it is: a tunnel that records lead to as t1.cfargotunnel.com. */
export const identity: Identity = {
  owner: "test",
  tunnel: { id: mint("tunnels", "id", "t1"), name: "homelab", configuredBy: "cloudflare" },
  teamName: "team",
};

/** An active zone, whose identifier is its name. */
export const zoneNamed = (name: string): Zone => ({ id: mint("zones", "id", name), name, status: "active" });

/** A policy that lets some in, whose identifier is its name. */
export const policyNamed = (name: string): Policy => ({
  id: mint("access.policies", "id", name),
  name,
  decision: "allow",
  appCount: 0,
});

/** A Deployment of the namespace web. */
export const deployment = (name: string, given: Readonly<Record<string, string>>, createdYear = 2030): Deployment => ({
  metadata: {
    namespace: "web",
    name,
    uid: name,
    resourceVersion: "1",
    creationTimestamp: `${createdYear}-01-01T00:00:00Z`,
    annotations: given,
  },
});

/** The record of web/shop as it is to be, but for what is given. */
export const record = (more: Partial<DnsRecord> = {}): DnsRecord => ({
  id: mint("dns.records", "id", "r1"),
  type: "CNAME",
  name: "shop.example.org",
  content: "t1.cfargotunnel.com",
  proxied: true,
  ttl: 1,
  comment: markText(mark),
  ...more,
});

/** The application of web/shop as it is to be, but for what is given. */
export const app = (more: Partial<App> = {}): App => ({
  id: mint("access.apps", "id", "a1"),
  aud: mint("access.apps", "aud", "aud1"),
  name: appName("shop.example.org", mark),
  domain: "shop.example.org",
  destinations: ["shop.example.org"],
  policies: [policyNamed("family").id],
  tags: [tagOf("test")],
  sessionDuration: "24h",
  ...more,
});

/** The route of web/shop as it is to be. */
export const rule = {
  hostname: "shop.example.org",
  service: "http://shop.web.svc:80",
  originRequest: { access: { required: true, teamName: "team", audTag: ["aud1"] } },
};

/** The last rule of a tunnel. */
export const last = { service: "http_status:404" };

/** A cache with these Deployments. */
export function cacheOf(all: readonly Deployment[]): Store<Deployment> {
  const cache = new Store<Deployment>(indexes);
  cache.replace(all, "1");
  return cache;
}

/** A world with the zones example.org and org.example and two policies, but for what is given. */
export const worldWith = (given: Partial<Contents> = {}): KnownWorld =>
  new KnownWorld(identity, {
    zones: [zoneNamed("example.org"), zoneNamed("org.example")],
    records: [],
    apps: [],
    policies: [policyNamed("family"), policyNamed("friends")],
    tags: [],
    configuration: { version: 1, ingress: [last], settings: {} },
    ...given,
  });
