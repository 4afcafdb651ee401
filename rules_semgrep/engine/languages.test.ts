import assert from "node:assert/strict";
import test from "node:test";
import { analyzerOf, analyzersFor, languageNames } from "./languages.ts";

const never = (): string => assert.fail("the first line was read");

test("a file with an extension is known by it, and is not opened", () => {
  const analyzers = ["a.ts", "b.tsx", "c.mjs", "d.yml", "e.sh", "f.go", "g.json"].map(
    (path) => analyzersFor(path, never)[0],
  );
  assert.deepEqual(analyzers, ["typescript", "typescript", "javascript", "yaml", "bash", "go", "json"]);
  assert.deepEqual(analyzersFor("notes.md", never), []);
});

test("Starlark is read as Python, by extension and by name", () => {
  for (const path of ["a/BUILD", "a/BUILD.bazel", "MODULE.bazel", "defs.bzl", "WORKSPACE", "x.star"]) {
    assert.ok(analyzersFor(path, () => "").includes("python"), path);
  }
  assert.deepEqual(
    analyzersFor("BUILDING", () => ""),
    [],
  );
});

test("Dockerfiles are known by name, prefix and extension", () => {
  for (const path of ["Dockerfile", "a/Dockerfile.debug", "Containerfile", "api.dockerfile"]) {
    assert.deepEqual(
      analyzersFor(path, () => ""),
      ["dockerfile"],
      path,
    );
  }
});

test("a file without an extension is known by its first line", () => {
  const program = (line: string): string | undefined => analyzersFor("bin/run", () => line)[0];
  assert.equal(program("#!/bin/sh -eu"), "bash");
  assert.equal(program("#!/usr/bin/env bash"), "bash");
  assert.equal(program("#!/usr/bin/env -S A=1 python3.12 -u"), "python");
  assert.equal(program("#!/usr/bin/env node"), "javascript");
  assert.equal(program("#!"), undefined);
  assert.equal(program("plain text"), undefined);
  assert.equal(analyzersFor(".hidden", () => "#!/bin/sh")[0], "bash");
});

test("a language has the names that semgrep gives it", () => {
  assert.equal(analyzerOf("ts"), "typescript");
  assert.equal(analyzerOf("Docker"), "dockerfile");
  assert.equal(analyzerOf("none"), "regex");
  assert.equal(analyzerOf("klingon"), undefined);
  assert.ok(languageNames().includes("generic"));
});
