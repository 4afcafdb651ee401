import assert from "node:assert/strict";
import { test } from "node:test";
import { phrases, phrasesOn, resource } from "../testing.ts";
import type { Json, JsonObject } from "../tree.ts";

const service = (spec: JsonObject) => resource("v1", "Service", "api", { spec });
const removed = (object: JsonObject) => phrasesOn({ "p/a/x.yaml": object }, {});
const added = (object: JsonObject) => phrasesOn({}, { "p/a/x.yaml": object });

test("Service: ports, type, selector and the address that cannot change", () => {
  const ports = (...ports: JsonObject[]) => service({ ports });
  assert.deepEqual(phrases(ports({ port: 80 }), ports({ port: 80, protocol: "TCP" })), []);
  assert.deepEqual(phrases(ports({ name: "http", port: 80 }), ports({ name: "http", port: 80, targetPort: 8080 })), [
    "port http 80 → http 80 to 8080",
  ]);
  assert.deepEqual(phrases(service({}), service({ type: "LoadBalancer" })), ["! type ClusterIP → LoadBalancer"]);
  assert.deepEqual(phrases(service({ type: "NodePort" }), service({ type: "ClusterIP" })), [
    "type NodePort → ClusterIP",
  ]);
  assert.deepEqual(phrases(service({ clusterIP: "None" }), service({})), ["! clusterIP None removed"]);
  assert.deepEqual(phrases(service({ selector: { app: "a" } }), service({ selector: { app: "b" } })), [
    "selects pods with app=a → app=b",
  ]);
});

test("Ingress: what is served where, however the rules are cut", () => {
  const path = (path: string, name: string) => ({ path, backend: { service: { name, port: { number: 80 } } } });
  const ingress = (...rules: { host: string; http: { paths: JsonObject[] } }[]) =>
    resource("networking.k8s.io/v1", "Ingress", "i", { spec: { rules } });
  const together = ingress({ host: "a.test", http: { paths: [path("/", "x"), path("/api", "y")] } });
  assert.deepEqual(
    phrases(
      together,
      ingress(
        { host: "a.test", http: { paths: [path("/", "z")] } },
        { host: "b.test", http: { paths: [path("/", "x")] } },
      ),
    ),
    ["a.test/ goes to x:80 → z:80", "! now serves b.test/ from x:80", "no longer serves a.test/api"],
  );
  assert.deepEqual(added(together), ["! serves a.test/ from x:80", "! serves a.test/api from y:80"]);
});

test("HTTPRoute: hosts, places and backends", () => {
  const route = (hostnames: string[], name: string, weight = 1) =>
    resource("gateway.networking.k8s.io/v1", "HTTPRoute", "r", {
      spec: {
        hostnames,
        rules: [{ matches: [{ path: { value: "/api" } }], backendRefs: [{ name, port: 80, weight }] }],
      },
    });
  assert.deepEqual(phrases(route(["a.test"], "x"), route(["a.test", "b.test"], "y")), [
    "! host b.test added",
    "/api goes to x:80 → y:80",
  ]);
  assert.deepEqual(phrases(route(["a.test"], "x"), route(["a.test"], "x", 5)), [
    "a.test/api goes to x:80 → x:80 (weight 5)",
  ]);
});

test("Role: compared by what it allows", () => {
  const role = (...rules: JsonObject[]) => resource("rbac.authorization.k8s.io/v1", "Role", "r", { rules });
  const rule = (resources: string[], verbs: string[], more: JsonObject = {}) => ({
    apiGroups: [""],
    resources,
    verbs,
    ...more,
  });
  const one = role(rule(["pods", "services"], ["get", "list"]));
  const cut = role(rule(["pods"], ["list", "get"]), rule(["services"], ["get", "list"]));
  assert.deepEqual(phrases(one, cut), ["rules are written in another way, with no effect on what is allowed"]);
  assert.deepEqual(phrases(one, role(rule(["pods", "secrets"], ["get"]))), [
    "! now allows get on secrets",
    "no longer allows list on pods",
    "no longer allows get and list on services",
  ]);
  const named = role(rule(["pods"], ["get"], { resourceNames: ["a"] }));
  assert.deepEqual(phrases(named, role(rule(["pods"], ["get"]))), ["! now allows get on pods"]);
  assert.deepEqual(phrases(role(rule(["pods"], ["*"])), role(rule(["pods"], ["get"]))), [
    "no longer allows everything on pods",
  ]);
  assert.deepEqual(added(role({ apiGroups: ["*"], resources: ["*"], verbs: ["*"] })), [
    "! allows everything on every resource of every group",
  ]);
});

test("RoleBinding: who gets a role, and that the role is fixed", () => {
  const binding = (role: string, ...names: string[]) =>
    resource("rbac.authorization.k8s.io/v1", "RoleBinding", "b", {
      roleRef: { kind: "Role", name: role },
      subjects: names.map((name) => ({ kind: "ServiceAccount", name, namespace: "trips" })),
    });
  assert.deepEqual(phrases(binding("r", "a"), binding("r", "b")), [
    "! now gives Role r to ServiceAccount b (namespace trips)",
    "takes Role r from ServiceAccount a (namespace trips)",
  ]);
  assert.deepEqual(phrases(binding("r", "a"), binding("s", "a")), ["! role Role r → Role s"]);
});

test("ConfigMap: values, files, and one that is fixed", () => {
  const map = (data: JsonObject, more: JsonObject = {}) => resource("v1", "ConfigMap", "c", { data, ...more });
  assert.deepEqual(phrases(map({ a: "1", b: "x" }), map({ a: "2", c: "y" })), ["a 1 → 2", "b removed", "c added: y"]);
  assert.deepEqual(phrases(map({ f: "a\nb\n" }), map({ f: "a\nc\n" })), ["f: 1 line added, 1 removed"]);
  assert.deepEqual(phrases(map({ a: "1" }, { immutable: true }), map({ a: "2" }, { immutable: true })), ["! a 1 → 2"]);
  assert.deepEqual(phrases(map({ sizeLimit: "1000m" }), map({ sizeLimit: "1" })), ["sizeLimit 1000m → 1"]);
});

test("Secret: keys only, and text is the same as base64", () => {
  const secret = (rest: JsonObject) => resource("v1", "Secret", "s", rest);
  assert.deepEqual(phrases(secret({ data: { a: "aGk=" } }), secret({ stringData: { a: "hi" } })), []);
  const said = phrases(
    secret({ data: { a: "aGk=", b: "eA==" } }),
    secret({ stringData: { a: "hunter2", c: "hunter2" } }),
  );
  assert.deepEqual(said, ["key a changed", "key b removed", "key c added"]);
  assert.deepEqual(added(secret({ stringData: { password: "hunter2" } })), ["key password"]);
  const annotated = (value: string) =>
    resource("v1", "Secret", "s", { metadata: { name: "s", annotations: { last: value } } });
  assert.deepEqual(phrases(annotated("hunter1"), annotated("hunter2")), ["annotation last changed"]);
});

test("a budget that goes or opens is a danger", () => {
  const budget = (spec: JsonObject) => resource("policy/v1", "PodDisruptionBudget", "b", { spec });
  assert.deepEqual(phrases(budget({ minAvailable: 1 }), budget({ minAvailable: 0 })), ["! minAvailable 1 → 0"]);
  assert.deepEqual(phrases(budget({ minAvailable: 1 }), budget({ maxUnavailable: 1 })), [
    "minAvailable 1 removed",
    "maxUnavailable 1 added",
  ]);
  const rest = { "p/a/s.yaml": service({}) };
  assert.deepEqual(phrasesOn({ ...rest, "p/a/b.yaml": budget({}) }, rest), ["! PodDisruptionBudget b removed"]);
});

test("an autoscaler tells its bounds and its target", () => {
  const scaler = (minReplicas: number, averageUtilization: number) =>
    resource("autoscaling/v2", "HorizontalPodAutoscaler", "h", {
      spec: {
        minReplicas,
        maxReplicas: 5,
        metrics: [{ type: "Resource", resource: { name: "cpu", target: { type: "Utilization", averageUtilization } } }],
      },
    });
  assert.deepEqual(phrases(scaler(1, 70), scaler(2, 80)), ["at least 1 → 2 replicas", "target of cpu 70 → 80 %"]);
  assert.deepEqual(phrases(scaler(1, 70), scaler(0, 70)), ["! at least 1 → 0 replicas"]);
});

test("storage can grow, and nothing else of a claim can change", () => {
  const claim = (storage: string, mode = "ReadWriteOnce") =>
    resource("v1", "PersistentVolumeClaim", "c", {
      spec: { accessModes: [mode], resources: { requests: { storage } } },
    });
  assert.deepEqual(phrases(claim("1Gi"), claim("2Gi")), ["storage 1Gi → 2Gi"]);
  assert.deepEqual(phrases(claim("2Gi"), claim("1Gi")), ["! storage 2Gi → 1Gi"]);
  assert.match(phrases(claim("1Gi"), claim("1Gi", "ReadWriteMany"))[0]!, /^! accessModes/);
});

test("what takes data or other resources with it when it goes is a danger", () => {
  const kinds = [
    ["v1", "PersistentVolumeClaim"],
    ["v1", "Namespace"],
    ["apps/v1", "StatefulSet"],
    ["apiextensions.k8s.io/v1", "CustomResourceDefinition"],
    ["argoproj.io/v1alpha1", "Application"],
  ] as const;
  for (const [apiVersion, kind] of kinds)
    assert.deepEqual(removed(resource(apiVersion, kind, "x")), [`! ${kind} x removed`]);
  assert.deepEqual(removed(service({})), ["Service api removed"]);
});

test("Application: sources, destination and what is done by itself", () => {
  const app = (targetRevision: string, namespace: string, prune?: boolean) =>
    resource("argoproj.io/v1alpha1", "Application", "a", {
      spec: {
        source: { targetRevision },
        destination: { namespace },
        syncPolicy: { automated: { ...(prune === undefined ? {} : { prune }) } },
      },
    });
  assert.deepEqual(phrases(app("main", "a"), app("v1", "b", true)), [
    "revision main → v1",
    "! destination namespace a → b",
    "! now deletes what is no longer in git",
  ]);
});

test("CustomResourceDefinition: versions and fields", () => {
  const definition = (...versions: JsonObject[]) =>
    resource("apiextensions.k8s.io/v1", "CustomResourceDefinition", "d", { spec: { versions } });
  const version = (name: string, properties: JsonObject, required: Json[] = []) => ({
    name,
    served: true,
    schema: { openAPIV3Schema: { properties: { spec: { properties, required } } } },
  });
  const text = { type: "string" };
  assert.deepEqual(
    phrases(
      definition(version("v1", { a: text, b: text })),
      definition(version("v1", { a: { type: "integer" }, c: text }, ["c"])),
    ),
    [
      "field v1 spec.c added (string)",
      "! field v1 spec.b removed",
      "! field v1 spec.c now required",
      "field v1 spec.a: type string → integer",
    ],
  );
  assert.deepEqual(phrases(definition(version("v1", {}), version("v2", {})), definition(version("v2", {}))), [
    "! version v1 removed",
  ]);
});

test("a weaker Pod Security Standard is a danger", () => {
  const space = (level: string) =>
    resource("v1", "Namespace", "n", {
      metadata: { name: "n", labels: { "pod-security.kubernetes.io/enforce": level } },
    });
  assert.deepEqual(phrases(space("restricted"), space("baseline")), [
    "! enforced Pod Security Standard restricted → baseline",
  ]);
  assert.deepEqual(phrases(space("baseline"), space("restricted")), [
    "enforced Pod Security Standard baseline → restricted",
  ]);
});

test("a kind that nobody knows is told by path, lists by the names in them", () => {
  const thing = (spec: JsonObject) => resource("x.test/v1", "Thing", "t", { spec });
  const parts = (size: number) =>
    thing({
      parts: [
        { name: "a", size },
        { name: "b", size: 1 },
      ],
      list: [1, 2],
    });
  assert.deepEqual(phrases(parts(1), parts(2)), ["parts[a].size 1 → 2"]);
  assert.deepEqual(phrases(thing({ on: true }), thing({ on: false, list: [] })), ["on true → false", "list [] added"]);
});
