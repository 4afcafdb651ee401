import type { V1Deployment } from "@kubernetes/client-node";
import { systemClock } from "#lib/operator/clock.ts";
import { valueOf } from "#lib/operator/errors.ts";
import type { HttpServer } from "#lib/operator/http-api.ts";
import type { Live } from "#lib/operator/object.ts";
import { deployments } from "#lib/operator/resources.ts";
import { eventually } from "#lib/testing/process.ts";
import { annotations } from "../deployment.ts";
import { fakeCloudflare } from "../fake/server.ts";
import type { FakeCloudflare } from "../fake/types.ts";
import { exposures } from "../harness/judge.ts";
import { stateOf } from "../status.ts";

/** An account of Cloudflare in this process, with a zone, a tunnel and a policy. */
export interface Account {
  readonly cloudflare: FakeCloudflare;
  readonly zone: string;
  /** Hostnames of routes, of applications and of records, each sorted. */
  published(): { readonly routes: string[]; readonly apps: string[]; readonly records: string[] };
  /** Hostnames that were ever served without an application; grows. */
  readonly exposed: ReadonlySet<string>;
}

/** Makes an account that lets any number of calls through. */
export function makeAccount(): Account {
  const cloudflare = fakeCloudflare({ clock: systemClock(), quota: { calls: 1_000_000 } });
  const zone = cloudflare.user.zone("example.org");
  const tunnel = cloudflare.user.tunnel("homelab");
  cloudflare.user.policy("family");
  const exposed = new Set<string>();
  cloudflare.onChange(({ after }) => {
    for (const { hostname } of exposures(after)) exposed.add(hostname);
  });
  return {
    cloudflare,
    zone,
    exposed,
    published: () => {
      const { world } = cloudflare;
      const rules = world.tunnels.get(tunnel)?.config?.ingress ?? [];
      return {
        routes: rules.flatMap(({ hostname }) => hostname ?? []).sort(),
        apps: [...world.apps.values()].map(({ domain }) => domain).sort(),
        records: [...world.records.values()].map(({ name }) => name).sort(),
      };
    },
  };
}

/** What people do with the Deployments of the namespace `default`. */
export interface Users {
  /** Creates one that is to be published at `<name>.example.org`. */
  deploy(name: string): Promise<void>;
  annotate(name: string, given: Readonly<Record<string, string | null>>): Promise<void>;
  remove(name: string): Promise<void>;
  /** The phase that is written on it; undefined for none, and when it is not there. */
  phase(name: string): Promise<string | undefined>;
  isThere(name: string): Promise<boolean>;
  /** @param withinMs 60 s unless told */
  untilReady(name: string, withinMs?: number): Promise<void>;
}

/** Users who reach the API server so. */
export function usersOf(server: HttpServer): Users {
  const api = server.api<Live<V1Deployment>>(deployments);
  const named = (name: string) => ({ namespace: "default", name });
  const phase = async (name: string) => {
    const read = await api.get(named(name));
    if (!read.ok || read.value.metadata.annotations?.[annotations.state] === undefined) return undefined;
    return stateOf(read.value, Date.now()).phase;
  };
  return {
    deploy: async (name) => {
      const labels = { app: name };
      const template = {
        metadata: { labels },
        spec: { containers: [{ name: "web", image: "registry.example.org/web:1" }] },
      };
      const given = { [annotations.hostname]: `${name}.example.org`, [annotations.policy]: "family" };
      const deployment = {
        metadata: { annotations: given, labels },
        spec: { selector: { matchLabels: labels }, template },
      };
      valueOf(`create ${name}`, await api.create(named(name), deployment));
    },
    annotate: async (name, given) =>
      void valueOf(`annotate ${name}`, await api.merge(named(name), { metadata: { annotations: given } })),
    remove: async (name) => void valueOf(`delete ${name}`, await api.delete(named(name))),
    phase,
    isThere: async (name) => (await api.get(named(name))).ok,
    untilReady: async (name, withinMs = 60_000) =>
      void (await eventually(`${name} is ready`, async () => (await phase(name)) === "Ready", withinMs)),
  };
}
