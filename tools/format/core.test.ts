import { mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { parseArguments } from "./arguments.ts";
import { problemsByLine } from "./batch.ts";
import { contentDigest, digest } from "./digest.ts";
import { formattersOf, isShellLine, needsFirstLine } from "./languages.ts";
import { openMemory } from "./memory.ts";
import type { Formatter, Outcome } from "./model.ts";
import { passedKey, plan } from "./plan.ts";
import { settle } from "./settle.ts";

const DAY = 86_400_000;
const scratch = () => mkdtempSync(join(process.env["TEST_TMPDIR"] ?? tmpdir(), "core-"));

function formatter(change: (text: string) => string, tool = "1", config = "1"): Formatter {
  return {
    name: "shfmt",
    writes: true,
    tool,
    config,
    async run(jobs, report) {
      for (const { path, content } of jobs)
        report(path, { kind: "done", content: Buffer.from(change(content.toString())) });
    },
    async close() {},
  };
}

test("the name tells the language, and the first line where the name does not", () => {
  expect(formattersOf("a/b.tsx", false)).toEqual(["prettier"]);
  expect(formattersOf("a/BUILD", false)).toEqual(["buildifier"]);
  expect(formattersOf("rules/defs.bzl", false)).toEqual(["buildifier"]);
  expect(formattersOf("a.sh", false)).toEqual(["shfmt", "shellcheck"]);
  expect(formattersOf(".ci/run", true)).toEqual(["shfmt", "shellcheck"]);
  expect(formattersOf(".ci/run", false)).toEqual([]);
  expect(formattersOf("testdata/BUILD.in", false)).toEqual([]);
  expect([".ci/run", ".gitignore", "a.b", "BUILD"].map(needsFirstLine)).toEqual([true, true, false, false]);
  expect(["#!/bin/sh", "#!/usr/bin/env bash", "#! /bin/dash -e"].map(isShellLine)).toEqual([true, true, true]);
  expect(["#!/usr/bin/env node", "#!/usr/bin/fish", "echo /bin/sh"].map(isShellLine)).toEqual([false, false, false]);
});

test("arguments after -- are paths", () => {
  expect(parseArguments(["--check", "--", "--all"])).toMatchObject({
    kind: "format",
    check: true,
    all: false,
    paths: ["--all"],
  });
});

test("a digest keeps its parts apart", () => {
  expect(digest("a", "bc")).not.toBe(digest("ab", "c"));
  expect(digest("a", "")).not.toBe(digest("a"));
  expect(contentDigest(Buffer.from("x"))).toBe(contentDigest("x"));
});

test("the key of what passed depends on tool, configuration, path and content", () => {
  const base = formatter(String);
  const keys = [
    passedKey(base, "a", "1"),
    passedKey(base, "b", "1"),
    passedKey(base, "a", "2"),
    passedKey(formatter(String, "2"), "a", "1"),
    passedKey(formatter(String, "1", "2"), "a", "1"),
  ];
  expect(new Set(keys).size).toBe(keys.length);
});

test("the plan holds what is not remembered, each with its reason", () => {
  const shfmt = formatter(String);
  const files = ["old", "new", "edited", "failed"].map((path) => ({
    path,
    digest: path,
    formatters: ["shfmt"] as const,
  }));
  const before = {
    digestOf: (path: string) => ({ old: "old", edited: "as it was", failed: "failed" })[path],
    tools: { shfmt: ["1", "1"] as const },
  };
  const [work] = plan(files, [shfmt], (key) => key === passedKey(shfmt, "old", "old"), before, false);
  expect(work?.paths).toEqual(["new", "edited", "failed"]);
  expect([...(work?.reasons.values() ?? [])]).toEqual([
    "remembered",
    "this file was not seen before",
    "its content changed",
    "it has not passed yet",
  ]);
});

test("a formatter that changes its own output is asked until it is content, and one that never is fails", async () => {
  const outcomes: Outcome[] = [];
  const job = { path: "a", content: Buffer.from("xxx") };
  await settle(
    formatter((text) => text.replace("xx", "x")),
    [job],
    (_, outcome) => outcomes.push(outcome),
  );
  await settle(
    formatter((text) => `${text}!`),
    [job],
    (_, outcome) => outcomes.push(outcome),
  );
  expect(outcomes[0]).toEqual({ kind: "done", content: Buffer.from("x") });
  expect(outcomes[1]).toMatchObject({
    kind: "failed",
    problems: [{ message: expect.stringContaining("its own output") }],
  });
});

test("lines that name a file are its problems, others are nobody's", () => {
  const found = problemsByLine("./a.sh:3:1: no then\nb.bzl:4: bad\nwarning: c\nother.sh:1:1: x\n", ["a.sh", "b.bzl"]);
  expect([...found]).toEqual([
    ["a.sh", [{ line: 3, column: 1, message: "no then" }]],
    ["b.bzl", [{ line: 4, column: null, message: "bad" }]],
  ]);
});

test("the memory keeps what other runs wrote meanwhile, and forgets what nobody asked for in three months", () => {
  const folder = scratch();
  const [one, two] = [openMemory(folder, 0), openMemory(folder, 0)];
  one.add(digest("one"));
  two.add(digest("two"));
  one.save();
  two.save();
  const both = openMemory(folder, 80 * DAY);
  expect([both.has(digest("one")), both.has(digest("two")), both.has(digest("three"))]).toEqual([true, true, false]);
  openMemory(folder, 80 * DAY).save();
  const later = openMemory(folder, 80 * DAY);
  later.has(digest("one"));
  later.save();
  const last = openMemory(folder, 100 * DAY);
  last.add(digest("three"));
  last.save();
  const now = openMemory(folder, 100 * DAY);
  expect([now.has(digest("one")), now.has(digest("two"))]).toEqual([true, false]);
});

test("a memory that is cut off or foreign forgets, and nothing worse", () => {
  const folder = scratch();
  const memory = openMemory(folder, 0);
  memory.add(digest("one"));
  memory.add(digest("two"));
  memory.save();
  writeFileSync(join(folder, "passed-1"), readFileSync(join(folder, "passed-1")).subarray(0, 20));
  const cut = openMemory(folder, 0);
  expect([cut.has(digest("one")), cut.has(digest("two"))].sort()).toEqual([false, true]);
});
