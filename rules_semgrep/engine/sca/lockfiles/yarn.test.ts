import assert from "node:assert/strict";
import { test } from "node:test";
import { flush, locked, refused, rootsOf, told } from "../testing.ts";

const CLASSIC = `
# yarn lockfile v1


"@scope/a@^1.0.0", "@scope/a@^1.1.0":
  version "1.2.0"
  resolved "https://packages.invalid/a-1.2.0.tgz#ff"
  dependencies:
    b "^2.0.0"

"alias@npm:real@^3.0.0":
  version "3.0.1"

b@^2.0.0:
  version "2.0.5"

"g@git+https://git.invalid/g.git":
  version "1.0.0"
  resolved "git+https://git.invalid/g.git#abc"

b@^1.0.0:
  version "1.9.0"
`;

const BERRY = `
__metadata:
  version: 8
  cacheKey: 10

"a@npm:^1.0.0, a@npm:^1.1.0":
  version: 1.2.0
  resolution: "a@npm:1.2.0"
  dependencies:
    b: "npm:^2.0.0"
    overridden: "npm:^1.0.0"
  languageName: node
  linkType: hard

"alias@npm:real@^3.0.0":
  version: 3.0.1
  resolution: "real@npm:3.0.1"
  linkType: hard

"app@workspace:.":
  version: 0.0.0-use.local
  resolution: "app@workspace:."
  dependencies:
    a: "npm:^1.0.0"
    alias: "npm:real@^3.0.0"
    g: "https://git.invalid/g.git"
    sub: "workspace:*"
  languageName: unknown
  linkType: soft

"b@patch:b@npm%3A^2.0.0#./b.patch":
  version: 2.0.5
  resolution: "b@patch:b@npm%3A2.0.5#./b.patch::version=2.0.5&hash=ff"
  linkType: hard

"g@https://git.invalid/g.git":
  version: 1.0.0
  resolution: "g@https://git.invalid/g.git#commit=abc"
  linkType: hard

"overridden@npm:4.0.0":
  version: 4.0.0
  resolution: "overridden@npm:4.0.0"
  linkType: hard

"sub@workspace:*, sub@workspace:packages/sub":
  version: 0.0.0-use.local
  resolution: "sub@workspace:packages/sub"
  dependencies:
    b: "patch:b@npm%3A^2.0.0#./b.patch"
  linkType: soft
`;

test("yarn 1: aliases and git are told apart; direct is what nothing else asks for", () => {
  const lock = locked("yarn.lock", CLASSIC);
  assert.deepEqual(told(lock), [
    "4: @scope/a 1.2.0 direct → b@^2.0.0",
    "10: real 3.0.1 direct",
    "13: b 2.0.5 transitive",
    "16: g 1.0.0 direct (it comes from git+https://git.invalid/g.git)",
    "20: b 1.9.0 direct",
  ]);
  assert.deepEqual(rootsOf(lock), [
    "*:@scope/a=@scope/a@^1.0.0",
    "*:alias=alias@npm:real@^3.0.0",
    "*:b=b@^2.0.0",
    "*:g=g@git+https://git.invalid/g.git",
    "*:b=b@^1.0.0",
  ]);
});

test("yarn 2 and later: workspaces, aliases, patches, overrides and git are told apart", () => {
  const lock = locked("yarn.lock", BERRY);
  assert.deepEqual(told(lock), [
    "5: a 1.2.0 direct → b@patch:b@npm%3A^2.0.0#./b.patch overridden@npm:4.0.0",
    "14: real 3.0.1 direct",
    "30: b 2.0.5 direct (it is patched in this repository: does the patch mend this?)",
    "35: g 1.0.0 direct (it comes from https://git.invalid/g.git#commit=abc)",
    "40: overridden 4.0.0 transitive",
  ]);
  assert.deepEqual(rootsOf(lock), [
    ":a=a@npm:^1.0.0, a@npm:^1.1.0",
    ":alias=alias@npm:real@^3.0.0",
    ":g=g@https://git.invalid/g.git",
    ":sub=first-party",
    "packages/sub:b=b@patch:b@npm%3A^2.0.0#./b.patch",
  ]);
});

test("what is cut off, twice there or no yarn.lock is refused", () => {
  const cut = (text: string, end: string): string => flush(text.slice(0, text.indexOf(end)));
  refused(() => locked("yarn.lock", cut(CLASSIC, '.5"')), "yarn.lock", "it is no yarn.lock");
  refused(
    () => locked("yarn.lock", cut(CLASSIC, "b@^2.0.0:")),
    "@scope/a@^1.0.0 depends on b, of which there is no entry",
  );
  refused(() => locked("yarn.lock", `${CLASSIC}\nb@^2.0.0:\n  version "2.0.6"\n`), "b@^2.0.0 is there twice");
  refused(() => locked("yarn.lock", cut(BERRY, '"b@patch')), "depends on b, of which there is no entry");
  refused(() => locked("yarn.lock", `${BERRY}\n"b@patch:b@npm%3A^2.0.0#./b.patch":\n  version: 1\n`), "it is not YAML");
  refused(() => locked("yarn.lock", ""), "it is no yarn.lock");
});
