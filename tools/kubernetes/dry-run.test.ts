import { afterAll, beforeAll, expect, test } from "vitest";
import { type Kubernetes, startKubernetes } from "#lib/testing/kubernetes.ts";
import { temporaryFolder } from "#lib/testing/process.ts";
import { writeFile } from "node:fs/promises";
import path from "node:path";
import { dryRun } from "./dry-run.ts";
import { checkManifests } from "./engine.ts";
import { bundledCrds, changed, GOOD, tools, validated } from "./fixture.ts";
import { findingText } from "./report.ts";

let plane: Kubernetes;
beforeAll(async () => {
  plane = await startKubernetes();
});
afterAll(() => plane?.close());

async function tried(text: string): Promise<string> {
  const folder = await temporaryFolder();
  try {
    const file = path.join(folder.path, "x.yaml");
    await writeFile(file, text);
    const report = await checkManifests(tools(), { manifests: [file], crds: [bundledCrds()], checks: false });
    const findings = [...report.findings, ...(await dryRun(plane, report.resources, report.crds))];
    return findings.map(findingText).join("").replaceAll(`${folder.path}/`, "");
  } finally {
    await folder.remove();
  }
}

const POD = `{ metadata: { labels: { a: b } }, spec: { restartPolicy: RESTART, containers: [{ name: c, image: example.org/c:1, securityContext: { privileged: true } }] } }`;
const template = (restart: string) => POD.replace("RESTART", restart);
const selector = "selector: { matchLabels: { a: b } }";

const WORKLOADS: [string, string, string][] = [
  ["apps/v1", "Deployment", `spec: { ${selector}, template: ${template("Always")} }`],
  ["apps/v1", "StatefulSet", `spec: { serviceName: s, ${selector}, template: ${template("Always")} }`],
  ["apps/v1", "DaemonSet", `spec: { ${selector}, template: ${template("Always")} }`],
  ["apps/v1", "ReplicaSet", `spec: { ${selector}, template: ${template("Always")} }`],
  ["v1", "ReplicationController", `spec: { selector: { a: b }, template: ${template("Always")} }`],
  ["v1", "PodTemplate", `template: ${template("Always")}`],
  ["batch/v1", "Job", `spec: { template: ${template("Never")} }`],
  ["batch/v1", "CronJob", `spec: { schedule: "@daily", jobTemplate: { spec: { template: ${template("Never")} } } }`],
];

test("what is right is taken without a word", async () => {
  expect(await tried(GOOD)).toBe("");
});

test.each(WORKLOADS)("a privileged container is found in %s %s", async (apiVersion, kind, rest) => {
  const text = await tried(`apiVersion: ${apiVersion}\nkind: ${kind}\nmetadata: { name: x }\n${rest}\n`);
  expect(text).toContain(
    `${kind} x, [pod-security]\n  is        violate PodSecurity "restricted:latest": privileged (container "c"`,
  );
});

test("a pod that runs as root is refused", async () => {
  const text = await tried(
    "apiVersion: v1\nkind: Pod\nmetadata: { name: x }\nspec: { containers: [{ name: c, image: c:1, securityContext: { runAsUser: 0 } }] }\n",
  );
  expect(text).toMatch(
    /x\.yaml:4: Pod x, \[pod-security\]\n {2}is {8}violates PodSecurity "restricted:latest".*runAsUser=0/,
  );
});

test("every field that the server does not know is a finding of its own, with its line", async () => {
  const text = await tried(
    changed(
      changed(GOOD, "  name: web\n  namespace", "  nam: web\n  name: web\n  namespace"),
      "ports: [{ name: http",
      "ports: [{ nam: x, name: http",
    ),
  );
  expect(text).toContain("x.yaml:4: Deployment web, [server]\n  is        metadata.nam: field not declared in schema");
  expect(text).toContain("x.yaml:21: Deployment web, [server]\n  is        spec.template.spec.containers[");
});

test("what only the server knows is found: a selector that does not fit its template", async () => {
  expect(
    await tried(
      changed(
        GOOD,
        "  selector: { matchLabels: { app: web } }\n  template",
        "  selector: { matchLabels: { app: other } }\n  template",
      ),
    ),
  ).toContain("x.yaml:10: Deployment web, [server]\n  is        spec.template.metadata.labels: Invalid value");
});

test("a deprecated version is a finding though the server takes it", async () => {
  expect(await tried("apiVersion: v1\nkind: Endpoints\nmetadata: { name: x }\n")).toContain(
    "[warning]\n  is        the server takes it and warns: v1 Endpoints is deprecated in v1.33+; use discovery.k8s.io/v1 EndpointSlice",
  );
});

test("a variable that is set twice is found", async () => {
  const env = "          env: [{ name: A, value: b }, { name: A, value: c }]\n          resources:";
  expect(await tried(changed(GOOD, "          resources:", env))).toContain(
    'containers[name="web"].env: duplicate entries for key [name="A"]',
  );
});

test("a version that was removed names the ones that are served", async () => {
  const text = await tried(changed(GOOD, "apiVersion: policy/v1", "apiVersion: policy/v1beta1"));
  expect(text).toContain("x.yaml:31: PodDisruptionBudget web, [server]");
  expect(text).toContain("write apiVersion: policy/v1");
});

test("an Application with an unknown field is refused by the definition of this repository", async () => {
  const text = await tried(`apiVersion: argoproj.io/v1alpha1
kind: Application
metadata: { name: web }
spec:
  project: default
  destination: { name: home, namespace: shop }
  source: { repoURL: r, targetRevision: main, path: p, directory: { recursive: true } }
`);
  expect(text).toContain(
    "x.yaml:7: Application web, [server]\n  is        spec.source.directory.recursive: field not declared in schema",
  );
});

test("a definition among the manifests is applied for real, so that its resources can be tried", async () => {
  const schema = "{ openAPIV3Schema: { type: object, properties: { size: { type: integer } } } }";
  const text = await tried(`apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: { name: gears.example.org }
spec:
  group: example.org
  scope: Cluster
  names: { kind: Gear, plural: gears, singular: gear }
  versions: [{ name: v1, served: true, storage: true, schema: ${schema} }]
---
apiVersion: example.org/v1
kind: Gear
metadata: { name: one }
sise: 1
`);
  expect(text).toContain("x.yaml:10: Gear one, [server]\n  is        sise: field not declared in schema");
  expect(text.match(/\[server\]/g)).toHaveLength(1);
});

test("a name that the server makes is no reason to refuse", async () => {
  expect(await tried("apiVersion: v1\nkind: ConfigMap\nmetadata: { generateName: x- }\ndata: { a: b }\n")).toBe("");
});

test("items of a List are tried one by one", async () => {
  const text = await tried(
    "apiVersion: v1\nkind: List\nitems:\n  - { apiVersion: v1, kind: ConfigMap, metadata: { name: a } }\n  - { apiVersion: v1, kind: ConfigMap, metadata: { name: A } }\n",
  );
  expect(text).toMatch(/x\.yaml:5: ConfigMap A, \[server\]\n {2}is {8}metadata\.name: Invalid value/);
});

test("nothing of a dry run stays", async () => {
  await tried(GOOD);
  expect((await plane.request("GET", "/apis/apps/v1/namespaces/shop/deployments/web")).status).toBe(404);
});

test("what the schema says of a line is not said again by the server", async () => {
  const text = await validated({ "x.yaml": changed(GOOD, "  replicas: 2", "  replica: 2") }, { server: true });
  expect(text.match(/replica'|\.replica/g)).toHaveLength(1);
});
