import assert from "node:assert/strict";
import { test } from "node:test";
import { deployment, phrases, phrasesOn, resource } from "../testing.ts";
import type { JsonObject } from "../tree.ts";

test("the name of a container is said where there is more than one", () => {
  const two = (image: string) =>
    deployment(
      {},
      {
        containers: [
          { name: "api", image },
          { name: "proxy", image: "p:1" },
        ],
      },
    );
  assert.deepEqual(phrases(two("a:1"), two("a:2")), ["image a 1 → 2 of container api"]);
});

test("an image of another repository is shown whole, a digest in short", () => {
  assert.deepEqual(phrases(deployment({ image: "a/b:1" }), deployment({ image: "host:5000/a/b:1" })), [
    "image a/b:1 → host:5000/a/b:1",
  ]);
  const pinned = (digit: string) => deployment({ image: `a/b:1@sha256:${digit.repeat(64)}` });
  assert.deepEqual(phrases(pinned("1"), pinned("2")), ["image a/b sha256:111111111111 → sha256:222222222222"]);
});

test("containers come and go as a whole", () => {
  const container = (name: string) => ({ name, image: `${name}:1` });
  const pods = (...names: string[]) => deployment({}, { containers: names.map(container) });
  assert.deepEqual(phrases(pods("a", "b"), pods("c", "a")), ["container b removed", "container c added: image c:1"]);
});

test("the order of containers has no effect, that of init containers has", () => {
  const [a, b] = [
    { name: "a", image: "a:1" },
    { name: "b", image: "b:1" },
  ];
  assert.deepEqual(phrases(deployment({}, { containers: [a, b] }), deployment({}, { containers: [b, a] })), []);
  assert.deepEqual(phrases(deployment({}, { initContainers: [a, b] }), deployment({}, { initContainers: [b, a] })), [
    "order of template.spec.initContainers changed",
  ]);
});

test("the order of variables counts only where one refers to another", () => {
  const env = (...items: [string, string][]) => deployment({ env: items.map(([name, value]) => ({ name, value })) });
  assert.deepEqual(phrases(env(["A", "1"], ["B", "2"]), env(["B", "2"], ["A", "1"])), []);
  assert.equal(phrases(env(["A", "1"], ["B", "$(A)"]), env(["B", "$(A)"], ["A", "1"])).length, 1);
});

test("variables are told with where they come from, and values of secrets are not told", () => {
  const ref = (kind: string) => ({ name: "X", valueFrom: { [kind]: { name: "n", key: "k" } } });
  const env = (...items: JsonObject[]) => deployment({ env: items });
  assert.deepEqual(phrases(env({ name: "X", value: "1" }), env(ref("secretKeyRef"))), ["env X 1 → Secret n/k"]);
  assert.deepEqual(phrases(env(), env({ name: "DB_PASSWORD", value: "hunter2" })), [
    "env DB_PASSWORD added: (a value not shown)",
  ]);
  assert.deepEqual(phrases(env({ name: "API_TOKEN", value: "a" }), env({ name: "API_TOKEN", value: "b" })), [
    "env API_TOKEN changed",
  ]);
});

test("options are compared one by one", () => {
  const args = (...args: string[]) => deployment({ args });
  assert.deepEqual(phrases(args("--log=info", "--a"), args("--log=debug", "--b", "--a")), [
    "args --log=info → --log=debug",
    "args --b added",
  ]);
  assert.deepEqual(phrases(args("a", "b"), args("b", "a")), ["args [a, b] → [b, a]"]);
});

test("probes, ports, mounts and volumes have names of their own", () => {
  const probe = (path: string) => ({ readinessProbe: { httpGet: { path } } });
  assert.deepEqual(phrases(deployment(probe("/a")), deployment(probe("/b"))), ["readiness probe httpGet.path /a → /b"]);
  assert.deepEqual(phrases(deployment(probe("/a")), deployment()), ["readiness probe removed"]);
  assert.deepEqual(phrases(deployment(), deployment({ ports: [] })), ["port http 8083/TCP removed"]);
  assert.deepEqual(
    phrases(deployment(), deployment({ volumeMounts: [{ name: "d", mountPath: "/d", readOnly: true }] })),
    ["mount /d added: volume d read-only"],
  );
  const volume = (source: JsonObject) => deployment({}, { volumes: [{ name: "d", ...source }] });
  assert.deepEqual(phrases(volume({ emptyDir: {} }), volume({ persistentVolumeClaim: { claimName: "x" } })), [
    "volume d emptyDir → PersistentVolumeClaim x",
  ]);
});

test("no replicas are a danger, one is what there is without a number", () => {
  assert.deepEqual(phrases(deployment(), deployment({}, {}, { replicas: 0 })), ["! replicas 2 → 0"]);
  assert.deepEqual(
    phrases(
      resource("apps/v1", "Deployment", "a", { spec: {} }),
      resource("apps/v1", "Deployment", "a", { spec: { replicas: 1 } }),
    ),
    [],
  );
});

test("every way to more privilege is a danger, and the way back is none", () => {
  const context = (was: JsonObject, is: JsonObject) =>
    [deployment({ securityContext: was }), deployment({ securityContext: is })] as const;
  const pod = (spec: JsonObject) => [deployment(), deployment({}, spec)] as const;
  const ways: (readonly [JsonObject, JsonObject])[] = [
    context({}, { privileged: true }),
    context({ allowPrivilegeEscalation: false }, {}),
    context({ readOnlyRootFilesystem: true }, { readOnlyRootFilesystem: false }),
    context({ runAsNonRoot: true }, {}),
    context({ runAsUser: 1000 }, { runAsUser: 0 }),
    context({}, { capabilities: { add: ["NET_ADMIN"] } }),
    context({ capabilities: { drop: ["ALL"] } }, {}),
    context({ seccompProfile: { type: "RuntimeDefault" } }, { seccompProfile: { type: "Unconfined" } }),
    pod({ hostNetwork: true }),
    pod({ hostPID: true }),
    pod({ hostIPC: true }),
    pod({ volumes: [{ name: "v", hostPath: { path: "/" } }] }),
    [deployment({}, { automountServiceAccountToken: false }), deployment()],
    [deployment({ ports: [{ containerPort: 1 }] }), deployment({ ports: [{ containerPort: 1, hostPort: 1 }] })],
    [
      deployment(),
      deployment({}, { initContainers: [{ name: "i", image: "i", securityContext: { privileged: true } }] }),
    ],
  ];
  for (const [was, is] of ways) {
    const [there, back] = [phrases(was, is), phrases(is, was)];
    assert.match(there.join("\n"), /^! [^!]*$/, `${JSON.stringify(is)}: ${there.join("\n")}`);
    assert.doesNotMatch(back.join("\n"), /^!|^$/m, back.join("\n"));
  }
});

test("privilege in a workload that is new is a danger too", () => {
  const privileged = deployment({ securityContext: { privileged: true } }, { hostNetwork: true });
  assert.deepEqual(phrasesOn({}, { "p/a/x.yaml": privileged }), [
    "image registry.example.org/x/api:1.4.0",
    "2 replicas",
    "! privileged true added",
    "! hostNetwork true added",
  ]);
});

test("what Kubernetes does not let change is a danger", () => {
  const set = (size: string, serviceName: string) =>
    resource("apps/v1", "StatefulSet", "nats", {
      spec: {
        serviceName,
        volumeClaimTemplates: [{ metadata: { name: "data" }, spec: { resources: { requests: { storage: size } } } }],
      },
    });
  assert.deepEqual(phrases(set("1Gi", "a"), set("2Gi", "b")), [
    "! serviceName a → b",
    "! storage of each pod (data) 1Gi → 2Gi",
  ]);
  assert.match(
    phrases(deployment(), deployment({}, {}, { selector: { matchLabels: { app: "b" } } })).join(),
    /^! selector/,
  );
  const job = (image: string) =>
    resource("batch/v1", "Job", "j", { spec: { template: { spec: { containers: [{ name: "j", image }] } } } });
  assert.deepEqual(phrases(job("a:1"), job("a:2")), ["! image a 1 → 2"]);
});

test("a CronJob tells its schedule and its image", () => {
  const cron = (schedule: string, suspend: boolean, image: string) =>
    resource("batch/v1", "CronJob", "c", {
      spec: {
        schedule,
        suspend,
        jobTemplate: { spec: { template: { spec: { containers: [{ name: "c", image }] } } } },
      },
    });
  assert.deepEqual(phrases(cron("0 * * * *", false, "a:1"), cron("5 * * * *", true, "a:2")), [
    "schedule 0 * * * * → 5 * * * *",
    "suspended",
    "image a 1 → 2",
  ]);
});

test("a checksum is not worth its digits", () => {
  const pod = (sum: string) =>
    resource("v1", "Pod", "p", { metadata: { name: "p", annotations: { "checksum/config": sum } } });
  assert.deepEqual(phrases(pod("a"), pod("b")), ["pod annotation checksum/config changed"]);
});
