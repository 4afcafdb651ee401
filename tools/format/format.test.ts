import { chmodSync, cpSync, mkdirSync, readFileSync, rmSync, statSync, symlinkSync, unlinkSync, utimesSync } from "node:fs";
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
  "launch": "#!/usr/bin/env bash\necho   b\n",
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

test("deleted files are no matter, and links are not followed", async () => {
  const tree = checkout({ "gone.ts": "g\n", "folder/a.ts": "a;\n" });
  const outside = join(tree.root, "../outside");
  mkdirSync(outside);
  cpSync(join(tree.root, "gone.ts"), join(outside, "a.ts"));
  tree.git("add", ".");
  unlinkSync(join(tree.root, "gone.ts"));
  symlinkSync(join(outside, "a.ts"), join(tree.root, "link.ts"));
  rmSync(join(tree.root, "folder"), { recursive: true });
  symlinkSync(outside, join(tree.root, "folder"));
  expect(await tree.run()).toMatchObject({ files: 0, changes: [], failures: [] });
  expect(readFileSync(join(outside, "a.ts"), "utf8")).toBe("g\n");
});

test("names with spaces, line ends, quotes and a leading dash are names", async () => {
  const names = ["a b.ts", "-x.sh", "new\nline.sh", "new\nline.bzl", "quo'te\".md", "ünï.json"];
  const tree = checkout(Object.fromEntries(names.map((name) => [name, name.endsWith("json") ? "{ }" : "x  = 1\n"])));
  tree.put("-x.sh", "#!/bin/sh\necho   x\n");
  tree.put("new\nline.sh", "#!/bin/sh\nif\n");
  tree.put("quo'te\".md", "*  x\n");
  const summary = await tree.run();
  expect(summary.changes.map(({ path }) => path).sort()).toEqual(names.filter((name) => name !== "new\nline.sh").sort());
  expect(summary.failures.map(({ path }) => path)).toEqual(["new\nline.sh"]);
  expect(report(summary, false, 0).err[0]).toContain('"new\\nline.sh"');
});

test("a file that is not UTF-8 is an error and stays as it is", async () => {
  const latin1 = Buffer.from([0x61, 0x3d, 0x22, 0xe9, 0x22, 0x0a]);
  const tree = checkout({ "a.ts": latin1 });
  const { failures } = await tree.run();
  expect(failures).toMatchObject([{ path: "a.ts", tool: "prettier" }]);
  expect(failures[0]?.message).toContain("not UTF-8");
  expect(readFileSync(join(tree.root, "a.ts"))).toEqual(latin1);
});

test("CRLF becomes LF in every language", async () => {
  const tree = checkout({ "a.ts": "a;\r\nb;\r\n", "b.bzl": "x = 1\r\n", "c.sh": "#!/bin/sh\r\necho a\r\n" });
  expect((await tree.run()).failures).toEqual([]);
  for (const path of ["a.ts", "b.bzl", "c.sh"]) expect(tree.get(path)).not.toContain("\r");
});

test("the mode of a file is kept", async () => {
  const tree = checkout({});
  tree.put("run", "#!/bin/sh\necho   a\n", 0o755);
  tree.put("private.ts", "a\n", 0o640);
  chmodSync(join(tree.root, "private.ts"), 0o640);
  expect((await tree.run()).changes).toHaveLength(2);
  expect(statSync(join(tree.root, "run")).mode & 0o777).toBe(0o755);
  expect(statSync(join(tree.root, "private.ts")).mode & 0o777).toBe(0o640);
});

test("an edit that comes while a file is being formatted stays", async () => {
  const tree = checkout({ "a.ts": "a  =  1\n", "b.ts": "b  =  1\n" });
  const summary = await tree.run({ progress: () => tree.put("b.ts", "edited  =  1\n") });
  const kept = tree.get("b.ts");
  expect(kept).toBe("edited  =  1\n");
  expect(summary.failures).toMatchObject([{ path: "b.ts", tool: "prettier" }]);
  expect(summary.failures[0]?.message).toContain("changed while it was being formatted");
  await tree.run();
  expect(tree.get("b.ts")).toBe("edited = 1;\n");
});

test("a tool that cannot be found is one error, and other tools do their part", async () => {
  const tree = checkout(MIXED);
  const summary = await tree.run({ programs: { shfmt: tree.programs.shfmt, shellcheck: "/nowhere/shellcheck" } });
  expect(summary.failures.map(({ tool, path }) => [tool, path])).toEqual([["buildifier", null], ["shellcheck", null]]);
  expect(summary.failures[0]?.message).toContain("BUILDIFIER_BIN is not set");
  expect(summary.failures[1]?.message).toContain("/nowhere/shellcheck");
  expect(summary.changes).toHaveLength(5);
});
