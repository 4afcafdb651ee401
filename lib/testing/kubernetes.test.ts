import { AppsV1Api, CoreV1Api } from "@kubernetes/client-node";
import { afterAll, beforeAll, expect, test } from "vitest";
import { kubeConfig } from "./kubernetes-client.ts";
import { type Kubernetes, startKubernetes } from "./kubernetes.ts";
import { freePort, temporaryFolder } from "./process.ts";

let plane: Kubernetes;
beforeAll(async () => {
  plane = await startKubernetes();
});
afterAll(() => plane?.close());

const deployment = {
  metadata: { name: "web" },
  spec: {
    selector: { matchLabels: { app: "web" } },
    template: {
      metadata: { labels: { app: "web" } },
      spec: { containers: [{ name: "web", image: "example.org/web:1" }] },
    },
  },
};

test("the client library creates a deployment and reads it back", async () => {
  const apps = kubeConfig(plane).makeApiClient(AppsV1Api);
  await apps.createNamespacedDeployment({ namespace: "default", body: deployment });
  const read = await apps.readNamespacedDeployment({ namespace: "default", name: "web" });
  expect(read.spec?.replicas).toBe(1);
});

test("a pod is created without a controller that makes service accounts", async () => {
  const core = kubeConfig(plane).makeApiClient(CoreV1Api);
  const body = { metadata: { name: "one" }, spec: deployment.spec.template.spec };
  expect((await core.createNamespacedPod({ namespace: "default", body })).metadata?.name).toBe("one");
});

test("a namespace that enforces Pod Security refuses a pod that runs as root", async () => {
  const namespace = {
    apiVersion: "v1",
    kind: "Namespace",
    metadata: { name: "strict", labels: { "pod-security.kubernetes.io/enforce": "restricted" } },
  };
  await plane.request("POST", "/api/v1/namespaces", { type: "application/json", text: JSON.stringify(namespace) });
  const pod = { apiVersion: "v1", kind: "Pod", metadata: { name: "root" }, spec: deployment.spec.template.spec };
  const answer = await plane.request("POST", "/api/v1/namespaces/strict/pods", {
    type: "application/json",
    text: JSON.stringify(pod),
  });
  expect(answer.status).toBe(403);
  expect(answer.body).toContain('violates PodSecurity \\"restricted:latest\\"');
});

test("warnings of the server are given as text", async () => {
  const answer = await plane.request("GET", "/api/v1/componentstatuses");
  expect(answer.warnings).toEqual(["v1 ComponentStatus is deprecated in v1.19+"]);
});

test("an unknown token is refused", async () => {
  const core = kubeConfig({ ...plane, token: "wrong" }).makeApiClient(CoreV1Api);
  await expect(core.listNamespace()).rejects.toThrow("401");
});

test("closing ends both programs and a second close does nothing", async () => {
  const other = await startKubernetes();
  await other.close();
  await expect(other.request("GET", "/readyz")).rejects.toThrow("ECONNREFUSED");
  await other.close();
});

test("a control plane with a folder goes on where it was, at other ports too", { timeout: 60_000 }, async () => {
  const folder = await temporaryFolder();
  const ports = async () => ({ server: await freePort(), etcd: await freePort(), peer: await freePort() });
  const namespace = (name: string) => ({
    type: "application/json",
    text: JSON.stringify({ apiVersion: "v1", kind: "Namespace", metadata: { name } }),
  });
  const first = await startKubernetes({ folder: folder.path, ports: await ports() });
  await first.request("POST", "/api/v1/namespaces", namespace("kept"));
  await first.close();
  const second = await startKubernetes({ folder: folder.path, ports: await ports() });
  expect((await second.request("GET", "/api/v1/namespaces/kept")).status).toBe(200);
  expect(second.token).toBe(first.token);
  await second.close();
  await expect(second.broken).rejects.toThrow(/The control plane ended/);
  await folder.remove();
});

test("a server that cannot start says what it wrote, and leaves nothing running", async () => {
  const binary = process.env["KUBE_APISERVER_BIN"];
  process.env["KUBE_APISERVER_BIN"] = process.env["ETCD_BIN"]!;
  try {
    await expect(startKubernetes()).rejects.toThrow(/ended \(\d\) before it was ready[^]*etcd-servers/);
  } finally {
    process.env["KUBE_APISERVER_BIN"] = binary!;
  }
});
