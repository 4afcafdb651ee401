import {
  chmodSync,
  cpSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  unlinkSync,
} from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { checkout } from "./checkout.ts";
import { report } from "./report.ts";
import { replaceFile } from "./write.ts";

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
  expect(summary.changes.map(({ path }) => path).sort()).toEqual(
    names.filter((name) => name !== "new\nline.sh").sort(),
  );
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

test("a file is replaced as a whole or not at all, and nothing is left beside it", () => {
  const tree = checkout({ "a.ts": "old" });
  const path = join(tree.root, "a.ts");
  expect(replaceFile(path, Buffer.from("other"), Buffer.from("new"))).toBe("changed meanwhile");
  expect(tree.get("a.ts")).toBe("old");
  expect(replaceFile(path, Buffer.from("old"), Buffer.from("new"))).toBe("written");
  expect(tree.get("a.ts")).toBe("new");
  unlinkSync(path);
  expect(replaceFile(path, Buffer.from("new"), Buffer.from("newer"))).toBe("gone meanwhile");
  expect(readdirSync(tree.root)).toEqual([".git"]);
});
