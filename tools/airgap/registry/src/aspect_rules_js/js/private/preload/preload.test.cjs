"use strict";
const assert = require("node:assert/strict");
const fs = require("node:fs");
const path = require("node:path");
const { test } = require("node:test");

// base/outside has what Bazel keeps; base/root is the sandbox, whose files are links to it.
const base = fs.realpathSync(fs.mkdtempSync(path.join(process.env.TEST_TMPDIR ?? "/tmp", "preload-")));
const at = (...parts) => path.join(base, ...parts);
for (const folder of ["outside/store/pkg", "root/node_modules", "root/store", "root/plain"])
  fs.mkdirSync(at(folder), { recursive: true });
fs.writeFileSync(at("outside/store/pkg/index.js"), "module.exports = __filename;\n");
fs.writeFileSync(at("outside/a.txt"), "a");
fs.writeFileSync(at("root/plain/b.txt"), "b");
fs.mkdirSync(at("outside/node_modules"));
fs.symlinkSync("../store/pkg", at("outside/node_modules/pkg"));
fs.symlinkSync(at("outside/a.txt"), at("root/a.txt"));
fs.symlinkSync(at("outside/store/pkg"), at("root/store/pkg"));
fs.symlinkSync(at("outside/node_modules/pkg"), at("root/node_modules/pkg"));
fs.symlinkSync("plain", at("root/inside"));
fs.symlinkSync(at("outside/gone"), at("root/broken"));
fs.symlinkSync("loop", at("root/loop"));
require("./patch.cjs")([at("root")]);

test("a link out of the root passes for the file that it leads to", async () => {
  assert.equal(fs.realpathSync(at("root/a.txt")), at("root/a.txt"));
  assert.equal(fs.realpathSync.native(at("root/a.txt")), at("root/a.txt"));
  assert.equal(await fs.promises.realpath(at("root/a.txt")), at("root/a.txt"));
  assert.equal(fs.lstatSync(at("root/a.txt")).isFile(), true);
  assert.equal((await fs.promises.lstat(at("root/a.txt"), { bigint: true })).size, 1n);
  assert.throws(() => fs.readlinkSync(at("root/a.txt")), { code: "EINVAL" });
});

test("a link within the root stays a link", () => {
  assert.equal(fs.realpathSync(at("root/inside/b.txt")), at("root/plain/b.txt"));
  assert.equal(fs.lstatSync(at("root/inside")).isSymbolicLink(), true);
  assert.equal(fs.readlinkSync(at("root/inside")), "plain");
});

test("a link that stands for another link leads where that one leads, within the root", () => {
  assert.equal(fs.realpathSync(at("root/node_modules/pkg/index.js")), at("root/store/pkg/index.js"));
  assert.equal(fs.lstatSync(at("root/node_modules/pkg")).isSymbolicLink(), true);
  assert.equal(fs.readlinkSync(at("root/node_modules/pkg")), at("root/store/pkg"));
});

test("modules are loaded from within the root, by require and by import", async () => {
  assert.equal(require(at("root/node_modules/pkg/index.js")), at("root/store/pkg/index.js"));
  const { default: imported } = await import(at("root/node_modules/pkg/index.js"));
  assert.equal(imported, at("root/store/pkg/index.js"));
});

test("listings say of links what lstat says", async () => {
  const kinds = (entries) =>
    Object.fromEntries(
      entries.map((entry) => [entry.name, entry.isSymbolicLink() ? "link" : entry.isFile() ? "file" : "folder"]),
    );
  const expected = {
    "a.txt": "file",
    broken: "link",
    inside: "link",
    loop: "link",
    node_modules: "folder",
    plain: "folder",
    store: "folder",
  };
  assert.deepEqual(kinds(fs.readdirSync(at("root"), { withFileTypes: true })), expected);
  assert.deepEqual(kinds(await fs.promises.readdir(at("root"), { withFileTypes: true })), expected);
  const listed = [];
  for await (const entry of await fs.promises.opendir(at("root"))) listed.push(entry);
  assert.deepEqual(kinds(listed.sort((a, b) => (a.name < b.name ? -1 : 1))), expected);
  assert.deepEqual(fs.readdirSync(at("root/store")), ["pkg"]);
});

test("callbacks get what the other forms return, and errors stay Node's", async () => {
  const called = (name, ...args) =>
    new Promise((resolve) => fs[name](...args, (error, found) => resolve(error ?? found)));
  assert.equal(await called("realpath", at("root/a.txt")), at("root/a.txt"));
  assert.equal((await called("readlink", at("root/a.txt"))).code, "EINVAL");
  assert.equal((await called("lstat", at("root/missing"))).code, "ENOENT");
  assert.throws(() => fs.realpathSync(at("root/broken")), { code: "ENOENT" });
  assert.throws(() => fs.realpathSync(at("root/loop")), { code: "ELOOP" });
  assert.equal(fs.lstatSync(at("root/missing"), { throwIfNoEntry: false }), undefined);
});

test("paths outside of the root are as they were", () => {
  assert.equal(fs.realpathSync(at("outside/node_modules/pkg")), at("outside/store/pkg"));
  assert.equal(fs.readlinkSync(at("outside/node_modules/pkg")), "../store/pkg");
});
