import type { Resource } from "../resources.ts";
import { isOf, resourceName } from "../resources.ts";
import { isObject } from "../schema.ts";
import { sameNamespace, selects } from "../selector.ts";
import { listAt, objectAt, type Workload } from "../workload.ts";
import type { Remark } from "./rules.ts";

const SCALED = new Set(["Deployment", "StatefulSet", "ReplicaSet", "ReplicationController"]);

/** What a workload needs beside it: a PodDisruptionBudget and NetworkPolicies; `all` are the resources that are applied with it. */
export function neighbourRemarks(workload: Workload, all: readonly Resource[]): Remark[] {
  return [...disruptionBudget(workload, all), ...networkPolicies(workload, all)];
}

function disruptionBudget(workload: Workload, all: readonly Resource[]): Remark[] {
  const replicas = replicasOf(workload.resource, all);
  if (!SCALED.has(workload.resource.kind) || replicas < 2) return [];
  const selecting = all.filter(
    (each) =>
      isOf(each, "policy", "PodDisruptionBudget") &&
      sameNamespace(each, workload.resource) &&
      selects(objectAt(each.object, ["spec"])["selector"], workload.labels),
  );
  if (selecting.length > 0) return [];
  return [
    {
      rule: "disruption-budget",
      is: `${replicas} replicas, and no PodDisruptionBudget selects them`,
      expected: "one: a drain of nodes could stop all replicas at once",
      mend: "add a PodDisruptionBudget with maxUnavailable: 1 and the selector of the pods",
      at: ["spec", "replicas"],
    },
  ];
}

function replicasOf(resource: Resource, all: readonly Resource[]): number {
  const scaler = all.find((each) => {
    const target = objectAt(each.object, ["spec", "scaleTargetRef"]);
    return (
      isOf(each, "autoscaling", "HorizontalPodAutoscaler") &&
      target["kind"] === resource.kind &&
      target["name"] === resource.name &&
      sameNamespace(each, resource)
    );
  });
  const own = objectAt(resource.object, ["spec"])["replicas"];
  const least = scaler ? objectAt(scaler.object, ["spec"])["minReplicas"] : own;
  return typeof least === "number" ? least : 1;
}

function networkPolicies(workload: Workload, all: readonly Resource[]): Remark[] {
  const selecting = all.filter(
    (each) =>
      isOf(each, "networking.k8s.io", "NetworkPolicy") &&
      sameNamespace(each, workload.resource) &&
      selects(objectAt(each.object, ["spec"])["podSelector"], workload.labels),
  );
  const open = (["Ingress", "Egress"] as const).filter(
    (direction) => !selecting.some((policy) => directions(policy).includes(direction)),
  );
  const remarks: Remark[] = [];
  if (open.length > 0)
    remarks.push({
      rule: "network-policy",
      is: `no NetworkPolicy that selects its pods limits ${open.map((each) => each.toLowerCase()).join(" or ")}`,
      expected: "both directions denied, but for what is needed",
      mend: `add a NetworkPolicy with policyTypes: [${open.join(", ")}] and the labels of the pods`,
    });
  for (const policy of selecting)
    for (const direction of directions(policy))
      if (allowsAll(policy, direction))
        remarks.push({
          rule: "network-policy",
          is: `${resourceName(policy)} allows all ${direction.toLowerCase()}: it has an empty rule`,
          expected: "rules that name peers or ports",
          mend: `name who may speak to whom in spec.${direction.toLowerCase()} of ${policy.file}`,
        });
  return remarks;
}

/** https://kubernetes.io/docs/reference/kubernetes-api/policy-resources/network-policy-v1/: without policyTypes, Ingress always and Egress if it has rules. */
function directions(policy: Resource): ("Ingress" | "Egress")[] {
  const spec = objectAt(policy.object, ["spec"]);
  const types = spec["policyTypes"];
  if (Array.isArray(types)) return (["Ingress", "Egress"] as const).filter((each) => types.includes(each));
  return listAt(spec, ["egress"]).length > 0 ? ["Ingress", "Egress"] : ["Ingress"];
}

function allowsAll(policy: Resource, direction: "Ingress" | "Egress"): boolean {
  const [field, peers] = direction === "Ingress" ? ["ingress", "from"] : ["egress", "to"];
  return listAt(policy.object, ["spec", field]).some((rule) =>
    [peers, "ports"].every((key) => {
      const list = rule[key];
      return !Array.isArray(list) || list.filter(isObject).length === 0;
    }),
  );
}
