import { readdirSync } from "node:fs";
import { beforeAll, expect, test } from "vitest";
import { renderChart } from "./render.ts";

interface Peer {
  readonly podSelector?: { readonly matchLabels: Readonly<Record<string, string>> };
  readonly namespaceSelector?: { readonly matchLabels: Readonly<Record<string, string>> };
}
interface Rule {
  readonly from?: readonly Peer[];
  readonly to?: readonly Peer[];
  readonly ports: readonly { readonly protocol: string; readonly port: number }[];
}

const APP = "app.kubernetes.io/name";
const charts = readdirSync("charts").filter(
  (name) => !["hardened", "imgproxy-urls", "testing"].includes(name) && !name.includes("."),
);
const ways = { out: new Set<string>(), in: new Set<string>() };

/** The namespace that the BUILD files give a chart. */
const namespaceOf = (chart: string) => (chart.startsWith("trips-") ? "trips" : chart);

/** The app that a peer names, as `namespace/app`; nothing for addresses and for DNS, which is no chart of ours. */
function appOf(peer: Peer, own: string): string | null {
  const app = peer.podSelector?.matchLabels[APP];
  return app ? `${peer.namespaceSelector?.matchLabels["kubernetes.io/metadata.name"] ?? own}/${app}` : null;
}

beforeAll(async () => {
  for (const chart of charts) {
    const namespace = namespaceOf(chart);
    const policy = (await renderChart(`charts/${chart}`, { overlay: "production", namespace })).get(
      `NetworkPolicy/${chart}`,
    );
    const { ingress, egress } = policy?.spec as { ingress: Rule[]; egress: Rule[] };
    const self = `${namespace}/${chart}`;
    for (const { to, ports } of egress)
      for (const app of (to ?? []).map((peer) => appOf(peer, namespace)).filter((each) => each !== null))
        for (const { protocol, port } of ports) ways.out.add(`${self} → ${app} ${protocol} ${port}`);
    for (const { from, ports } of ingress)
      for (const app of (from ?? []).map((peer) => appOf(peer, namespace)).filter((each) => each !== null))
        for (const { protocol, port } of ports) ways.in.add(`${app} → ${self} ${protocol} ${port}`);
  }
});

test("in production, whoever may go out to an app of ours is let in there, and nobody is let in who may not go out", () => {
  expect([...ways.out].sort()).toEqual([...ways.in].sort());
});

test("in production, these and no other ways are open between the apps", () => {
  expect([...ways.out].sort()).toEqual([
    "cloudflared/cloudflared → imgproxy/imgproxy TCP 8080",
    "cloudflared/cloudflared → trips/trips-api TCP 8083",
    "cloudflared/cloudflared → trips/trips-site TCP 8080",
    "images/images → seaweedfs/seaweedfs TCP 8333",
    "images/images → trips/trips-api TCP 8083",
    "imgproxy/imgproxy → seaweedfs/seaweedfs TCP 8333",
    "trips/trips-api → nats/nats TCP 4222",
    "trips/trips-api → seaweedfs/seaweedfs TCP 8333",
    "trips/trips-capture → nats/nats TCP 4222",
    "trips/trips-capture → seaweedfs/seaweedfs TCP 8333",
    "trips/trips-publish → nats/nats TCP 4222",
    "trips/trips-publish → seaweedfs/seaweedfs TCP 8333",
    "trips/trips-site → images/images TCP 8084",
    "trips/trips-site → trips/trips-api TCP 8083",
  ]);
});
