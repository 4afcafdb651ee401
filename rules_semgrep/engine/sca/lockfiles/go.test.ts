import assert from "node:assert/strict";
import { test } from "node:test";
import { readLocks } from "../read.ts";
import { flush, locked, refused, told } from "../testing.ts";

const MOD = `
module example.invalid/app // the module

go 1.24

toolchain go1.24.2

require "golang.org/x/net" v0.17.0

require (
	github.com/pkg/errors v0.9.1 // indirect
	github.com/old/name v1.0.0
	github.com/ours/local v1.0.0
	github.com/x/pseudo v0.0.0-20191109021931-daa7c04131f5 // indirect; old
)

exclude github.com/bad/one v1.0.0

replace (
	github.com/old/name v1.0.0 => github.com/new/name v1.2.0
	github.com/ours/local => ../local
)
`.trimStart();

const SUM = `
github.com/new/name v1.2.0 h1:aa=
github.com/new/name v1.2.0/go.mod h1:bb=
github.com/pkg/errors v0.8.0/go.mod h1:zz=
github.com/pkg/errors v0.9.1 h1:cc=
github.com/x/pseudo v0.0.0-20191109021931-daa7c04131f5/go.mod h1:dd=
golang.org/x/net v0.17.0 h1:ee=
`.trimStart();

test("go.mod: blocks, comments, strings, replacements and local modules", () => {
  assert.deepEqual(told(locked("go.mod", MOD)), [
    "7: golang.org/x/net v0.17.0 direct",
    "10: github.com/pkg/errors v0.9.1 transitive",
    "11: github.com/new/name v1.2.0 direct (it stands for github.com/old/name v1.0.0)",
    "12: github.com/ours/local v1.0.0 direct (it is replaced by ../local)",
    "13: github.com/x/pseudo v0.0.0-20191109021931-daa7c04131f5 transitive",
  ]);
});

test("go.sum is only asked for what go.mod lists, and has to know it", () => {
  const both = (sum: string): string[] => {
    const [lock, ...rest] = readLocks([
      { file: "x/go.sum", text: sum },
      { file: "x/go.mod", text: MOD },
    ]);
    assert.ok(lock !== undefined && rest.length === 0);
    return lock.packages.map(({ name, version }) => `${name} ${version}`);
  };
  assert.ok(!both(SUM).includes("github.com/pkg/errors v0.8.0"));
  refused(
    () => both(SUM.replace("v0.17.0", "v0.16.0")),
    "x/go.mod:7",
    "x/go.sum does not know golang.org/x/net v0.17.0",
  );
  refused(() => both(`${SUM}golang.org/x/text`), "x/go.sum:7", "expected a module, a version and a sum");
  refused(() => readLocks([{ file: "x/go.sum", text: SUM }]), "x/go.sum", "Give x/go.mod too");
});

test("what is cut off, twice there or from before Go 1.17 is refused", () => {
  refused(() => locked("go.mod", MOD.slice(0, MOD.indexOf(")"))), "go.mod:9", "the block `require (` has no end");
  refused(() => locked("go.mod", flush("require a v1.0.0\n")), "expected one line `module`");
  refused(() => locked("go.mod", "module x\ngo 1.16\nrequire a.b/c v1.0.0\n"), "go.mod:2", "does not list the modules");
  refused(() => locked("go.mod", "module x\ngo 1.20\nrequire a.b/c\n"), "go.mod:3", "expected a path and a version");
  const twice = "module x\ngo 1.20\nrequire a.b/c v1.0.0\nrequire a.b/c v1.1.0\n";
  refused(() => locked("go.mod", twice), "go.mod:4", "a.b/c is there twice, also in line 3");
  refused(() => locked("go.mod", 'module "x\n'), "go.mod:1", "a string has no end");
});
