import assert from "node:assert/strict";
import { test } from "node:test";
import { locked, refused, rootsOf, told } from "../testing.ts";

const LOCK = {
  name: "app",
  lockfileVersion: 3,
  packages: {
    "": { dependencies: { a: "^1.0.0", alias: "npm:real@^2.0.0", first: "*" }, devDependencies: { g: "github:x/g" } },
    "packages/first": { version: "0.0.0", dependencies: { b: "^1.0.0" } },
    "node_modules/a": { version: "1.0.0", dependencies: { b: "^2.0.0" }, optionalDependencies: { never: "1" } },
    "node_modules/a/node_modules/b": {
      version: "2.0.0",
      dependencies: { c: "1" },
      peerDependencies: { a: "*", absent: "*" },
    },
    "node_modules/a/node_modules/c": { version: "1.0.0" },
    "node_modules/alias": { name: "real", version: "2.1.0" },
    "node_modules/b": { version: "1.5.0" },
    "node_modules/first": { resolved: "packages/first", link: true },
    "node_modules/g": { version: "3.0.0", resolved: "git+ssh://git@git.invalid/x/g.git#abc" },
  },
};

const text = (packages: Readonly<Record<string, unknown>> = {}, rest: object = {}): string =>
  JSON.stringify({ ...LOCK, ...rest, packages: { ...LOCK.packages, ...packages } }, null, 2);

test("nested versions are found as Node finds them; aliases, links and git are told apart", () => {
  const lock = locked("package-lock.json", text());
  assert.deepEqual(
    told(lock).map((line) => line.slice(line.indexOf(": ") + 2)),
    [
      "a 1.0.0 direct → node_modules/a/node_modules/b",
      "b 2.0.0 transitive → node_modules/a node_modules/a/node_modules/c",
      "c 1.0.0 transitive",
      "real 2.1.0 direct",
      "b 1.5.0 direct",
      "g 3.0.0 direct (it comes from git+ssh://git@git.invalid/x/g.git#abc)",
    ],
  );
  assert.deepEqual(rootsOf(lock), [
    ":a=node_modules/a",
    ":alias=node_modules/alias",
    ":first=first-party",
    ":g=node_modules/g",
    "packages/first:b=node_modules/b",
  ]);
});

test("lines are those of the entries", () => {
  const source = text();
  const lines = source.split("\n");
  for (const { id, line } of locked("package-lock.json", source).packages) {
    assert.ok(lines[line - 1]?.includes(`"${id}":`), `${id} in line ${line}`);
  }
});

test("what is cut off, twice there or of another format is refused", () => {
  refused(() => locked("package-lock.json", text().slice(0, 300)), "package-lock.json:", "it is not JSON");
  refused(() => locked("package-lock.json", ""), "it is not JSON");
  const twice = text().replace('"node_modules/b": {', '"node_modules/b": {"version": "9.0.0"},\n"node_modules/b": {');
  refused(() => locked("package-lock.json", twice), '"node_modules/b" is there twice');
  refused(
    () => locked("package-lock.json", text({}, { lockfileVersion: 1 })),
    "expected lockfileVersion 2 or 3, found 1",
  );
  refused(
    () => locked("package-lock.json", text({ "node_modules/b": { resolved: "x" } })),
    "node_modules/b has no version",
  );
  const lost = { "node_modules/c": { version: "1.0.0", dependencies: { gone: "1" } } };
  refused(() => locked("package-lock.json", text(lost)), "node_modules/c depends on gone, of which there is no entry");
});
