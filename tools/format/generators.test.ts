import { expect, test } from "vitest";
import { checkout, copyGenerator } from "./checkout.ts";
import { report } from "./report.ts";

test("a generator runs before the formatters, which see what it wrote", async () => {
  const tree = checkout({ "in.json": '{"a":1}' });
  const { generated, changes } = await tree.run({ generators: [copyGenerator(tree)] });
  expect(generated).toEqual([{ name: "copy", kind: "ran", changed: ["out.json"] }]);
  expect(changes.map(({ path }) => path)).toEqual(["in.json", "out.json"]);
});

test("whoever let BUILD files be written is told to run it again, for what is generated from them", async () => {
  const tree = checkout({ "in.json": "{}\n" });
  const summary = await tree.run({});
  const after = (path: string) =>
    report({ ...summary, generated: [{ name: "gazelle", kind: "ran", changed: [path] }] }, false, 0).out.at(-1);
  expect(after("lib/geo/BUILD.bazel")).toMatch(/Run .*\/\/:format once more/);
  expect(after("manifests/geo.yaml")).not.toMatch(/once more/);
});

test("a generator is not started while its inputs and its program are the same", async () => {
  const tree = checkout({ "in.json": '{ "a": 1 }\n', "other.ts": "o;\n" });
  const first = [copyGenerator(tree)];
  await tree.run({ generators: first });
  tree.put("other.ts", "other;\n");
  tree.starts();
  expect((await tree.run({ generators: first })).generated).toEqual([{ name: "copy", kind: "remembered" }]);
  expect(tree.starts()).toEqual({});
  const rebuilt = [copyGenerator(tree, "2")];
  expect((await tree.run({ generators: rebuilt })).generated).toEqual([{ name: "copy", kind: "ran", changed: [] }]);
  tree.put("in.json", '{ "a": 2 }\n');
  expect((await tree.run({ generators: rebuilt })).generated).toEqual([
    { name: "copy", kind: "ran", changed: ["out.json"] },
  ]);
  expect(tree.get("out.json")).toBe('{ "a": 2 }\n');
});

test("--check runs the generator's own check: stale output fails, fresh output is remembered", async () => {
  const tree = checkout({ "in.json": '{ "a": 1 }\n', "out.json": "{}\n" });
  const generators = [copyGenerator(tree)];
  const stale = await tree.run({ generators, check: true });
  expect(stale.generated).toMatchObject([{ name: "copy", kind: "stale" }]);
  expect(report(stale, true, 0)).toMatchObject({ status: 1 });
  expect(tree.get("out.json")).toBe("{}\n");
  tree.put("out.json", '{ "a": 1 }\n');
  expect((await tree.run({ generators, check: true })).generated).toEqual([{ name: "copy", kind: "fresh" }]);
  expect((await tree.run({ generators, check: true })).generated).toEqual([{ name: "copy", kind: "remembered" }]);
});

test("a generator that fails is an error with all that it said, and files are still formatted", async () => {
  const tree = checkout({ "a.ts": "a\n" });
  const summary = await tree.run({ generators: [copyGenerator(tree)] });
  expect(summary.generated).toMatchObject([{ name: "copy", kind: "failed" }]);
  expect(summary.changes).toHaveLength(1);
  const { status, err } = report(summary, false, 0);
  expect(status).toBe(1);
  expect(err[0]).toMatch(/^failed {2}copy: .*in\.json/);
});

test("a generator that cannot be started is an error that names it", async () => {
  const tree = checkout({});
  const generators = [{ ...copyGenerator(tree), program: "/nowhere/generate" }];
  expect((await tree.run({ generators })).generated).toMatchObject([
    { kind: "failed", said: expect.stringContaining("/nowhere/generate") },
  ]);
});

test("paths on the command line leave the generators out", async () => {
  const tree = checkout({ "in.json": "{}\n" });
  expect((await tree.run({ generators: [copyGenerator(tree)], within: ["in.json"] })).generated).toEqual([]);
});
