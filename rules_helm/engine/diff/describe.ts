import { changes } from "./changes.ts";
import { binding, role } from "./describe/access.ts";
import { application } from "./describe/application.ts";
import { configMap, sealedSecret, secret } from "./describe/config.ts";
import { definition } from "./describe/definition.ts";
import type { Kind } from "./describe/kind.ts";
import { metadataRules } from "./describe/metadata.ts";
import { autoscaler, budget } from "./describe/policy.ts";
import { httpRoute, ingress } from "./describe/route.ts";
import { service } from "./describe/service.ts";
import { claim, namespace, storageClass, volume } from "./describe/storage.ts";
import { cronJob, daemonSet, deployment, job, pod, statefulSet } from "./describe/workload.ts";
import { normalise } from "./normalise.ts";
import type { Resource } from "./parse.ts";
import { type Line, plain } from "./say.ts";
import { at, isObject, type Json, type JsonObject, same } from "./tree.ts";

const kinds: Readonly<Record<string, Kind>> = {
  "/ConfigMap": configMap,
  "/Namespace": namespace,
  "/PersistentVolume": volume,
  "/PersistentVolumeClaim": claim,
  "/Pod": pod,
  "/Secret": secret,
  "/Service": service,
  "apiextensions.k8s.io/CustomResourceDefinition": definition,
  "apps/DaemonSet": daemonSet,
  "apps/Deployment": deployment,
  "apps/ReplicaSet": deployment,
  "apps/StatefulSet": statefulSet,
  "argoproj.io/Application": application,
  "autoscaling/HorizontalPodAutoscaler": autoscaler,
  "batch/CronJob": cronJob,
  "batch/Job": job,
  "bitnami.com/SealedSecret": sealedSecret,
  "gateway.networking.k8s.io/GRPCRoute": httpRoute,
  "gateway.networking.k8s.io/HTTPRoute": httpRoute,
  "networking.k8s.io/Ingress": ingress,
  "policy/PodDisruptionBudget": budget,
  "rbac.authorization.k8s.io/ClusterRole": role,
  "rbac.authorization.k8s.io/ClusterRoleBinding": binding,
  "rbac.authorization.k8s.io/Role": role,
  "rbac.authorization.k8s.io/RoleBinding": binding,
  "storage.k8s.io/StorageClass": storageClass,
};

/** What the objects of one resource differ in; no line when they are the same to Kubernetes. */
export interface Described {
  readonly lines: readonly Line[];
  /** Whether its pods are replaced. */
  readonly restarts: boolean;
}

/**
 * Describes how one resource changes. What a NetworkPolicy allows is not part of it: that depends on all policies of a namespace.
 */
export function describe(was: Resource, is: Resource): Described {
  const kind = kindOf(is);
  const both = { was: normalise(was), is: normalise(is) };
  const rules = [...(kind.rules ?? []), ...metadataRules];
  const skipped = isNetworkPolicy(is) ? [{ at: ["spec"], say: () => [] }] : [];
  const pods = kind.pods;
  const restarts = pods !== undefined && !same(at(both.was, ...pods), at(both.is, ...pods));
  const lines = changes(both, [...skipped, ...rules]);
  return { lines: [...lines.filter((line) => !isLabel(line)), ...lines.filter(isLabel)], restarts };
}

/** Labels and annotations come last: they mostly follow from the rest. */
function isLabel(line: Line): boolean {
  return /^(pod )?(label|annotation) /.test(plain(line));
}

/** What a reviewer wants to know of a resource that is added, and what is dangerous in it. */
export function introduce(resource: Resource): Line[] {
  const { rules = [], introduce } = kindOf(resource);
  const object = normalise(resource);
  const privileges =
    podsOf(resource) === undefined
      ? []
      : changes({ was: harmless(object) as JsonObject, is: object }, rules).filter(
          ({ danger }) => danger !== undefined,
        );
  return [...(introduce?.(object) ?? []), ...privileges];
}

const risky = new Set(["securityContext", "volumes", "hostNetwork", "hostPID", "hostIPC", "hostPort"]);

/** The same object without anything that gives its pods a privilege. */
function harmless(value: Json): Json {
  if (Array.isArray(value)) return value.map(harmless);
  if (!isObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value).flatMap(([key, item]) => (risky.has(key) ? [] : [[key, harmless(item)]])),
  );
}

/** What is lost with a resource that is removed; undefined where that is harmless. */
export function loss(resource: Resource): string | undefined {
  return kindOf(resource).loss?.(normalise(resource));
}

/** Whether a resource is a NetworkPolicy of Kubernetes itself. */
export function isNetworkPolicy({ group, kind }: Pick<Resource, "group" | "kind">): boolean {
  return kind === "NetworkPolicy" && group === "networking.k8s.io";
}

/** Where the template of a workload's pods stands; undefined for what has no pods. */
export function podsOf(resource: Pick<Resource, "group" | "kind">): readonly string[] | undefined {
  if (resource.kind === "CronJob") return ["spec", "jobTemplate", "spec", "template"];
  if (resource.kind === "Job") return ["spec", "template"];
  return resource.kind === "Pod" && resource.group === "" ? [] : kindOf(resource).pods;
}

function kindOf({ group, kind }: Pick<Resource, "group" | "kind">): Kind {
  return kinds[`${group}/${kind}`] ?? {};
}
