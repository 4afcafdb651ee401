import assert from "node:assert/strict";
import { test } from "node:test";
import { closureOf, linkedPackage } from "./closure.ts";
import type { Dependency } from "./dependency.ts";
import type { Lock } from "./lock.ts";
import { locked, refused } from "./testing.ts";

const npm = (folder: string, versions: Readonly<Record<string, string>>): Lock =>
  locked(
    folder === "" ? "pnpm-lock.yaml" : `${folder}/pnpm-lock.yaml`,
    `
    lockfileVersion: '9.0'
    importers:
      .:
        dependencies:
          a: {specifier: '*', version: 1.0.0}
          z: {specifier: '*', version: ${versions["z"] ?? "1.0.0"}}
          first: {specifier: 'workspace:*', version: 'link:sub'}
      sub:
        dependencies:
          a: {specifier: '*', version: 2.0.0}
    packages: {}
    snapshots:
      a@1.0.0: {dependencies: {aa: 1.0.0, b: 1.0.0}}
      a@2.0.0: {}
      aa@1.0.0: {}
      b@1.0.0: {dependencies: {c: 1.0.0}}
      c@1.0.0: {dependencies: {b: 1.0.0}}
      z@${versions["z"] ?? "1.0.0"}: {}
    `,
  );
const link = (where: string, name: string): Dependency => ({
  repository: "",
  package: where,
  name: `node_modules/${name}`,
});
const ids = (locks: readonly Lock[], closure: readonly Dependency[] | null): string[] =>
  closureOf(locks, closure, "//:t").flatMap(({ file, packages }) =>
    packages.map(({ id, relation }) => `${file} ${id} ${relation}`),
  );

test("a closure holds what its links need, round cycles, of the project that links it", () => {
  assert.deepEqual(ids([npm("", {})], [link("", "a")]), [
    "pnpm-lock.yaml a@1.0.0 direct",
    "pnpm-lock.yaml aa@1.0.0 transitive",
    "pnpm-lock.yaml b@1.0.0 transitive",
    "pnpm-lock.yaml c@1.0.0 transitive",
  ]);
  assert.deepEqual(ids([npm("", {})], [link("sub", "a")]), ["pnpm-lock.yaml a@2.0.0 direct"]);
  assert.deepEqual(ids([npm("", {})], [link("", "first")]), []);
  assert.equal(ids([npm("", {})], null).length, 6);
});

test("the lockfile that lies nearest to a link is its own", () => {
  assert.deepEqual(ids([npm("", {}), npm("nested", {})], [link("nested", "z")]), [
    "nested/pnpm-lock.yaml z@1.0.0 direct",
  ]);
  assert.deepEqual(ids([npm("", {}), npm("sub", {})], [link("sub", "z")]), ["sub/pnpm-lock.yaml z@1.0.0 direct"]);
  assert.equal(ids([npm("", {}), npm("sub", {})], [link("sub", "a")])[0], "sub/pnpm-lock.yaml a@1.0.0 direct");
});

test("a link that no lockfile has is refused, also when there is no lockfile of npm", () => {
  const go = locked("go.mod", "module x\ngo 1.20\n");
  refused(
    () => ids([npm("", {})], [link("", "gone")]),
    "//:t: a dependency is in no lockfile",
    "//:node_modules/gone",
    "pnpm-lock.yaml",
  );
  refused(
    () => ids([npm("nested", {})], [link("", "a")]),
    "//:node_modules/a, which nested/pnpm-lock.yaml does not name",
  );
  refused(() => ids([go], [link("", "a")]), "which go.mod does not name");
});

test("an unrelated package does not change a byte of the closure, a related one does", () => {
  const bytes = (lock: Lock): string => JSON.stringify(closureOf([lock], [link("", "a")], "//:t"));
  const before = npm("", {});
  const moved = { ...before, packages: before.packages.map((each) => ({ ...each, line: each.line + 40 })) };
  assert.equal(bytes(npm("", { z: "7.0.0" })), bytes(before));
  assert.equal(bytes(moved), bytes(before));
  const patched = before.packages.map((each) => (each.id === "c@1.0.0" ? { ...each, version: "1.0.1" } : each));
  assert.notEqual(bytes({ ...before, packages: patched }), bytes(before));
});

test("packages of other ecosystems are found by the names that Bazel rules give them", () => {
  const go = locked(
    "go.mod",
    "module x\ngo 1.20\nrequire (\n github.com/pkg/errors v0.9.1\n golang.org/x/net v0.1.0\n)\n",
  );
  const pip = locked("requirements.txt", "Foo_Bar==1.0\nother==1.0\n");
  const maven = locked("gradle.lockfile", "com.google.guava:guava:31.1-jre=x\norg.slf4j:slf4j-api:2.0.9=x\n");
  const outside = (repository: string, folder: string, name: string): Dependency => ({
    repository,
    package: folder,
    name,
  });
  const found = [
    outside("gazelle~~go_deps~com_github_pkg_errors", "", "errors"),
    outside("rules_python~~pip~pip_312_foo_bar", "", "pkg"),
    outside("rules_jvm_external++maven+maven", "", "com_google_guava_guava"),
  ];
  assert.deepEqual(ids([go, pip, maven], found), [
    "go.mod github.com/pkg/errors@v0.9.1 direct",
    "requirements.txt foo-bar@1.0 listed",
    "gradle.lockfile com.google.guava:guava:31.1-jre listed",
  ]);
  assert.deepEqual(ids([pip], [outside("rules_python~~pip~pypi", "other", "pkg")]), [
    "requirements.txt other@1.0 listed",
  ]);
  assert.deepEqual(ids([go], [outside("gazelle++go_deps+org_golang_x_net", "http2", "http2")]), [
    "go.mod golang.org/x/net@v0.1.0 direct",
  ]);
  assert.equal(closureOf([go], [outside("elsewhere", "", "x")], "//:t")[0]?.scope, "lockfile");
});

test("links of packages with a scope, and parts of links, name the package", () => {
  assert.deepEqual(
    ["node_modules/a", "node_modules/@s/a", "node_modules/@s/a/dir", "node_modules/a/dir"].map(linkedPackage),
    ["a", "@s/a", "@s/a", "a"],
  );
});
