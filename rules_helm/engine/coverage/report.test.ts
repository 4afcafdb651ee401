import assert from "node:assert/strict";
import { test } from "node:test";
import { measureCoverage } from "./measure.ts";
import { nearestKey, reportCoverage } from "./report.ts";
import { keyOf, leavesOf, mergeValues, readValues } from "./values.ts";

const chart = readValues(
  "charts/api/values.yaml",
  `# All values.
image:
  repository: x
  tag: ""
hosts: [a, b, c]
resources: {}
"app.kubernetes.io/part-of": home
`,
);
const overlay = readValues(
  "charts/api/overlays/production.yaml",
  `image:
  tag: "1.2"
  pullPolcy: Always
hosts:
  - z
resources:
  limits: &limits { cpu: 1 }
  requests: *limits
`,
);
const values = mergeValues(chart.values, overlay.values);

async function report(picked: (v: any) => unknown, allowed = {}): Promise<readonly string[]> {
  const coverage = await measureCoverage(values, async (v) => ({ ok: true, text: JSON.stringify(picked(v)) }));
  return reportCoverage([chart, overlay], coverage, allowed);
}

test("an unread value is named with file, line, key and the key that was meant", async () => {
  const read = (v: any): unknown => [v.image.repository, v.image.tag, v.image.pullPolicy, v.hosts, v.resources];
  assert.deepEqual(await report(read), [
    "charts/api/values.yaml:7: app\\.kubernetes\\.io/part-of: no template reads this value",
    "charts/api/overlays/production.yaml:3: image.pullPolcy: no template reads this value",
  ]);
});

test("an unread value in both files is named in both", async () => {
  const lines = await report((v) => [v.image.repository, v.image.pullPolcy, v.hosts, v["app.kubernetes.io/part-of"]]);
  assert.deepEqual(lines, [
    "charts/api/values.yaml:4: image.tag: no template reads this value",
    "charts/api/values.yaml:6: resources: no template reads this value",
    "charts/api/overlays/production.yaml:2: image.tag: no template reads this value",
    "charts/api/overlays/production.yaml:7: resources.limits.cpu: no template reads this value",
    "charts/api/overlays/production.yaml:8: resources.requests.cpu: no template reads this value",
  ]);
});

test("an allowance covers what is below it, and one that is not needed is an error", async () => {
  const read = (v: any): unknown => [v.image, v.hosts, v["app.kubernetes.io/part-of"]];
  assert.deepEqual(await report(read, { resources: "read by the operator", hosts: "why not" }), [
    "unread: hosts: this value is read, or there is none of this name; remove the allowance",
  ]);
});

test("a typo is answered with the key that is near, and nothing is guessed from afar", () => {
  assert.equal(nearestKey("replicaz", ["image.tag", "replicas"]), "replicas");
  assert.equal(nearestKey("image.pullpolicy", ["image.pullPolicy"]), "image.pullPolicy");
  assert.equal(nearestKey("colour", ["image.tag", "replicas"]), undefined);
});

test("maps are merged, lists and scalars replaced, nulls kept as values", () => {
  const merged = mergeValues({ a: { b: 1, c: 2 }, d: [1, 2] }, { a: { b: null }, d: [3] });
  assert.deepEqual(merged, { a: { b: null, c: 2 }, d: [3] });
  assert.deepEqual(
    leavesOf(merged).map(({ key }) => key),
    ["a.b", "a.c", "d[0]"],
  );
});

test("keys are spelled as helm's --set takes them", () => {
  assert.equal(keyOf(["hosts", 0, "a.b"]), "hosts[0].a\\.b");
});

test("what is no mapping of values is refused with its line", () => {
  assert.throws(() => readValues("v.yaml", "a: 1\na: 2\n"), /^Error: v\.yaml:2: Map keys must be unique/);
  assert.throws(() => readValues("v.yaml", "- a\n"), /v\.yaml:1: expected a mapping of values/);
  assert.deepEqual(readValues("v.yaml", "# nothing\n").values, {});
});
