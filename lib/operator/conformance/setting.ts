import type { V1ConfigMap, V1Deployment } from "@kubernetes/client-node";
import type { KubeApi, KubeServer, Patch, Resource, Watch, WatchEvent } from "../api.ts";
import { type Outcome, valueOf } from "../errors.ts";
import type { Live } from "../object.ts";
import { configMaps, deployments } from "../resources.ts";

export type ConfigMap = Live<V1ConfigMap>;
export type Deployment = Live<V1Deployment>;

/** A server under test, with an empty namespace `default` and the kind {@link widgets}, which it has known for a moment only. */
export interface ServerUnderTest {
  readonly server: KubeServer;
  close(): Promise<void>;
}

/** A custom resource with a status. */
export const widgets: Resource = {
  group: "kit.example",
  version: "v1",
  plural: "widgets",
  kind: "Widget",
  namespaced: true,
  status: true,
};

/** What the tests of one server share. */
export interface Setting {
  readonly server: KubeServer;
  readonly maps: KubeApi<ConfigMap>;
  readonly apps: KubeApi<Deployment>;
  /** Makes a config map in the namespace `default`. */
  make(name: string, fields?: Patch): Promise<ConfigMap>;
  /** Watches the config maps of `default` for a minute. */
  watchFrom(resourceVersion: string, signal: AbortSignal, labelSelector?: string): Promise<Watch<ConfigMap>>;
}

/** The setting on a server. */
export function settingOf(server: KubeServer): Setting {
  const maps = server.api<ConfigMap>(configMaps);
  return {
    server,
    maps,
    apps: server.api<Deployment>(deployments),
    make: async (name, fields = { data: { a: "1" } }) =>
      valueOf(`create ${name}`, await maps.create(named(name), fields)),
    watchFrom: async (resourceVersion, signal, labelSelector) => {
      const options = { namespace: "default", resourceVersion, timeoutMs: 60_000, signal };
      return valueOf("watch", await maps.watch({ ...options, ...(labelSelector ? { labelSelector } : {}) }));
    },
  };
}

/** A place in the namespace `default`. */
export const named = (name: string) => ({ namespace: "default", name });

/** How a request ended, in a word. */
export const kindOf = (outcome: Outcome<unknown>) => (outcome.ok ? "ok" : outcome.error.kind);

/** An event about an object. */
export interface Told {
  readonly type: WatchEvent<ConfigMap>["type"];
  readonly name: string;
  readonly uid: string;
  readonly version: string;
}

/** The next events about objects. @throws Error when the watch ends before, or tells what is no event */
export async function take(watch: Watch<ConfigMap>, count: number): Promise<Told[]> {
  const told: Told[] = [];
  while (told.length < count) {
    const next = await watch.next();
    if (next.done) throw new Error(`The watch ended after ${told.length} events; expected ${count}.`);
    const event = next.value;
    if (event.type === "MALFORMED") throw new Error(event.message);
    if (event.type === "BOOKMARK") continue;
    const { name, uid, resourceVersion } = event.object.metadata;
    told.push({ type: event.type, name, uid, version: resourceVersion });
  }
  return told;
}

/** How a watch ends, whatever it still tells. */
export async function rest(watch: Watch<ConfigMap>): Promise<Outcome<undefined>> {
  for (;;) {
    const next = await watch.next();
    if (next.done) return next.value;
  }
}
