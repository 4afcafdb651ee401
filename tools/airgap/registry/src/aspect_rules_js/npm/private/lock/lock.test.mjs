import assert from "node:assert/strict";
import { test } from "node:test";
import { resolveLock, storeName, withImagePlatforms } from "./graph.mjs";
import { parseLock } from "./yaml.mjs";

const LOCK = `lockfileVersion: '9.0'

settings:
  autoInstallPeers: true

importers:

  .:
    dependencies:
      '@acme/lib':
        specifier: workspace:*
        version: link:packages/lib
      plugin:
        specifier: ^1.0.0
        version: 1.0.0(host@2.0.0)
      renamed:
        specifier: npm:host@2.0.0
        version: host@2.0.0
    devDependencies:
      native:
        specifier: 1.0.0
        version: 1.0.0

  packages/lib: {}

packages:

  '@native/linux@1.0.0':
    resolution: {integrity: sha512-bGludXg=}
    cpu: [x64]
    os: [linux]
    libc: [glibc]

  '@native/linux-arm@1.0.0':
    resolution: {integrity: sha512-YXJt}
    cpu: [arm64]
    os: [linux]

  '@native/mac@1.0.0':
    resolution: {integrity: sha512-bWFj}
    os: [darwin]

  host@2.0.0:
    resolution: {integrity: sha512-aG9zdA==}
    engines: {node: '>=18', npm: "a \\"b\\""}
    deprecated: |-
      use: another
      one
    hasBin: true

  native@1.0.0:
    resolution: {integrity: sha512-bmF0aXZl}

  plugin@1.0.0:
    resolution: {integrity: sha512-cGx1Z2lu}
    peerDependencies:
      host: '>=2'

snapshots:

  '@native/linux@1.0.0':
    optional: true

  '@native/linux-arm@1.0.0':
    optional: true

  '@native/mac@1.0.0':
    optional: true

  host@2.0.0:
    dependencies:
      plugin: 1.0.0(host@2.0.0)

  native@1.0.0:
    optionalDependencies:
      '@native/linux': 1.0.0
      '@native/linux-arm': 1.0.0
      '@native/mac': 1.0.0

  plugin@1.0.0(host@2.0.0):
    dependencies:
      host: 2.0.0
`;
const LINUX = { os: "linux", cpu: "x64", libc: "glibc" };

test("quoted keys, flow collections and block scalars are read as pnpm means them", () => {
  const { packages } = parseLock(LOCK);
  assert.deepEqual(packages["@native/linux@1.0.0"].cpu, ["x64"]);
  assert.deepEqual(packages["host@2.0.0"].engines, { node: ">=18", npm: 'a "b"' });
  assert.equal(packages["host@2.0.0"].deprecated, "use: another\none");
  assert.equal(packages["host@2.0.0"].hasBin, true);
});

test("of several documents the last one is the lock", () => {
  assert.equal(
    parseLock(`---\nlockfileVersion: '9.0'\nimporters: {}\n\n---\n${LOCK}`).packages["plugin@1.0.0"].peerDependencies
      .host,
    ">=2",
  );
});

test("a line that is no YAML of pnpm's is named by its number", () => {
  assert.throws(() => parseLock("a:\n  b: 1\n  nonsense\n"), /line 3: expected "key: value", found nonsense/);
});

test("a lock file of another version is refused with what to do", () => {
  assert.throws(() => resolveLock({ lockfileVersion: "6.0" }, LINUX, {}), /expected 9\.0: run "pnpm install/);
});

test("packages that need each other have one closure, in which both stand", () => {
  const { packages } = resolveLock(parseLock(LOCK), LINUX, {});
  assert.deepEqual(packages["plugin@1.0.0_host@2.0.0"].closure, ["host@2.0.0", "plugin@1.0.0_host@2.0.0"]);
  assert.deepEqual(packages["host@2.0.0"].deps, { plugin: ["plugin@1.0.0_host@2.0.0", "plugin"] });
});

test("an optional package of another platform is left out", () => {
  const { packages } = resolveLock(parseLock(LOCK), LINUX, {});
  assert.deepEqual(Object.keys(packages["native@1.0.0"].deps), ["@native/linux"]);
  assert.equal("@native+mac@1.0.0" in packages, false);
});

test("what production needs on the platforms of images is there on every machine, and chosen by the platform", () => {
  const production = LOCK.replace("    devDependencies:\n      native:", "      native:");
  const lock = parseLock(production);
  const { packages } = withImagePlatforms(resolveLock(lock, { os: "darwin", cpu: "arm64", libc: "" }, {}), lock, {});
  assert.deepEqual(Object.keys(packages["native@1.0.0"].deps), ["@native/mac"]);
  const { linux_arm64: arm64, linux_x64: x64 } = packages["native@1.0.0"].platforms;
  assert.deepEqual(Object.keys(arm64.deps), ["@native/linux-arm"]);
  assert.deepEqual(x64.closure, ["@native+linux@1.0.0", "native@1.0.0"]);
  assert.equal(packages["@native+linux-arm@1.0.0"].integrity, "sha512-YXJt");
  assert.equal(packages["host@2.0.0"].platforms, undefined);
});

test("what only development needs is the machine's alone", () => {
  const lock = parseLock(LOCK);
  const { packages } = withImagePlatforms(resolveLock(lock, LINUX, {}), lock, {});
  assert.equal("@native+linux-arm@1.0.0" in packages, false);
  assert.equal(packages["native@1.0.0"].platforms, undefined);
});

test("a renamed package is linked under its new name to the folder of its old one", () => {
  const { importers } = resolveLock(parseLock(LOCK), LINUX, {});
  assert.equal(importers[""].renamed.store, "host@2.0.0");
});

test("a package of the workspace is linked to its folder", () => {
  const { importers } = resolveLock(parseLock(LOCK), LINUX, {});
  assert.deepEqual(importers[""]["@acme/lib"], { store: "@acme+lib@0.0.0", dev: false, path: "packages/lib" });
});

test("development dependencies can be left out", () => {
  const { importers } = resolveLock(parseLock(LOCK), LINUX, { noDev: true });
  assert.equal("native" in importers[""], false);
});

test("folders are named as the real rule names them, long peers by Starlark's hash", () => {
  assert.equal(storeName("@scope/name@1.0.0"), "@scope+name@1.0.0");
  assert.equal(storeName("vite@7.3.8(@types/node@24.9.1)"), "vite@7.3.8_@types+node@24.9.1");
  assert.equal(storeName("a@1.0.0(bbbbbbbbbbbbbbbb@1.0.0)(cccccccccc@2.0.0)"), "a@1.0.0_1685878249");
});
