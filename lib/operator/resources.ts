import type { Resource } from "./api.ts";

/** Deployments: `Live<V1Deployment>`. */
export const deployments: Resource = {
  group: "apps",
  version: "v1",
  plural: "deployments",
  kind: "Deployment",
  namespaced: true,
  status: true,
};

/** Leases, by which leaders are elected: `Live<V1Lease>`. */
export const leases: Resource = {
  group: "coordination.k8s.io",
  version: "v1",
  plural: "leases",
  kind: "Lease",
  namespaced: true,
};

/** Events of events.k8s.io/v1: `Live<EventsV1Event>`. */
export const events: Resource = {
  group: "events.k8s.io",
  version: "v1",
  plural: "events",
  kind: "Event",
  namespaced: true,
};

/** Config maps: `Live<V1ConfigMap>`. */
export const configMaps: Resource = {
  group: "",
  version: "v1",
  plural: "configmaps",
  kind: "ConfigMap",
  namespaced: true,
};

/** `apps/v1`, or `v1` for the core group. */
export const apiVersionOf = ({ group, version }: Resource): string => (group === "" ? version : `${group}/${version}`);
