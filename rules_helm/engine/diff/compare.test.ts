import assert from "node:assert/strict";
import { test } from "node:test";
import { deployment, phrases, phrasesOn, reportOn, resource, textOn } from "./testing.ts";
import type { Json } from "./tree.ts";

const labelled = (kind: string, version: string) => ({
  apiVersion: "v1",
  kind,
  metadata: { name: "api", namespace: "trips", labels: { version } },
});

test("the same folders are no change", () => {
  const folder = { "p/a/x.yaml": deployment() };
  assert.equal(textOn(folder, folder), "Nothing changes in the cluster.\n");
});

test("formatting, comments, anchors, the order of keys, CRLF and empty documents are no change", () => {
  const was = "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: a\n  labels: {x: y, z: w}\ndata:\n  k: v\n  l: v\n";
  const is =
    '---\n# empty\n---\nkind: "ConfigMap"\napiVersion: v1\ndata: {k: &v v, l: *v}\nmetadata:\n  labels:\n    z: w\n    x: y\n  name: a\n';
  assert.deepEqual(reportOn({ "p/a/x.yaml": was }, { "p/a/x.yaml": is.replaceAll("\n", "\r\n") }).apps, []);
});

test("the same amount in another form is no change", () => {
  const limits = (cpu: Json, memory: Json) => deployment({ resources: { limits: { cpu, memory } } });
  assert.deepEqual(phrases(limits("1000m", "0.5Gi"), limits(1, "512Mi")), []);
});

test("a resource that moves to another file, or into a file with others, is no change", () => {
  const [a, b] = [resource("v1", "Service", "a"), resource("v1", "Service", "b")];
  assert.deepEqual(phrasesOn({ "p/x/a.yaml": a, "p/x/b.yaml": b }, { "p/x/all.yaml": [b, a] }), []);
});

test("items of a List are resources of their own", () => {
  const list = { apiVersion: "v1", kind: "List", items: [resource("v1", "Service", "a")] };
  assert.deepEqual(phrasesOn({ "p/x/a.yaml": resource("v1", "Service", "a") }, { "p/x/list.yaml": list }), []);
});

test("what reviewers ask for first is said in their words", () => {
  const was = deployment({ resources: { limits: { memory: "256Mi" } } });
  const container = {
    image: "registry.example.org/x/api:1.5.0",
    resources: { limits: { memory: "512Mi" } },
    env: [{ name: "LOG_LEVEL", value: "info" }],
  };
  const is = deployment(container, {}, { replicas: 3 });
  assert.equal(
    textOn({ "production/trips/x.yaml": was }, { "production/trips/x.yaml": is }),
    [
      "production · trips",
      "  Deployment api (restarts)",
      "    replicas 2 → 3",
      "    image registry.example.org/x/api 1.4.0 → 1.5.0",
      "    memory limit 256Mi → 512Mi",
      "    env LOG_LEVEL added: info",
      "",
      "1 resource changed in 1 application.",
      "",
    ].join("\n"),
  );
});

test("an application that comes and one that goes are each told as a whole", () => {
  const was = {
    "p/old/pdb.yaml": resource("policy/v1", "PodDisruptionBudget", "old"),
    "p/old/s.yaml": resource("v1", "Service", "old"),
  };
  const service = resource("v1", "Service", "api", { spec: { ports: [{ port: 80, targetPort: "http" }] } });
  assert.equal(
    textOn(was, { "p/new/d.yaml": deployment(), "p/new/s.yaml": service }),
    [
      "p · new (new)",
      "  Deployment api added: image registry.example.org/x/api:1.4.0, 2 replicas",
      "  Service api added: port 80 to http",
      "",
      "p · old (removed)",
      "  PodDisruptionBudget old removed",
      "  Service old removed",
      "",
      "2 resources added and 2 removed in 2 applications.",
      "",
    ].join("\n"),
  );
});

test("what three resources or more have in common is told once", () => {
  const all = (version: string) => ["Service", "ServiceAccount", "ConfigMap"].map((kind) => labelled(kind, version));
  assert.deepEqual(phrasesOn({ "p/a/x.yaml": all("1") }, { "p/a/x.yaml": all("2") }), ["3× label version 1 → 2"]);
});

test("a resource that moves to another application of its overlay is not deleted", () => {
  const set = resource("apps/v1", "StatefulSet", "nats");
  assert.deepEqual(phrasesOn({ "p/a/x.yaml": set }, { "p/b/x.yaml": set }), ["moved here from a"]);
});

test("the same resource in another overlay is another resource", () => {
  const claim = resource("v1", "PersistentVolumeClaim", "data", {
    spec: { resources: { requests: { storage: "1Gi" } } },
  });
  assert.deepEqual(phrasesOn({ "p/a/x.yaml": claim }, { "q/a/x.yaml": claim }), [
    "! PersistentVolumeClaim data removed",
    "storage 1Gi, no access mode",
  ]);
});

test("a ConfigMap with a hash in its name is renamed, not deleted", () => {
  const map = (name: string, level: string) => resource("v1", "ConfigMap", name, { data: { level } });
  const text = textOn(
    { "p/a/x.yaml": map("trips-5d2hg7kc9m", "info") },
    { "p/a/x.yaml": map("trips-8fb9t2km4d", "debug") },
  );
  assert.match(text, /^ {2}ConfigMap trips-8fb9t2km4d \(was trips-5d2hg7kc9m\): level info → debug$/m);
  assert.match(text, /^1 resource changed/m);
});

test("a ConfigMap whose name ends in a word is deleted when another comes", () => {
  const map = (name: string) => resource("v1", "ConfigMap", name);
  assert.match(
    textOn({ "p/a/x.yaml": map("trips-kubernetes") }, { "p/a/x.yaml": map("trips-seaweedfss") }),
    /1 resource added and 1 removed/,
  );
});

test("a namespace that was left to the Application is the same namespace", () => {
  const app = resource("argoproj.io/v1alpha1", "Application", "a", { spec: { destination: { namespace: "trips" } } });
  const implicit = { apiVersion: "v1", kind: "Service", metadata: { name: "api" } };
  const folder = (service: typeof implicit) => ({ "p/applications/a.yaml": app, "p/a/s.yaml": service });
  assert.deepEqual(phrasesOn(folder(implicit), folder(resource("v1", "Service", "api") as typeof implicit)), []);
});

test("a file that is no YAML is named with its line and side", () => {
  const broken = { "p/a/x.yaml": "apiVersion: v1\nkind: Service\nmetadata: {name: a\nspec: b: c\n" };
  assert.throws(
    () => reportOn(broken, {}),
    /^Unreadable: p\/a\/x.yaml:\d: cannot be read in the base \(main \(1a2b3c4\)\)/,
  );
  assert.throws(() => reportOn({}, broken), /cannot be read in the head \(the working tree\)[^]*choose another --head/);
});

test("a key that stands twice, and a document that is no resource, are refused", () => {
  assert.throws(
    () => reportOn({}, { "p/a/x.yaml": "apiVersion: v1\nkind: Service\nkind: Pod\n" }),
    /x.yaml:3: .*[^]*Map keys must be unique/,
  );
  assert.throws(() => reportOn({}, { "p/a/x.yaml": "# a\n- b\n" }), /x.yaml:2: .*[^]*a document that is no mapping/);
  assert.throws(() => reportOn({}, { "p/a/x.yaml": "apiVersion: v1\nkind: Service\n" }), /without metadata.name/);
});

test("a Secret that is no YAML is not quoted in the message", () => {
  const secret = "apiVersion: v1\nkind: Secret\nmetadata: {name: a}\nstringData:\n  password: 'hunter2\n";
  assert.throws(
    () => reportOn({}, { "p/a/x.yaml": secret }),
    ({ message }: Error) => !message.includes("hunter2") && message.includes("x.yaml"),
  );
});

test("text of any language is kept, and control characters do not reach a terminal", () => {
  const map = (text: string) => resource("v1", "ConfigMap", "a", { data: { schlüssel: text } });
  assert.match(
    textOn({ "p/a/x.yaml": map("früher 日本") }, { "p/a/x.yaml": map("später \u001b[31m🚢") }),
    /schlüssel früher 日本 → "später \\u001b\[31m🚢"/,
  );
});

test("what a file has of control characters and overrides of direction is shown as a code", () => {
  const map = (text: string) => resource("v1", "ConfigMap", "a", { data: { f: `x\n${text}\n` } });
  const text = textOn({ "p/a/x.yaml": map("a") }, { "p/a/x.yaml": map("\u001b[2J\u202e") });
  assert.match(text, /\+\\u001b\[2J\\u202e$/m);
});

test("a long value is cut in a phrase", () => {
  const thing = (text: string) => resource("x.test/v1", "Thing", "t", { spec: { text } });
  const [phrase = ""] = phrases(thing("a"), thing("b".repeat(99)));
  assert.equal(phrase, `text a → ${"b".repeat(99)}`);
  assert.match(
    phrases(deployment(), deployment({ env: [{ name: "A", value: "b".repeat(500) }] }))[0] ?? "",
    /^env A added: b{99}…$/,
  );
  const probe = { readinessProbe: { httpGet: { path: "x".repeat(200) } } };
  assert.equal(
    phrases(deployment(), deployment(probe))[0],
    `readiness probe added: {httpGet: {path: ${"x".repeat(82)}…`,
  );
});

test("a change deep in a large ConfigMap is shown by itself", () => {
  const rows = Array.from({ length: 30_000 }, (_, n) => `row ${n} of a table that is long enough`);
  const map = (rows: string[]) => resource("v1", "ConfigMap", "a", { data: { "table.txt": `${rows.join("\n")}\n` } });
  const text = textOn({ "p/a/x.yaml": map(rows) }, { "p/a/x.yaml": map(rows.with(20_000, "another row")) });
  assert.match(text, /table.txt: 1 line added, 1 removed\n {6}@@ line 19999 @@\n/);
  assert.match(text, /\n {6}\+another row\n/);
  assert.ok(text.length < 1000);
});

test("two files with nothing in common are rewritten, not listed", () => {
  const file = (word: string) => Array.from({ length: 5_000 }, (_, n) => `${word} ${n}`).join("\n");
  const map = (word: string) => resource("v1", "ConfigMap", "a", { data: { "table.txt": file(word) } });
  assert.deepEqual(phrases(map("a"), map("b")), ["table.txt rewritten (5,000 lines, now 5,000 lines)"]);
});

test("five thousand resources that all change are compared in seconds", (context) => {
  const all = (version: string) =>
    Object.fromEntries(Array.from({ length: 5_000 }, (_, n) => [`p/app-${n % 50}/d-${n}.yaml`, yaml(n, version)]));
  const yaml = (n: number, version: string) =>
    `apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: d-${n}\n  namespace: n\nspec:\n  template:\n    metadata:\n      labels:\n        app: d-${n}\n    spec:\n      containers:\n        - name: main\n          image: registry.test/d:${version}\n`;
  const [was, is] = [all("1"), all("2")];
  const start = performance.now();
  const report = reportOn(was, is);
  context.diagnostic(`${Math.round(performance.now() - start)} ms for 5,000 resources that change`);
  const again = performance.now();
  assert.equal(reportOn(was, { ...was }).apps.length, 0);
  context.diagnostic(`${Math.round(performance.now() - again)} ms for 5,000 that do not`);
  assert.equal(report.counts.changed, 5_000);
});
