import assert from "node:assert/strict";
import { test } from "node:test";
import { sameNamespace, selects } from "./selector.ts";

const labels = { app: "web", tier: "front" };
const by = (key: string, operator: string, ...values: string[]) =>
  selects({ matchExpressions: [{ key, operator, values }] }, labels);

test("an empty selector takes everything, an absent one nothing", () => {
  assert.equal(selects({}, {}), true);
  assert.equal(selects(undefined, labels), false);
});

test("all labels and all expressions have to hold", () => {
  assert.equal(selects({ matchLabels: { app: "web", tier: "front" } }, labels), true);
  assert.equal(selects({ matchLabels: { app: "web", tier: "back" } }, labels), false);
  const expression = { key: "tier", operator: "In", values: ["back"] };
  assert.equal(selects({ matchLabels: { app: "web" }, matchExpressions: [expression] }, labels), false);
});

test("expressions mean what Kubernetes says, also of a label that is not there", () => {
  assert.deepEqual(
    [by("app", "In", "api", "web"), by("app", "In", "api"), by("no", "In", "web")],
    [true, false, false],
  );
  assert.deepEqual(
    [by("app", "NotIn", "web"), by("app", "NotIn", "api"), by("no", "NotIn", "web")],
    [false, true, true],
  );
  assert.deepEqual([by("app", "Exists"), by("no", "Exists")], [true, false]);
  assert.deepEqual([by("app", "DoesNotExist"), by("no", "DoesNotExist")], [false, true]);
  assert.equal(by("app", "Like", "web"), false);
});

test("a resource without a namespace goes where the others go", () => {
  assert.equal(sameNamespace({ namespace: "a" }, { namespace: "" }), true);
  assert.equal(sameNamespace({ namespace: "a" }, { namespace: "b" }), false);
});
