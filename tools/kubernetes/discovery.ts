import { setTimeout as sleep } from "node:timers/promises";
import type { Kubernetes } from "#lib/testing/kubernetes.ts";
import type { Resource } from "./finding.ts";

/** What a server says of a kind; `versions` are the apiVersions in which the group has it, the preferred first. */
export type Kind =
  | { readonly served: true; readonly apiVersion: string; readonly plural: string; readonly namespaced: boolean }
  | { readonly served: false; readonly versions: readonly string[] };

/** Which kinds a server has; asks for each version of a group once. */
export interface Discovery {
  find(apiVersion: string, kind: string): Promise<Kind>;
}

interface Entry {
  readonly name: string;
  readonly kind: string;
  readonly namespaced: boolean;
}

/** Reads a server's discovery documents. */
export function createDiscovery(plane: Kubernetes): Discovery {
  const lists = new Map<string, Promise<readonly Entry[]>>();
  const list = (apiVersion: string) => {
    const known = lists.get(apiVersion) ?? entries(plane, apiVersion);
    lists.set(apiVersion, known);
    return known;
  };
  return {
    find: async (apiVersion, kind) => {
      const entry = (await list(apiVersion)).find((each) => each.kind === kind);
      if (entry) return { served: true, apiVersion, plural: entry.name, namespaced: entry.namespaced };
      const versions = await versionsOf(plane, apiVersion);
      const having = await Promise.all(
        versions.map(async (each) => ((await list(each)).some((one) => one.kind === kind) ? [each] : [])),
      );
      return { served: false, versions: having.flat() };
    },
  };
}

/** Where a resource is applied: `/apis/apps/v1/namespaces/default/deployments`, without its name. */
export function resourcePath(resource: Resource, kind: Extract<Kind, { served: true }>): string {
  const namespace = kind.namespaced ? `/namespaces/${encodeURIComponent(resource.namespace || "default")}` : "";
  return `${base(kind.apiVersion)}${namespace}/${kind.plural}`;
}

/** Waits until a server serves a kind that was made a moment ago, at most ten seconds. */
export async function untilServed(plane: Kubernetes, apiVersion: string, kind: string): Promise<boolean> {
  for (const deadline = Date.now() + 10_000; Date.now() < deadline; await sleep(50))
    if ((await entries(plane, apiVersion)).some((each) => each.kind === kind)) return true;
  return false;
}

async function entries(plane: Kubernetes, apiVersion: string): Promise<readonly Entry[]> {
  const answer = await plane.request("GET", base(apiVersion));
  if (answer.status !== 200) return [];
  const { resources } = JSON.parse(answer.body) as { resources?: readonly Entry[] };
  return (resources ?? []).filter((each) => !each.name.includes("/"));
}

async function versionsOf(plane: Kubernetes, apiVersion: string): Promise<readonly string[]> {
  const [group, version] = apiVersion.split("/");
  if (version === undefined) return [];
  const answer = await plane.request("GET", `/apis/${group}`);
  if (answer.status !== 200) return [];
  const { versions } = JSON.parse(answer.body) as { versions?: readonly { groupVersion: string }[] };
  return (versions ?? []).map((each) => each.groupVersion);
}

function base(apiVersion: string): string {
  return `${apiVersion.includes("/") ? "/apis" : "/api"}/${apiVersion.split("/").map(encodeURIComponent).join("/")}`;
}
