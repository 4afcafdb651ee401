import assert from "node:assert/strict";
import { test } from "node:test";
import { deployment, phrases, policy, resource } from "../testing.ts";
import { isObject, type Json, type JsonObject } from "../tree.ts";

/** One of each kind that has rules, with the fields that the rules are about. */
const examples: readonly JsonObject[] = [
  deployment(
    {
      args: ["--a=1", "b"],
      command: ["run"],
      env: [
        { name: "A", value: "1" },
        { name: "S", valueFrom: { secretKeyRef: { name: "n", key: "k", optional: true } } },
      ],
      envFrom: [{ configMapRef: { name: "c" }, prefix: "P_" }],
      imagePullPolicy: "Always",
      livenessProbe: { httpGet: { path: "/", port: "http" }, periodSeconds: 5 },
      ports: [{ name: "http", containerPort: 1, hostIP: "127.0.0.1" }],
      resources: { requests: { cpu: "1" }, limits: { memory: "1Gi" } },
      securityContext: {
        privileged: false,
        runAsUser: 1,
        capabilities: { drop: ["ALL"], add: ["CHOWN"] },
        seccompProfile: { type: "RuntimeDefault" },
      },
      volumeMounts: [{ name: "v", mountPath: "/v", subPath: "x", mountPropagation: "None" }],
    },
    {
      automountServiceAccountToken: false,
      dnsPolicy: "Default",
      hostNetwork: false,
      initContainers: [{ name: "i", image: "i:1" }],
      nodeSelector: { a: "b" },
      securityContext: { runAsNonRoot: true, fsGroup: 1 },
      serviceAccountName: "s",
      tolerations: [{ key: "k", operator: "Exists" }],
      volumes: [{ name: "v", configMap: { name: "c", defaultMode: 420, items: [{ key: "a", path: "b" }] } }],
    },
    { strategy: { type: "Recreate" } },
  ),
  resource("apps/v1", "StatefulSet", "s", {
    spec: {
      replicas: 2,
      serviceName: "s",
      volumeClaimTemplates: [
        { metadata: { name: "d" }, spec: { storageClassName: "x", resources: { requests: { storage: "1Gi" } } } },
      ],
    },
  }),
  resource("batch/v1", "CronJob", "c", { spec: { schedule: "* * * * *", suspend: true, concurrencyPolicy: "Forbid" } }),
  resource("v1", "Service", "s", {
    spec: {
      type: "NodePort",
      clusterIP: "None",
      selector: { a: "b" },
      ports: [{ name: "p", port: 1, targetPort: 2, appProtocol: "http" }],
    },
  }),
  resource("networking.k8s.io/v1", "Ingress", "i", {
    spec: {
      ingressClassName: "x",
      tls: [{ hosts: ["a.test"], secretName: "t" }],
      rules: [
        {
          host: "a.test",
          http: {
            paths: [{ path: "/a", pathType: "Exact", backend: { service: { name: "s", port: { name: "http" } } } }],
          },
        },
      ],
    },
  }),
  resource("gateway.networking.k8s.io/v1", "HTTPRoute", "r", {
    spec: {
      hostnames: ["a.test"],
      parentRefs: [{ name: "g" }],
      rules: [
        {
          matches: [{ method: "GET", path: { type: "Exact", value: "/" } }],
          filters: [{ type: "x" }],
          backendRefs: [{ name: "s", port: 1 }],
        },
      ],
    },
  }),
  resource("rbac.authorization.k8s.io/v1", "ClusterRole", "r", {
    rules: [{ apiGroups: ["apps"], resources: ["pods"], verbs: ["get"], resourceNames: ["n"] }],
  }),
  resource("rbac.authorization.k8s.io/v1", "RoleBinding", "b", {
    roleRef: { kind: "Role", name: "r" },
    subjects: [{ kind: "User", name: "u" }],
  }),
  resource("v1", "ConfigMap", "c", { data: { a: "b" }, binaryData: { b: "aGk=" }, immutable: true }),
  resource("v1", "Secret", "s", { type: "Opaque", data: { a: "aGk=" }, immutable: true }),
  resource("policy/v1", "PodDisruptionBudget", "p", {
    spec: { minAvailable: 1, selector: { matchLabels: { a: "b" } } },
  }),
  resource("autoscaling/v2", "HorizontalPodAutoscaler", "h", {
    spec: {
      minReplicas: 2,
      maxReplicas: 3,
      metrics: [
        { type: "Resource", resource: { name: "cpu", target: { type: "Utilization", averageUtilization: 1 } } },
      ],
    },
  }),
  resource("v1", "PersistentVolumeClaim", "c", {
    spec: { accessModes: ["ReadWriteOnce"], storageClassName: "s", resources: { requests: { storage: "1Gi" } } },
  }),
  resource("argoproj.io/v1alpha1", "Application", "a", {
    spec: {
      project: "p",
      sources: [
        { repoURL: "r", path: "p", targetRevision: "t" },
        { repoURL: "q", chart: "c" },
      ],
      destination: { server: "s", namespace: "n" },
      syncPolicy: { automated: { prune: true, selfHeal: true }, syncOptions: ["A=true"] },
    },
  }),
  resource("apiextensions.k8s.io/v1", "CustomResourceDefinition", "d", {
    spec: {
      group: "g",
      scope: "Namespaced",
      names: { kind: "D", plural: "ds", shortNames: ["d"] },
      versions: [
        {
          name: "v1",
          served: true,
          storage: true,
          schema: {
            openAPIV3Schema: {
              description: "x",
              properties: { a: { type: "array", items: { type: "string" } } },
              required: ["a"],
            },
          },
        },
      ],
    },
  }),
  policy({
    ingress: [{ from: [{ podSelector: { matchLabels: { a: "b" } } }], ports: [{ port: 1 }] }],
    egress: [{ to: [{ ipBlock: { cidr: "10.0.0.0/8", except: ["10.1.0.0/16"] } }] }],
  }),
];

/** The same object with one value changed or left out, for each value in it; identity is left alone. */
function* mutants(value: Json, path: string): Generator<{ readonly value: Json | undefined; readonly path: string }> {
  if (/^\.(apiVersion|kind|metadata\.name(space)?)$/.test(path)) return;
  if (path !== "") yield { value: undefined, path: `${path} left out` };
  if (Array.isArray(value)) {
    for (const [n, item] of value.entries()) {
      for (const mutant of mutants(item, `${path}[${n}]`))
        yield { ...mutant, value: mutant.value === undefined ? value.toSpliced(n, 1) : value.with(n, mutant.value) };
    }
  } else if (isObject(value)) {
    for (const [key, item] of Object.entries(value)) {
      for (const mutant of mutants(item, `${path}.${key}`)) {
        const { [key]: _, ...rest } = value;
        yield { ...mutant, value: mutant.value === undefined ? rest : { ...value, [key]: mutant.value } };
      }
    }
  } else {
    yield {
      value: typeof value === "boolean" ? !value : typeof value === "number" ? value + 7 : `${String(value)}x`,
      path,
    };
  }
}

/** Where what is left out is what Kubernetes takes by default, or is Kubernetes' own. */
const noChange = /suspend|hostNetwork left out|privileged left out|namespaces? left out|metadata left out/;

test("whatever changes in a resource, something is said", () => {
  let tried = 0;
  for (const example of examples) {
    for (const { value, path } of mutants(example, "")) {
      if (noChange.test(path)) continue;
      tried += 1;
      const said = phrases(example, value as JsonObject);
      assert.notDeepEqual(said, [], `${String(example["kind"])}${path}`);
      assert.doesNotMatch(said.join("\n"), /undefined|\[object|NaN/, `${String(example["kind"])}${path}`);
    }
  }
  assert.ok(tried > 250, `${tried} changes were tried`);
});
