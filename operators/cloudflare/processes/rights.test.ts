import type { V1Deployment } from "@kubernetes/client-node";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Patch, Resource } from "#lib/operator/api.ts";
import type { Live } from "#lib/operator/object.ts";
import { configMaps, deployments, events, leases } from "#lib/operator/resources.ts";
import { eventually } from "#lib/testing/process.ts";
import { annotations, FINALIZER } from "../deployment.ts";
import { type Account, makeAccount, type Users, usersOf } from "./account.ts";
import { type Cluster, OPERATOR, startCluster } from "./cluster.ts";
import { type Replica, startReplica } from "./replica.ts";
import { needs, rightsOf, without, written } from "./rights.ts";

const START_MS = 120_000;
const TEST_MS = 120_000;
const WITHIN_MS = 60_000;

let cluster: Cluster;
let users: Users;

beforeAll(async () => {
  cluster = await startCluster(process.env["MANIFESTS"] ?? "");
  users = usersOf(cluster.administrator);
}, START_MS);
afterAll(async () => {
  await cluster?.close();
}, START_MS);

/** A new operator with an account of its own, while nobody has ever led; what it leaves is removed after. */
async function withOperator(name: string, use: (replica: Replica, account: Account) => Promise<void>): Promise<void> {
  await cluster.administrator.api(leases).delete({ namespace: OPERATOR, name: OPERATOR });
  const account = makeAccount();
  const replica = await startReplica(cluster, account.cloudflare, name);
  try {
    await use(replica, account);
  } finally {
    await replica.close();
    const api = cluster.administrator.api(deployments);
    await api.merge({ namespace: "default", name }, { metadata: { finalizers: null } });
    await api.delete({ namespace: "default", name });
  }
}

/** Loses the answer to the next write of a Deployment: what came of it has to be read. */
function loseOneAnswer({ gateway }: Replica): void {
  gateway.hold(({ verb, resource }) => {
    if (verb !== "patch" || resource !== "deployments") return "pass";
    gateway.hold(undefined);
    return "lose";
  });
}

/** Twice the same happens, of which people are told by one Event with a count. */
async function deleteRecordTwice(name: string, { cloudflare, zone }: Account): Promise<void> {
  for (let time = 0; time < 2; time++) {
    await users.untilReady(name, WITHIN_MS);
    for (const id of cloudflare.world.records.keys())
      cloudflare.user.call("DELETE", `/zones/${zone}/dns_records/${id}`);
    await eventually("the record is back", () => cloudflare.world.records.size === 1, WITHIN_MS);
  }
  await users.untilReady(name, WITHIN_MS);
}

test(
  "publishing, changing, repairing and removing take each right of the manifests, and no other",
  { timeout: TEST_MS },
  async () => {
    await withOperator("shop", async (replica, account) => {
      loseOneAnswer(replica);
      await users.deploy("shop");
      await users.untilReady("shop");
      await users.annotate("shop", { [annotations.hostname]: "store.example.org" });
      await eventually(
        "the other name is published",
        () => account.published().routes[0] === "store.example.org",
        WITHIN_MS,
      );
      await deleteRecordTwice("shop", account);
      const { requests } = replica.gateway;
      const granted = rightsOf(cluster.manifests).map(({ right }) => right);
      const unused = () => granted.filter((right) => !requests.some((request) => needs(request, right)));
      await eventually("each right was needed", () => unused().length === 0, 30_000).catch((cause: unknown) => {
        throw new Error(
          `Nothing needed ${unused().map(written).join(", ")}; expected the roles to give only what is needed.`,
          { cause },
        );
      });
      await users.remove("shop");
      await eventually("it is gone", async () => !(await users.isThere("shop")), WITHIN_MS);
      expect(account.published()).toEqual({ routes: [], apps: [], records: [] });
      expect(requests.filter(({ status }) => status === 403)).toEqual([]);
      expect(account.exposed.size).toBe(0);
    });
  },
);

/** What is seen when a right is missing: a metric that is not 0, or a line of the log. */
const seen: Readonly<Record<string, { readonly metric: string; readonly labels?: string } | { readonly log: string }>> =
  {
    "get deployments.apps": { log: "an own write was not looked up" },
    "list deployments.apps": { metric: "reflector_failures_total", labels: 'what="list"' },
    "watch deployments.apps": { metric: "reflector_failures_total", labels: 'what="watch"' },
    "patch deployments.apps": { metric: "controller_runtime_reconcile_errors_total" },
    "create events.events.k8s.io": { metric: "events_discarded_total" },
    "patch events.events.k8s.io": { metric: "events_discarded_total" },
    "create leases.coordination.k8s.io": { log: "a request about the lease failed" },
    [`get leases.coordination.k8s.io ${OPERATOR}`]: { log: "a request about the lease failed" },
    [`patch leases.coordination.k8s.io ${OPERATOR}`]: { log: "leadership was lost" },
  };

test("the rights of the manifests are those that are taken away below", () => {
  const granted = rightsOf(cluster.manifests).map(({ right }) => written(right));
  expect(granted.toSorted()).toEqual(Object.keys(seen).toSorted());
});

test.each(Object.keys(seen).map((right, index) => ({ right, name: `lacking-${index}` })))(
  "without the right to $right something is seen to fail",
  { timeout: TEST_MS },
  async ({ right, name }) => {
    const granted = rightsOf(cluster.manifests).find((one) => written(one.right) === right)!;
    await cluster.apply(without(granted));
    try {
      await cluster.untilAllowed(granted.right, false);
      await withOperator(name, async (replica, account) => {
        if (right.startsWith("get deployments")) loseOneAnswer(replica);
        await users.deploy(name);
        if (right.startsWith("patch events")) await deleteRecordTwice(name, account);
        const { requests } = replica.gateway;
        await eventually(
          "it is refused",
          () => requests.some((request) => request.status === 403 && needs(request, granted.right)),
          WITHIN_MS,
        );
        const sign = seen[right]!;
        await eventually(
          `that is seen (${JSON.stringify(sign)})`,
          async () =>
            "log" in sign
              ? replica.program.output().includes(sign.log)
              : (await replica.metric(sign.metric, sign.labels)) > 0,
          WITHIN_MS,
        );
      });
    } finally {
      await cluster.apply(granted.role);
      await cluster.untilAllowed(granted.right, true);
    }
  },
);

const kind = (group: string, plural: string): Resource => ({
  group,
  version: "v1",
  plural,
  kind: plural,
  namespaced: true,
});
const own = { namespace: OPERATOR, name: OPERATOR };
const other = { namespace: "default", name: "other" };

test.each([
  ["read Secrets", (api: Cluster["operator"]) => api.api(kind("", "secrets")).list({ namespace: OPERATOR })],
  [
    "read Secrets of the system",
    (api: Cluster["operator"]) => api.api(kind("", "secrets")).list({ namespace: "kube-system" }),
  ],
  ["read ConfigMaps", (api: Cluster["operator"]) => api.api(configMaps).list()],
  ["read Pods", (api: Cluster["operator"]) => api.api(kind("", "pods")).list()],
  ["create Pods", (api: Cluster["operator"]) => api.api(kind("", "pods")).create(other, { spec: {} })],
  ["create Deployments", (api: Cluster["operator"]) => api.api(deployments).create(other, { spec: {} })],
  ["delete Deployments", (api: Cluster["operator"]) => api.api(deployments).delete(other)],
  [
    "write the status of Deployments",
    (api: Cluster["operator"]) => api.api(deployments).merge(other, {}, { subresource: "status" }),
  ],
  ["read Events", (api: Cluster["operator"]) => api.api(events).list()],
  ["delete Events", (api: Cluster["operator"]) => api.api(events).delete(other)],
  ["read another Lease", (api: Cluster["operator"]) => api.api(leases).get({ ...own, name: "other" })],
  ["write another Lease", (api: Cluster["operator"]) => api.api(leases).merge({ ...own, name: "other" }, {})],
  [
    "write the Lease of another namespace",
    (api: Cluster["operator"]) => api.api(leases).merge({ ...own, namespace: "default" }, {}),
  ],
  ["create a Lease in another namespace", (api: Cluster["operator"]) => api.api(leases).create(other, {})],
  ["delete its Lease", (api: Cluster["operator"]) => api.api(leases).delete(own)],
  [
    "give itself rights",
    (api: Cluster["operator"]) => api.api(kind("rbac.authorization.k8s.io", "roles")).merge(own, {}),
  ],
  ["make tokens", (api: Cluster["operator"]) => api.api(kind("", "serviceaccounts")).create(own, {})],
] as const)("the operator's account may not %s", async (_, attempt) => {
  const answer = await attempt(cluster.operator);
  expect(answer.ok ? "allowed" : answer.error.kind).toBe("Forbidden");
});

test(
  "of a Deployment the account may write its own annotation and finalizer, and nothing else",
  { timeout: TEST_MS },
  async () => {
    await users.deploy("guarded");
    const name = { namespace: "default", name: "guarded" };
    const foreign = {
      finalizers: ["example.org/other"],
      ownerReferences: [{ apiVersion: "v1", kind: "Pod", name: "a", uid: "b" }],
    };
    await cluster.administrator.api(deployments).merge(name, { metadata: { finalizers: foreign.finalizers } });
    const api = cluster.operator.api<Live<V1Deployment>>(deployments);
    const tried = async (patch: Patch) => {
      const answer = await api.merge(name, patch);
      return answer.ok ? "allowed" : answer.error.message.replace(/^.*denied request: /, "");
    };
    const image = { template: { spec: { containers: [{ name: "web", image: "registry.example.org/miner:1" }] } } };
    const spec = "The operator may not change the spec of a Deployment.";
    await eventually("the admission policy counts", async () => (await tried({ spec: { replicas: 3 } })) === spec);
    expect(await tried({ spec: image })).toBe(spec);
    const labels = "The operator may not change labels or owners of a Deployment.";
    expect(await tried({ metadata: { labels: { app: "other" } } })).toBe(labels);
    expect(await tried({ metadata: { ownerReferences: foreign.ownerReferences } })).toBe(labels);
    const only = "Of a Deployment's annotations the operator may only write cloudflare.ingress.state.";
    expect(await tried({ metadata: { annotations: { [annotations.hostname]: "evil.example.org" } } })).toBe(only);
    expect(await tried({ metadata: { annotations: { [annotations.policy]: null } } })).toBe(only);
    expect(await tried({ metadata: { annotations: { "example.org/other": "1" } } })).toBe(only);
    const its = "Of a Deployment's finalizers the operator may only set and remove its own.";
    expect(await tried({ metadata: { finalizers: [FINALIZER] } })).toBe(its);
    expect(await tried({ metadata: { finalizers: [...foreign.finalizers, "example.org/more"] } })).toBe(its);
    for (const finalizers of [[...foreign.finalizers, FINALIZER], foreign.finalizers])
      expect(await tried({ metadata: { finalizers, annotations: { [annotations.state]: "{}" } } })).toBe("allowed");
    expect(await tried({ metadata: { annotations: { [annotations.state]: null } } })).toBe("allowed");
  },
);
