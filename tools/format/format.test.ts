import { cpSync, utimesSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { checkout } from "./checkout.ts";
import { report } from "./report.ts";

const MIXED = {
  "a.ts": "const a  = 1\nexport { a }\n",
  "b.json": '{"b":1}',
  "docs/c.md": "*  one\n",
  "pkg/BUILD.bazel": 'filegroup(name="x",srcs=["b","a"])\n',
  "run.sh": "#!/bin/sh\nif true\nthen\necho a\nfi\n",
  launch: "#!/usr/bin/env bash\necho   b\n",
  "picture.png": "not text",
};

test("every kind of file is formatted by its tool", async () => {
  const tree = checkout(MIXED);
  const { changes, failures, files } = await tree.run();
  expect(failures).toEqual([]);
  expect(changes.map(({ path, tool }) => `${path} ${tool}`)).toEqual([
    "a.ts prettier",
    "b.json prettier",
    "docs/c.md prettier",
    "launch shfmt",
    "pkg/BUILD.bazel buildifier",
    "run.sh shfmt",
  ]);
  expect(files).toBe(6);
  expect(tree.get("a.ts")).toBe("const a = 1;\nexport { a };\n");
  expect(tree.get("run.sh")).toBe("#!/bin/sh\nif true; then\n\techo a\nfi\n");
  expect(tree.get("pkg/BUILD.bazel")).toContain('    name = "x",\n');
  expect(tree.get("picture.png")).toBe("not text");
});

test("an unchanged tree starts nothing", async () => {
  const tree = checkout(MIXED);
  await tree.run();
  tree.starts();
  const again = await tree.run();
  expect(again).toMatchObject({ started: 0, changes: [], failures: [], remembered: 8 });
  expect(tree.starts()).toEqual({});
});

test("a second clone starts nothing either, for it is the content that is remembered", async () => {
  const tree = checkout(MIXED);
  await tree.run();
  const other = join(tree.root, "../clone");
  cpSync(tree.root, other, { recursive: true });
  expect(await tree.run({ root: other })).toMatchObject({ started: 0, remembered: 8 });
});

test("a touched file is hashed and found unchanged", async () => {
  const tree = checkout({ "a.ts": "a;\n" });
  await tree.run();
  utimesSync(join(tree.root, "a.ts"), 1, 1);
  expect((await tree.run()).started).toBe(0);
});

test("a changed file is seen by its own tool alone", async () => {
  const tree = checkout(MIXED);
  await tree.run();
  tree.starts();
  tree.put("pkg/BUILD.bazel", 'filegroup(name="y")\n');
  const again = await tree.run();
  expect(again.changes).toEqual([{ path: "pkg/BUILD.bazel", tool: "buildifier" }]);
  expect(Object.keys(tree.starts())).toEqual(["buildifier"]);
});

test("a changed configuration formats again what it is about", async () => {
  const tree = checkout({ ...MIXED, ".prettierrc.json": '{ "semi": true }\n', ".editorconfig": "root = true\n" });
  await tree.run();
  tree.put(".prettierrc.json", '{ "semi": false }\n');
  const { changes } = await tree.run();
  expect(changes).toEqual([{ path: "a.ts", tool: "prettier" }]);
  tree.put(".editorconfig", "root = true\n[[shell]]\nindent_style = space\nindent_size = 3\n");
  expect((await tree.run()).changes).toEqual([{ path: "run.sh", tool: "shfmt" }]);
  expect(tree.get("run.sh")).toContain("\n   echo a\n");
});

test("another build of a tool sees its files again", async () => {
  const tree = checkout(MIXED);
  await tree.run();
  tree.starts();
  tree.changeTool("shfmt");
  const { remembered } = await tree.run();
  expect(Object.keys(tree.starts())).toEqual(["shfmt"]);
  expect(remembered).toBe(6);
});

test("--all sees everything again", async () => {
  const tree = checkout(MIXED);
  await tree.run();
  expect(await tree.run({ all: true })).toMatchObject({ remembered: 0, changes: [] });
});

test("a syntax error names file, tool and line, ends with 1, and the other files are done", async () => {
  const tree = checkout({
    "bad.ts": "let a = 1;\nlet = ;\n",
    "bad/BUILD": 'x = 1\n\nfilegroup(name "x")\n',
    "bad.sh": "#!/bin/sh\necho a\nif true\n",
    "good.ts": "good ( )\n",
    "good/BUILD": "x=1\n",
    "good.sh": "#!/bin/sh\necho   a\n",
  });
  const summary = await tree.run();
  expect(summary.failures.map(({ path, tool, line }) => [path, tool, line])).toEqual([
    ["bad.sh", "shfmt", 3],
    ["bad.ts", "prettier", 2],
    ["bad/BUILD", "buildifier", 3],
  ]);
  expect(summary.changes.map(({ path }) => path)).toEqual(["good.sh", "good.ts", "good/BUILD"]);
  expect(report(summary, false, 0)).toMatchObject({ status: 1 });
  expect(report(summary, false, 0).err[0]).toMatch(/^error {2}bad\.sh:3:1 \(shfmt\): /);
  expect((await tree.run()).failures).toHaveLength(3);
});

test("what shellcheck finds is an error, and it changes nothing", async () => {
  const tree = checkout({ "a.sh": "#!/bin/sh\nrm -rf $unset/*\ncd x\n" });
  const { failures, changes } = await tree.run();
  expect(changes).toEqual([]);
  expect(failures[0]).toMatchObject({ path: "a.sh", tool: "shellcheck" });
  expect(failures.map(({ message }) => message).join()).toContain("SC");
});

test("--check leaves every byte and fails with the list", async () => {
  const tree = checkout(MIXED);
  const summary = await tree.run({ check: true });
  for (const [path, content] of Object.entries(MIXED)) expect(tree.get(path)).toBe(content);
  expect(summary.changes).toHaveLength(6);
  const { status, out, err } = report(summary, true, 0);
  expect(status).toBe(1);
  expect(out[0]).toBe("not formatted  a.ts (prettier)");
  expect(err.at(-1)).toContain("./bazel run //:format");
  await tree.run();
  expect(report(await tree.run({ check: true }), true, 0).status).toBe(0);
});

test("paths limit a run to files and folders", async () => {
  const tree = checkout({ "a/x.ts": "x\n", "ab/x.ts": "x\n", "c.ts": "c\n" });
  expect((await tree.run({ within: ["a", "c.ts"] })).changes.map(({ path }) => path)).toEqual(["a/x.ts", "c.ts"]);
  expect((await tree.run()).changes.map(({ path }) => path)).toEqual(["ab/x.ts"]);
});

test("ignored, generated, unformatted by attribute and listed files are left alone, and --explain says why", async () => {
  const tree = checkout({
    ".gitignore": "/out/\n",
    ".gitattributes": "gen.json linguist-generated\nlock.json linguist-generated=true\n*.raw.json -format\n",
    ".prettierignore": "# not ours\n/listed/\n",
    "out/a.json": "{ }",
    "gen.json": "{ }",
    "lock.json": "{ }",
    "x.raw.json": "{ }",
    "listed/a.json": "{ }",
    "tracked/listed.json": "{ }",
    "ours.json": "{ }",
    "notes.txt": "",
  });
  tree.git("add", "gen.json", "x.raw.json", "listed");
  const summary = await tree.run({ explain: true });
  expect(summary.changes.map(({ path }) => path)).toEqual(["ours.json", "tracked/listed.json"]);
  expect(Object.fromEntries(summary.explanations)).toMatchObject({
    "gen.json": ".gitattributes leaves it alone: linguist-generated",
    "lock.json": ".gitattributes leaves it alone: linguist-generated",
    "x.raw.json": ".gitattributes leaves it alone: -format",
    "listed/a.json": "line 2 of .prettierignore leaves it alone: /listed/",
    "ours.json": "prettier: this file was not seen before",
    "notes.txt": "no formatter has files of this kind",
  });
});

test("--explain tells a changed file from a changed tool and a changed configuration", async () => {
  const tree = checkout({ "a.sh": "#!/bin/sh\n", "b.sh": "#!/bin/sh\n", "c.ts": "c;\n" });
  await tree.run();
  tree.changeTool("shfmt");
  tree.put("b.sh", "#!/bin/sh\necho b\n");
  tree.put(".prettierrc.json", "{}\n");
  expect(Object.fromEntries((await tree.run({ explain: true })).explanations)).toMatchObject({
    "a.sh": "shfmt: the tool changed; shellcheck: remembered",
    "b.sh": "shfmt: its content changed; shellcheck: its content changed",
    "c.ts": "prettier: the configuration changed",
  });
});

test("a tool that cannot be found is one error, and other tools do their part", async () => {
  const tree = checkout(MIXED);
  const summary = await tree.run({ programs: { shfmt: tree.programs.shfmt, shellcheck: "/nowhere/shellcheck" } });
  expect(summary.failures.map(({ tool, path }) => [tool, path])).toEqual([
    ["buildifier", null],
    ["shellcheck", null],
  ]);
  expect(summary.failures[0]?.message).toContain("BUILDIFIER_BIN is not set");
  expect(summary.failures[1]?.message).toContain("/nowhere/shellcheck");
  expect(summary.changes).toHaveLength(5);
});
