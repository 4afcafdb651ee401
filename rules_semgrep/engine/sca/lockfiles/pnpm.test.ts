import assert from "node:assert/strict";
import { test } from "node:test";
import { flush, locked, refused, rootsOf, told } from "../testing.ts";

const NINE = `
  lockfileVersion: '9.0'
  importers:
    .:
      dependencies:
        react-dom:
          specifier: ^19.0.0
          version: 19.0.0(react@19.0.0)
        alias:
          specifier: npm:@scope/real@^1.0.0
          version: '@scope/real@1.0.0'
        first:
          specifier: workspace:*
          version: link:packages/first
    packages/first:
      devDependencies:
        hosted:
          specifier: github:somebody/hosted
          version: https://git.invalid/hosted/tar.gz/abc
        folder:
          specifier: file:../folder
          version: file:packages/folder
  packages:
    '@scope/real@1.0.0': {resolution: {integrity: sha512-a}}
    folder@file:packages/folder: {resolution: {directory: packages/folder, type: directory}}
    hosted@https://git.invalid/hosted/tar.gz/abc:
      resolution: {tarball: https://git.invalid/hosted/tar.gz/abc}
      version: 2.0.0
    react-dom@19.0.0: {resolution: {integrity: sha512-b}, peerDependencies: {react: ^19.0.0}}
    react@19.0.0: {resolution: {integrity: sha512-c}}
  snapshots:
    '@scope/real@1.0.0(patch_hash=ff)':
      optionalDependencies:
        react: 19.0.0
    folder@file:packages/folder: {}
    hosted@https://git.invalid/hosted/tar.gz/abc: {}
    react-dom@19.0.0(react@19.0.0):
      dependencies:
        react: 19.0.0
    react@19.0.0: {}
`.replace("version: '@scope/real@1.0.0'", "version: '@scope/real@1.0.0(patch_hash=ff)'");

test("format 9: peers, aliases, patches, workspaces, git and folders are told apart", () => {
  const lock = locked("pnpm-lock.yaml", NINE);
  assert.deepEqual(told(lock), [
    "31: @scope/real 1.0.0 direct → react@19.0.0 (it is patched in this repository: does the patch mend this?)",
    "34: folder file:packages/folder direct (it comes from file:packages/folder)",
    "35: hosted 2.0.0 direct (it comes from https://git.invalid/hosted/tar.gz/abc)",
    "36: react-dom 19.0.0 direct → react@19.0.0",
    "39: react 19.0.0 transitive",
  ]);
  assert.deepEqual(rootsOf(lock), [
    ":react-dom=react-dom@19.0.0(react@19.0.0)",
    ":alias=@scope/real@1.0.0(patch_hash=ff)",
    ":first=first-party",
    "packages/first:hosted=hosted@https://git.invalid/hosted/tar.gz/abc",
    "packages/first:folder=folder@file:packages/folder",
  ]);
});

test("format 6: keys begin with a slash, one project stands at the top", () => {
  const lock = locked(
    "pnpm-lock.yaml",
    `
    lockfileVersion: '6.0'
    dependencies:
      a:
        specifier: ^1.0.0
        version: 1.0.0(b@2.0.0)
      c:
        specifier: npm:real@^1.0.0
        version: /real@1.0.0
    packages:
      /a@1.0.0(b@2.0.0):
        resolution: {integrity: sha512-a}
        dependencies:
          b: 2.0.0
          c: /real@1.0.0
      /b@2.0.0:
        resolution: {integrity: sha512-b}
      /real@1.0.0:
        resolution: {integrity: sha512-c}
    `,
  );
  assert.deepEqual(told(lock), [
    "10: a 1.0.0 direct → b@2.0.0 real@1.0.0",
    "15: b 2.0.0 transitive",
    "17: real 1.0.0 direct",
  ]);
});

test("a document about pnpm itself may stand before that of the projects", () => {
  const own = "---\nlockfileVersion: '9.0'\nimporters:\n  .:\n    packageManagerDependencies: {}\n---\n";
  const lock = locked("pnpm-lock.yaml", own + flush(NINE));
  assert.deepEqual(rootsOf(lock), rootsOf(locked("pnpm-lock.yaml", NINE)));
  assert.equal(lock.packages[0]?.line, (locked("pnpm-lock.yaml", NINE).packages[0]?.line ?? 0) + 6);
});

test("what is cut off is refused with what is missing", () => {
  const cut = (end: string): string => NINE.slice(0, NINE.indexOf(end));
  refused(
    () => locked("pnpm-lock.yaml", cut("  react@19.0.0: {}\n")),
    "pnpm-lock.yaml:",
    "react@19.0.0, of which there is no entry",
  );
  refused(() => locked("pnpm-lock.yaml", cut("  snapshots:")), "there is no entry");
  refused(() => locked("pnpm-lock.yaml", cut("integrity: sha512-b}")), "pnpm-lock.yaml:", "it is not YAML");
});

test("an entry that is there twice is refused with its line", () => {
  const twice = NINE.replace("    react@19.0.0: {}\n", "    react@19.0.0: {}\n    react@19.0.0: {}\n");
  refused(() => locked("pnpm-lock.yaml", twice), "pnpm-lock.yaml:40", "unique");
});

test("conflict marks and formats that are not known are refused", () => {
  refused(
    () => locked("pnpm-lock.yaml", NINE.replace("  packages:", "  <<<<<<< ours\n  packages:")),
    "pnpm-lock.yaml:",
  );
  refused(() => locked("pnpm-lock.yaml", "lockfileVersion: '5.4'\n"), "expected lockfileVersion 6 or 9", '"5.4"');
  refused(() => locked("pnpm-lock.yaml", ""), "expected lockfileVersion");
});
