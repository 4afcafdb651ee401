import assert from "node:assert/strict";
import { test } from "node:test";
import { stringify } from "yaml";
import { parseResources } from "../resources.ts";
import { hardeningFindings } from "./harden.ts";

const container = {
  name: "web",
  image: `example.org:5000/web@sha256:${"0".repeat(64)}`,
  resources: { limits: { cpu: 1, memory: "64Mi" } },
  livenessProbe: { tcpSocket: { port: 1 } },
  readinessProbe: { tcpSocket: { port: 1 } },
  securityContext: { readOnlyRootFilesystem: true },
};
const pod = {
  automountServiceAccountToken: false,
  securityContext: { runAsNonRoot: true, runAsUser: 1000 },
  containers: [container],
};
const policy = {
  apiVersion: "networking.k8s.io/v1",
  kind: "NetworkPolicy",
  metadata: { name: "deny" },
  spec: { podSelector: {}, policyTypes: ["Ingress", "Egress"] },
};
const workload = (kind: string, spec: object, extra: object = {}) => ({
  apiVersion: kind.endsWith("Job") ? "batch/v1" : "apps/v1",
  kind,
  metadata: { name: "web" },
  spec: { ...extra, template: { metadata: { labels: { app: "web" } }, spec } },
});

function found(...objects: object[]): string[] {
  const { resources, findings } = parseResources("x.yaml", objects.map((each) => stringify(each)).join("---\n"));
  assert.deepEqual(findings, []);
  return hardeningFindings(resources).map((each) => `${each.rule} ${each.container ?? "-"}: ${each.is}`);
}

test("nothing is found in a workload that has all", () => {
  assert.deepEqual(found(workload("Deployment", pod), policy), []);
});

test("a Job needs no probes, a pod that never restarts neither, a StatefulSet does", () => {
  const { livenessProbe: _, readinessProbe: __, ...silent } = container;
  const spec = { ...pod, containers: [silent] };
  assert.deepEqual(found(workload("Job", spec), policy), []);
  const bare = (restartPolicy: string) => ({
    apiVersion: "v1",
    kind: "Pod",
    metadata: { name: "web" },
    spec: { ...spec, restartPolicy },
  });
  assert.deepEqual(found(bare("Never"), policy), []);
  assert.deepEqual(found(bare("Always"), policy), ["probes web: no livenessProbe, no readinessProbe"]);
  assert.deepEqual(found(workload("StatefulSet", spec), policy), ["probes web: no livenessProbe, no readinessProbe"]);
});

test("an init container needs probes only where it stays beside the others", () => {
  const { livenessProbe: _, readinessProbe: __, ...silent } = container;
  const spec = (restart: object) => ({ ...pod, initContainers: [{ ...silent, name: "init", ...restart }] });
  assert.deepEqual(found(workload("Deployment", spec({})), policy), []);
  assert.deepEqual(found(workload("Deployment", spec({ restartPolicy: "Always" })), policy), [
    "probes init: no livenessProbe, no readinessProbe",
  ]);
});

test("the container's own settings win over the pod's", () => {
  const own = { ...container, securityContext: { readOnlyRootFilesystem: true, runAsUser: 999 } };
  assert.deepEqual(found(workload("Deployment", { ...pod, containers: [own] }), policy), [
    "non-root-user web: securityContext.runAsUser is 999",
  ]);
});

test("amounts of the whole pod count for its containers", () => {
  const { resources, ...bare } = container;
  assert.deepEqual(found(workload("Deployment", { ...pod, resources, containers: [bare] }), policy), []);
  assert.deepEqual(found(workload("Deployment", { ...pod, containers: [bare] }), policy), [
    "resources web: resources has no requests.cpu, requests.memory, limits.memory",
  ]);
});

test("the pods of a CronJob are looked at too", () => {
  const job = {
    spec: { template: { spec: { ...pod, hostPath: 1, volumes: [{ name: "v", hostPath: { path: "/" } }] } } },
  };
  const cron = { apiVersion: "batch/v1", kind: "CronJob", metadata: { name: "web" }, spec: { jobTemplate: job } };
  assert.deepEqual(found(cron, policy), ["host-path -: volume v is the node's folder /"]);
});

test("a port in the registry's name is no tag", () => {
  const image = (image: string) =>
    found(workload("Deployment", { ...pod, containers: [{ ...container, image }] }), policy);
  assert.deepEqual(image("example.org:5000/web:1"), []);
  assert.match(image("example.org:5000/web")[0]!, /without a tag/);
});

test("a token may be mounted where the account has a right, and the account may refuse it itself", () => {
  const { automountServiceAccountToken: _, ...mounting } = pod;
  const deployment = workload("Deployment", { ...mounting, serviceAccountName: "robot" });
  const binding = (namespace: string) => ({
    apiVersion: "rbac.authorization.k8s.io/v1",
    kind: "RoleBinding",
    metadata: { name: "robot", namespace },
    roleRef: { kind: "Role", name: "robot", apiGroup: "rbac.authorization.k8s.io" },
    subjects: [{ kind: "ServiceAccount", name: "robot" }],
  });
  const account = { apiVersion: "v1", kind: "ServiceAccount", metadata: { name: "robot" } };
  assert.equal(found(deployment, policy, account).length, 1);
  assert.deepEqual(found(deployment, policy, account, binding("shop")), []);
  assert.deepEqual(found(deployment, policy, { ...account, automountServiceAccountToken: false }), []);
  const placed = { ...deployment, metadata: { name: "web", namespace: "other" } };
  assert.equal(found(placed, policy, binding("shop")).length, 1);
});

test("from two replicas on a budget has to select the pods, counted by an autoscaler where there is one", () => {
  const budget = (selector: object) => ({
    apiVersion: "policy/v1",
    kind: "PodDisruptionBudget",
    metadata: { name: "web" },
    spec: { maxUnavailable: 1, selector },
  });
  const expression = { matchExpressions: [{ key: "app", operator: "In", values: ["web"] }] };
  const scaler = {
    apiVersion: "autoscaling/v2",
    kind: "HorizontalPodAutoscaler",
    metadata: { name: "web" },
    spec: { minReplicas: 2, maxReplicas: 3, scaleTargetRef: { kind: "Deployment", name: "web" } },
  };
  const two = workload("Deployment", pod, { replicas: 2 });
  const missing = ["disruption-budget -: 2 replicas, and no PodDisruptionBudget selects them"];
  assert.deepEqual(found(two, policy), missing);
  assert.deepEqual(found(two, policy, budget({ matchLabels: { app: "api" } })), missing);
  assert.deepEqual(found(two, policy, budget(expression)), []);
  assert.deepEqual(found(workload("Deployment", pod), policy, scaler), missing);
  assert.deepEqual(found(workload("DaemonSet", pod), policy), []);
});

test("a policy limits what its types say, and an empty rule limits nothing", () => {
  const only = (spec: object) => found(workload("Deployment", pod), { ...policy, spec: { podSelector: {}, ...spec } });
  const without = (direction: string) => [
    `network-policy -: no NetworkPolicy that selects its pods limits ${direction}`,
  ];
  assert.deepEqual(only({}), without("egress"));
  assert.deepEqual(only({ egress: [{ ports: [{ port: 53 }] }] }), []);
  assert.deepEqual(only({ policyTypes: ["Egress"] }), without("ingress"));
  assert.deepEqual(only({ policyTypes: ["Ingress", "Egress"], egress: [{}] }), [
    "network-policy -: NetworkPolicy deny allows all egress: it has an empty rule",
  ]);
  assert.deepEqual(found(workload("Deployment", pod)), without("ingress or egress"));
  const foreign = { ...policy, apiVersion: "example.org/v1" };
  assert.deepEqual(found(workload("Deployment", pod), foreign), without("ingress or egress"));
});
