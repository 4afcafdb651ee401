import { expect, test } from "vitest";
import { stringify } from "yaml";
import { containerOf } from "./pod.ts";
import { renderChart } from "./render.ts";

const chart = {
  apiVersion: "v2",
  name: "example",
  version: "0.1.0",
  appVersion: "1.2.3",
  dependencies: [{ name: "hardened", alias: "workload", version: "0.1.0", repository: "file://../hardened" }],
};
const spec = {
  kind: "Deployment",
  ports: { http: 8080, metrics: 9090 },
  expose: ["http"],
  probes: { readiness: { path: "/readyz", port: "http" }, liveness: { path: "/healthz", port: "http" } },
  shutdown: { preStopSeconds: 5, graceSeconds: 15 },
};
const workload = {
  image: { repository: "homelab/example" },
  resources: { requests: { cpu: "50m", memory: "64Mi" }, limits: { memory: "128Mi" } },
};

const render = (changes: { spec?: object; workload?: object; chart?: object } = {}) =>
  renderChart("charts/testing/testdata/example", {
    values: { workload: { ...workload, ...changes.workload } },
    files: {
      "Chart.yaml": stringify({ ...chart, ...changes.chart }),
      "templates/_spec.tpl": `{{- define "example.spec" -}}\n${stringify({ ...spec, ...changes.spec })}{{- end }}\n`,
    },
  });

test("a spec becomes a pod that Pod Security restricted takes, with a read-only root and its own account without a token", async () => {
  const resources = await render();
  expect([...resources.keys()].sort()).toEqual([
    "Deployment/example",
    "NetworkPolicy/example",
    "Service/example",
    "ServiceAccount/example",
  ]);
  expect(resources.get("Deployment/example")?.spec).toMatchObject({
    template: {
      spec: {
        automountServiceAccountToken: false,
        enableServiceLinks: false,
        securityContext: {
          runAsNonRoot: true,
          runAsUser: 1000,
          fsGroup: 1000,
          seccompProfile: { type: "RuntimeDefault" },
        },
        containers: [
          {
            securityContext: {
              allowPrivilegeEscalation: false,
              readOnlyRootFilesystem: true,
              capabilities: { drop: ["ALL"] },
            },
          },
        ],
        volumes: [{ name: "tmp", emptyDir: { sizeLimit: "64Mi" } }],
      },
    },
  });
});

test("a pod gets the sleep before SIGTERM and the time after it", async () => {
  expect((await render()).get("Deployment/example")?.spec).toMatchObject({
    template: {
      spec: {
        terminationGracePeriodSeconds: 20,
        containers: [{ lifecycle: { preStop: { sleep: { seconds: 5 } } } }],
      },
    },
  });
});

test("the image is named by its digest where there is one, by its tag else, by the chart's appVersion else", async () => {
  const imageOf = async (image: object) =>
    containerOf((await render({ workload: { image } })).get("Deployment/example")).image;
  const digest = `sha256:${"0a".repeat(32)}`;
  expect(await imageOf({ repository: "a/b", tag: "v1", digest })).toBe(`a/b@${digest}`);
  expect(await imageOf({ repository: "a/b", tag: "v1", registry: "mirror:5000" })).toBe("mirror:5000/a/b:v1");
  expect(await imageOf({ repository: "a/b" })).toBe("a/b:1.2.3");
});

test("nobody comes in and only DNS goes out until peers are declared; a rule without peers opens nothing", async () => {
  const closed = (await render({ spec: { egress: [{ to: [], ports: [443] }] } })).get("NetworkPolicy/example");
  expect(closed?.spec).toMatchObject({ policyTypes: ["Ingress", "Egress"], ingress: [] });
  expect(closed?.spec).toHaveProperty("egress.length", 1);

  const open = await render({
    workload: { clients: [{ namespace: "web", app: "shop" }], scrapers: [{ labels: { role: "scraper" } }] },
    spec: {
      metrics: "metrics",
      egress: [{ to: [{ cidr: "10.0.0.0/8" }], ports: [443, { port: 53, protocol: "UDP" }] }],
    },
  });
  expect(open.get("NetworkPolicy/example")?.spec).toMatchObject({
    ingress: [
      {
        from: [
          {
            podSelector: { matchLabels: { "app.kubernetes.io/name": "shop" } },
            namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": "web" } },
          },
        ],
        ports: [{ protocol: "TCP", port: 8080 }],
      },
      { from: [{ podSelector: { matchLabels: { role: "scraper" } } }], ports: [{ protocol: "TCP", port: 9090 }] },
    ],
    egress: [
      {},
      {
        to: [{ ipBlock: { cidr: "10.0.0.0/8" } }],
        ports: [
          { protocol: "TCP", port: 443 },
          { protocol: "UDP", port: 53 },
        ],
      },
    ],
  });
});

test("from two replicas on there are a PodDisruptionBudget and a spread over nodes", async () => {
  const two = await render({ workload: { replicas: 2 } });
  expect(two.get("PodDisruptionBudget/example")?.spec).toMatchObject({ maxUnavailable: 1 });
  expect(two.get("Deployment/example")?.spec).toHaveProperty("template.spec.topologySpreadConstraints.length", 1);
});

test("a secret stands before the text that holds it, whatever their names", async () => {
  const env = { A_URL: "x://$(Z_USER)@host", COUNT: 1048576, Z_USER: { secret: "s", key: "user" } };
  expect(containerOf((await render({ spec: { env } })).get("Deployment/example")).env).toEqual([
    { name: "Z_USER", valueFrom: { secretKeyRef: { name: "s", key: "user" } } },
    { name: "A_URL", value: "x://$(Z_USER)@host" },
    { name: "COUNT", value: "1048576" },
  ]);
});

test("a change of a configuration file rolls the pods, and files may hold any text", async () => {
  const config = (text: string) => ({ config: { mountPath: "/etc/example", files: { "a.conf": text } } });
  const hashOf = async (text: string) => {
    const resources = await render({ spec: config(text) });
    expect(resources.get("ConfigMap/example")?.data).toEqual({ "a.conf": text });
    return JSON.stringify(resources.get("Deployment/example")?.spec).match(/"checksum\/config":"(\w+)"/)?.[1];
  };
  expect(await hashOf("greeting: grüß dich\n\n  # end\n")).not.toBe(await hashOf("greeting: hello\n"));
});

test.each<[string, Parameters<typeof render>[0], RegExp]>([
  ["a field that does not exist", { spec: { replica: 2 } }, /the spec has "replica"; expected only kind, command/],
  ["another kind", { spec: { kind: "DaemonSet" } }, /kind is "DaemonSet"; expected Deployment or StatefulSet/],
  [
    "storage of a Deployment",
    { spec: { storage: { size: "1Gi" } } },
    /cannot have storage of its own; expected kind S/,
  ],
  ["no ports", { spec: { ports: {} } }, /the spec has no ports; expected a map such as/],
  ["an exposed port that is none", { spec: { expose: ["web"] } }, /"web" is exposed, but ports has only http, metrics/],
  [
    "no liveness probe",
    { spec: { probes: { readiness: spec.probes.readiness } } },
    /there is no liveness probe; expected/,
  ],
  ["no grace", { spec: { shutdown: {} } }, /shutdown.graceSeconds is missing; expected how long/],
  ["a rule for all ports", { spec: { egress: [{ to: [{ app: "x" }] }] } }, /has no ports, which would open all/],
  [
    "a peer that is a whole namespace",
    { workload: { clients: [{ namespace: "web" }] } },
    /lets in everybody or nobody/,
  ],
  ["an env without a source", { spec: { env: { A: { secrets: "x" } } } }, /env A is {"secrets":"x"}; expected a text/],
  [
    "no limit of memory",
    { workload: { resources: { requests: workload.resources.requests } } },
    /limits.memory is missing/,
  ],
  ["no repository", { workload: { image: {} } }, /workload.image.repository is empty; expected the name of an image/],
  ["the tag latest", { workload: { image: { repository: "a", tag: "latest" } } }, /at '\/image\/tag'/],
  ["an appVersion of latest", { chart: { appVersion: "latest" } }, /tag is "latest"; expected a version that stays/],
  ["a value that does not exist", { workload: { replica: 3 } }, /additional properties 'replica' not allowed/],
  [
    "the dependency without its alias",
    { chart: { dependencies: [{ ...chart.dependencies[0], alias: "other" }] } },
    /expected `alias: workload` for the dependency hardened/,
  ],
])("%s is refused, and the message says what was expected", async (_what, changes, message) => {
  await expect(render(changes)).rejects.toThrow(message);
});
