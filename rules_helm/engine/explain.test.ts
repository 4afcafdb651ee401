import assert from "node:assert/strict";
import { test } from "node:test";
import { layerOf, settled, whereSet } from "./layers.ts";
import { renderedLines } from "./rendered-lines.ts";

const layers = [
  settled("set", "image.tag"),
  layerOf("production.yaml", "replicas: several\nextra:\n  facts: on\n", []),
  layerOf("chart/values.yaml", "replicas: 1\nowner: {}\nimage:\n  tag: old\n", []),
  layerOf("chart/charts/extra/values.yaml", "facts: off\nmore: 1\n", ["extra"]),
];

test("a value is named with the strongest place that sets it, and its line", () => {
  assert.equal(
    whereSet(".Values.replicas", ["replicas"], layers),
    '.Values.replicas is "several", from production.yaml:1',
  );
  assert.equal(whereSet(".Values.image.tag", ["image", "tag"], layers), ".Values.image.tag is set by set");
});

test("a value that is set nowhere says which part is missing, and what is above it", () => {
  const said = whereSet(".Values.owner.mail.address", ["owner", "mail", "address"], layers);
  assert.match(said, /^\.Values\.owner\.mail is set by none of set, production\.yaml, chart\/values\.yaml/);
  assert.match(whereSet(".Values.none", ["none"], layers), /^\.Values\.none is set by none of/);
});

test("the values of a chart within the chart stand below its name", () => {
  assert.equal(whereSet(".Values.facts", ["extra", "facts"], layers), '.Values.facts is "on", from production.yaml:3');
  assert.equal(
    whereSet(".Values.more", ["extra", "more"], layers),
    ".Values.more is 1, from chart/charts/extra/values.yaml:2",
  );
});

test("the lines around a fault are those that the template rendered to", () => {
  const debug = "---\n# Source: c/templates/a.yaml\nkind: A\nname: a\n b: x\nc: y\n---\n# Source: other\n";
  assert.deepEqual(renderedLines("c/templates/a.yaml", 2, debug), [
    "c/templates/a.yaml, rendered line 1: kind: A",
    "c/templates/a.yaml, rendered line 2: name: a",
    "c/templates/a.yaml, rendered line 3:  b: x",
    "c/templates/a.yaml, rendered line 4: c: y",
  ]);
});
