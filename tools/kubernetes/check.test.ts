import { expect, test } from "vitest";
import { changed, GOOD, validated } from "./fixture.ts";

const with_ = (from: string, to: string) => validated({ "web.yaml": changed(GOOD, from, to) });

const WIDGETS = `apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: { name: widgets.example.org }
spec:
  group: example.org
  scope: Namespaced
  names: { kind: Widget, plural: widgets, singular: widget }
  versions:
    - name: v1
      served: true
      storage: true
      schema:
        openAPIV3Schema:
          type: object
          required: [spec]
          properties:
            spec:
              type: object
              required: [size]
              properties: { size: { type: integer, minimum: 1 }, target: { x-kubernetes-int-or-string: true } }
`;
const WIDGET = `apiVersion: example.org/v1
kind: Widget
metadata: { name: one, labels: { a: b } }
spec: { size: 3, target: 80% }
`;

test("a workload with all that it needs has no findings", async () => {
  expect(await validated({ "web.yaml": GOOD })).toBe("1 file, 3 resources: no findings\n");
});

test("an unknown field is named with its line", async () => {
  expect(await with_("  replicas: 2", "  replicas: 2\n  replica: 2")).toContain(
    "web.yaml:8: Deployment web, [schema]\n  is        spec has a field that it does not know: 'replica'",
  );
});

test("a value of the wrong type is named with what was expected", async () => {
  expect(await with_("containerPort: 8080", 'containerPort: "8080"')).toContain(
    "web.yaml:20: Deployment web, [schema]\n  is        spec.template.spec.containers[0].ports[0].containerPort: got string, want integer",
  );
});

test("null stands for an absent field where Kubernetes takes it so", async () => {
  expect(
    await with_("metadata: { labels: { app: web } }", "metadata: { labels: { app: web }, annotations: null }"),
  ).toContain("no findings");
});

test("a kind without a schema says how to give one", async () => {
  const text = await validated({ "one.yaml": WIDGET });
  expect(text).toContain("one.yaml:1: Widget one, [schema]\n  is        no schema for Widget of example.org/v1");
  expect(text).toContain("give its CustomResourceDefinition to --crds");
  expect(text).toContain("1 file, 1 resource: 1 finding");
});

test("a CustomResourceDefinition beside the manifests or among them is the schema", async () => {
  expect(await validated({ "one.yaml": WIDGET }, { crds: { "widgets.yaml": WIDGETS } })).toContain("no findings");
  expect(await validated({ "one.yaml": WIDGET, "crds/widgets.yaml": WIDGETS })).toContain("2 resources: no findings");
});

test("a custom resource with an unknown field, a wrong value or without a required one is found", async () => {
  const widget = (spec: string) =>
    validated({ "one.yaml": changed(WIDGET, "{ size: 3, target: 80% }", spec), "widgets.yaml": WIDGETS });
  expect(await widget("{ size: 3, colour: red }")).toContain("spec has a field that it does not know: 'colour'");
  expect(await widget("{ size: 0 }")).toContain("spec.size: minimum: got 0, want 1");
  expect(await widget("{ size: null }")).toContain("spec.size: got null, want integer");
  expect(await widget("{ target: 1 }")).toContain(
    "one.yaml:4: Widget one, [schema]\n  is        spec: missing property 'size'",
  );
  expect(await widget("{ size: 1, target: true }")).toContain("spec.target: got boolean, want integer or string");
});

test("an Application of Argo CD is checked by the definition of this repository", async () => {
  const application = `apiVersion: argoproj.io/v1alpha1
kind: Application
metadata: { name: web, namespace: argocd }
spec:
  project: default
  destination: { server: https://kubernetes.default.svc, namespace: shop }
  source: { repoURL: "https://example.org/r.git", targetRevision: main, path: manifests/web, directory: { recurse: true } }
  syncPolicy: { automated: { prune: true, selfheal: true } }
`;
  expect(await validated({ "web.yaml": application })).toContain(
    "web.yaml:8: Application web, [schema]\n  is        spec.syncPolicy.automated has a field that it does not know: 'selfheal'",
  );
  expect(await validated({ "web.yaml": changed(application, "selfheal", "selfHeal") })).toContain("no findings");
});

test("a version that was removed names the ones that are served", async () => {
  const text = await with_("apiVersion: policy/v1", "apiVersion: policy/v1beta1");
  expect(text).toContain("PodDisruptionBudget in version policy/v1beta1, which this Kubernetes does not serve");
  expect(text).toContain("write apiVersion: policy/v1, and mind what changed between the two");
});

test("a key that is written twice is named with its line", async () => {
  expect(await with_("  replicas: 2", "  replicas: 2\n  replicas: 3")).toContain(
    "web.yaml:8: [yaml]\n  is        the key replicas is written twice in one mapping",
  );
});

test("a resource that stands in two files is found", async () => {
  expect(await validated({ "a.yaml": GOOD, "b.yaml": GOOD })).toContain("is        also written in a.yaml:1");
});

test.each([
  [
    "read-only-root",
    "readOnlyRootFilesystem: true",
    "readOnlyRootFilesystem: false",
    "readOnlyRootFilesystem is false",
  ],
  ["non-root-user", "runAsUser: 1000", "runAsUser: 0", "securityContext.runAsUser is 0"],
  ["non-root-user", "runAsNonRoot: true", "runAsNonRoot: false", "securityContext.runAsNonRoot is false"],
  ["resources", "limits: { memory: 64Mi }", "limits: {}", "resources has no limits.memory"],
  ["resources", "{ cpu: 10m, memory: 32Mi }", "{ memory: 32Mi }", "resources has no requests.cpu"],
  ["probes", "livenessProbe: { httpGet", "startupProbe: { httpGet", "no livenessProbe"],
  ["image", "web:1.4.0", "web:latest", "whose tag means another image each day"],
  ["image", "web:1.4.0", "web", "without a tag: it means latest"],
  ["image", "web:1.4.0", "web@sha256:12", "whose digest is not sha256 and 64 hex digits"],
  [
    "service-account-token",
    "automountServiceAccountToken: false",
    "{}",
    "the token of ServiceAccount default is mounted",
  ],
  [
    "disruption-budget",
    "maxUnavailable: 1\n  selector: { matchLabels: { app: web } }",
    "maxUnavailable: 1\n  selector: { matchLabels: { app: other } }",
    "2 replicas, and no PodDisruptionBudget selects them",
  ],
  [
    "network-policy",
    "podSelector: { matchLabels: { app: web } }",
    "podSelector: { matchLabels: { app: other } }",
    "limits ingress or egress",
  ],
  ["network-policy", "policyTypes: [Ingress, Egress]", "policyTypes: [Ingress]", "limits egress"],
  [
    "network-policy",
    "[{ from: [{ namespaceSelector: {} }], ports: [{ port: 8080 }] }]",
    "[{}]",
    "NetworkPolicy web allows all ingress",
  ],
])("%s: %s is found when it becomes %s", async (rule, from, to, message) => {
  const text = await with_(from, to === "{}" ? "enableServiceLinks: false" : to);
  expect(text).toContain(`[${rule}]`);
  expect(text).toContain(message);
  expect(text).toContain("1 file, 3 resources: 1 finding\n");
});

test("a volume of the node's is found", async () => {
  expect(
    await with_("      containers:", "      volumes: [{ name: host, hostPath: { path: /etc } }]\n      containers:"),
  ).toContain("web.yaml:17: Deployment web, [host-path]\n  is        volume host is the node's folder /etc");
});

test("an allowance is printed with its reason and takes the finding away", async () => {
  const text = await validated({
    "web.yaml": changed(
      changed(
        GOOD,
        "  namespace: shop\nspec",
        "  namespace: shop\n  annotations: { rules-helm/allow.probes.web: it has no port }\nspec",
      ),
      "livenessProbe: { httpGet",
      "startupProbe: { httpGet",
    ),
  });
  expect(text).toBe(
    "web.yaml:19: Deployment web, container web, [probes] allowed: it has no port\n1 file, 3 resources: no findings\n",
  );
});

test("an allowance that nothing needs is a finding", async () => {
  expect(
    await with_(
      "  namespace: shop\nspec",
      "  namespace: shop\n  annotations: { rules-helm/allow.probes: why not }\nspec",
    ),
  ).toContain(
    "web.yaml:6: Deployment web, [allowance]\n  is        annotation rules-helm/allow.probes allows what nobody found",
  );
});
