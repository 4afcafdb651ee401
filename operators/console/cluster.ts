import type { EventsV1Event } from "@kubernetes/client-node";
import { annotations, type Deployment } from "#operators/cloudflare/deployment.ts";
import type { KubeServer, Resource } from "#lib/operator/api.ts";
import { systemClock } from "#lib/operator/clock.ts";
import type { Lease } from "#lib/operator/lease.ts";
import { keyOf, type Live, type ObjectName } from "#lib/operator/object.ts";
import { createReflector } from "#lib/operator/reflector.ts";
import { deployments, events, leases } from "#lib/operator/resources.ts";
import type { Feed } from "./feed.ts";
import { viewOf } from "./views.ts";

type Event = Live<EventsV1Event>;

/** The cluster as the console keeps it in mind. */
export interface Cluster {
  readonly deployments: () => Iterable<Deployment>;
  readonly lease: () => Lease | undefined;
  /** Whether everything was listed once. */
  readonly synced: () => boolean;
  /** Lists and watches until the signal is aborted. */
  run(signal: AbortSignal): Promise<void>;
}

/** Keeps Deployments, their Events and the operator's Lease in mind, and tells the feed what happens to them. */
export function watchCluster(server: KubeServer, lease: ObjectName, feed: Feed, onChange: () => void): Cluster {
  const surroundings = { clock: systemClock(), random: Math.random };
  const found = createReflector<Deployment>({ ...surroundings, api: server.api<Deployment>(deployments) });
  const told = createReflector<Event>({ ...surroundings, api: server.api<Event>(events) });
  const held = createReflector<Lease>({
    ...surroundings,
    api: server.api<Lease>(leases),
    selection: { namespace: lease.namespace!, fieldSelector: `metadata.name=${lease.name}` },
  });

  found.onDelta((delta) => {
    const before = delta.type === "added" ? undefined : viewOf(delta.before, Date.now());
    const after = delta.type === "deleted" ? undefined : viewOf(delta.after, Date.now());
    const moved = before?.phase !== after?.phase || before?.sinceMs !== after?.sinceMs;
    if (delta.type === "deleted") {
      if (before) feed.add({ kind: "state", key: delta.key, phase: null, message: null });
    } else if (after?.phase && moved) {
      const atMs = delta.type === "added" && delta.initial ? (after.sinceMs ?? Date.now()) : Date.now();
      feed.add({ kind: "state", key: delta.key, phase: after.phase, message: after.message }, atMs);
    }
    onChange();
  });
  told.onDelta((delta) => {
    if (delta.type === "deleted") return;
    const { metadata, regarding, type, reason, note, eventTime, series } = delta.after;
    if (regarding?.kind !== "Deployment" || regarding.name === undefined) return;
    feed.put({
      kind: "event",
      id: `event:${metadata.uid}`,
      atMs: Date.parse(series?.lastObservedTime ?? eventTime ?? metadata.creationTimestamp ?? ""),
      key: keyOf({ name: regarding.name, ...(regarding.namespace && { namespace: regarding.namespace }) }),
      ...{ type: type ?? "Normal", reason: reason ?? "", note: note ?? "", count: series?.count ?? 1 },
    });
  });
  held.onDelta((delta) => {
    if (delta.type === "deleted") return;
    const was = delta.type === "updated" ? delta.before.spec?.holderIdentity : undefined;
    const is = delta.after.spec?.holderIdentity;
    if (is && is !== was) feed.add({ kind: "operator", text: `${shortName(is)} has the Lease and works.` });
    onChange();
  });

  return {
    deployments: () => found.cache.values(),
    lease: () => held.cache.values().next().value,
    synced: () => found.synced && told.synced && held.synced,
    run: async (signal) => {
      await Promise.all([found.run(signal), told.run(signal), held.run(signal)]);
    },
  };
}

/** An identity as people read it: the pod's name and the beginning of what tells processes apart. */
export const shortName = (identity: string): string => identity.replace(/_([0-9a-f]{4})[0-9a-f-]*$/, " $1");

/** The namespace of Deployments that are made here. */
export const NAMESPACE = "web";

const namespaces: Resource = { group: "", version: "v1", plural: "namespaces", kind: "Namespace", namespaced: false };

/** What a new Deployment is made of: an image that nobody ever pulls, for there is no node. */
export function deploymentFields(name: string, hostname: string, policy: string): Readonly<Record<string, unknown>> {
  const labels = { app: name };
  const containers = [{ name: "web", image: "registry.example.org/web:1" }];
  return {
    metadata: { annotations: { [annotations.hostname]: hostname, [annotations.policy]: policy } },
    spec: { selector: { matchLabels: labels }, template: { metadata: { labels }, spec: { containers } } },
  };
}

/**
 * Makes the namespace and two Deployments to begin with, once: who deletes them does not get them back.
 * @returns whether they were made now
 */
export async function seed(server: KubeServer): Promise<boolean> {
  const made = await server.api(namespaces).create({ name: NAMESPACE }, {});
  if (!made.ok) {
    if (made.error.kind === "AlreadyExists") return false;
    throw new Error(`The namespace ${NAMESPACE} could not be made: ${made.error.kind}: ${made.error.message}`);
  }
  const api = server.api<Deployment>(deployments);
  for (const [name, policy] of [
    ["shop", "family"],
    ["wiki", "colleagues"],
  ] as const)
    await api.create({ namespace: NAMESPACE, name }, deploymentFields(name, `${name}.example.org`, policy));
  return true;
}
