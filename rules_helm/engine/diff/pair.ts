import type { Resource } from "./parse.ts";
import { canonical, textAt } from "./tree.ts";

/** What one resource is on both sides; at least one of them is there. */
export interface Pair {
  readonly was?: Resource;
  readonly is?: Resource;
}

const clusterScoped = new Set(
  (
    "Namespace Node PersistentVolume ClusterRole ClusterRoleBinding CustomResourceDefinition StorageClass IngressClass PriorityClass " +
    "RuntimeClass CSIDriver APIService MutatingWebhookConfiguration ValidatingWebhookConfiguration ValidatingAdmissionPolicy " +
    "ValidatingAdmissionPolicyBinding ClusterIssuer GatewayClass VolumeSnapshotClass"
  ).split(" "),
);

/** The namespace that applications deploy to, by `<overlay>/<app>`, as their Argo CD Applications say. */
export function destinations(resources: readonly Resource[]): ReadonlyMap<string, string> {
  const known = resources.filter(({ kind, group }) => kind === "Application" && group === "argoproj.io");
  return new Map(
    known.map(({ overlay, name, app, object }) => [
      `${overlay}/${app === "" ? name : app}`,
      textAt(object, "spec", "destination", "namespace"),
    ]),
  );
}

/** Gives resources that name no namespace the one that their application is deployed to. */
export function inNamespaces(resources: readonly Resource[], known = destinations(resources)): Resource[] {
  return resources.map((resource) => {
    const { overlay, app, namespace, kind } = resource;
    if (namespace !== "" || clusterScoped.has(kind)) return resource;
    return { ...resource, namespace: known.get(`${overlay}/${app}`) ?? "" };
  });
}

/**
 * Finds what belongs together: the same group, kind, namespace and name in one application; then in one overlay (it moved to another
 * application); then ConfigMaps and Secrets whose names differ only in a hash at the end.
 */
export function pairUp(was: readonly Resource[], is: readonly Resource[]): Pair[] {
  const pairs: Pair[] = [];
  let left = { was, is };
  for (const key of [inApp, inOverlay, withoutHash]) {
    const matched = match(left.was, left.is, key);
    pairs.push(...matched.pairs);
    left = matched;
  }
  return [
    ...pairs,
    ...left.was.map((resource) => ({ was: resource })),
    ...left.is.map((resource) => ({ is: resource })),
  ];
}

function inApp(resource: Resource): string {
  return canonical([resource.app, inOverlay(resource)]);
}

function inOverlay({ overlay, group, kind, namespace, name }: Resource): string {
  return canonical([overlay, group, kind, namespace, name]);
}

function withoutHash(resource: Resource): string | undefined {
  const { kind, group, name } = resource;
  if (group !== "" || (kind !== "ConfigMap" && kind !== "Secret")) return undefined;
  const [, stem, hash] = /^(.+)-([0-9a-z]{6,64})$/.exec(name) ?? [];
  return stem === undefined || !looksLikeHash(hash ?? "") ? undefined : inApp({ ...resource, name: stem });
}

/** kustomize writes ten letters and digits, others hexadecimal: a word of a language has no digits. */
function looksLikeHash(text: string): boolean {
  return /\d/.test(text) && (/^[0-9a-f]+$/.test(text) || text.length === 10);
}

function match(was: readonly Resource[], is: readonly Resource[], key: (resource: Resource) => string | undefined) {
  const waiting = new Map<string, Resource[]>();
  const alone: Resource[] = [];
  for (const resource of is) {
    const found = key(resource);
    if (found === undefined) alone.push(resource);
    else waiting.set(found, [...(waiting.get(found) ?? []), resource]);
  }
  const pairs: Pair[] = [];
  const gone: Resource[] = [];
  for (const resource of was) {
    const partner = waiting.get(key(resource) ?? "")?.shift();
    if (partner === undefined) gone.push(resource);
    else pairs.push({ was: resource, is: partner });
  }
  return { pairs, was: gone, is: [...alone, ...[...waiting.values()].flat()] };
}
