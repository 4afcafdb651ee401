import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";

import { callerEnv } from "./bazel.ts";
import { executed, forbiddenRequirements, notCacheable, parseActions, parseSpawns } from "./spawns.ts";

const spawn = {
  mnemonic: "Bundle",
  targetLabel: "//a:b",
  runner: "linux-sandbox",
  cacheHit: false,
  remotable: true,
  cacheable: true,
};

test("the execution log is read as Bazel writes it: objects one behind the other", () => {
  const spawns = parseSpawns(readFileSync(join(import.meta.dirname, "testdata", "spawns.json"), "utf8"));
  expect(spawns).toHaveLength(4);
  expect(spawns[0]).toEqual({
    mnemonic: "Genrule",
    targetLabel: "//:broken",
    runner: "linux-sandbox",
    cacheHit: false,
    remotable: true,
    cacheable: true,
  });
  expect(spawns.at(-1)?.mnemonic).toBe("TestRunner");
  expect(parseSpawns("")).toEqual([]);
});

test("what leaves the sandbox or may not be cached is named with its mnemonic and label", () => {
  expect(notCacheable([spawn, { ...spawn, runner: "disk cache hit", cacheHit: true }])).toEqual([]);
  expect(notCacheable([{ ...spawn, runner: "local", cacheable: false }])).toEqual([
    { mnemonic: "Bundle", label: "//a:b", why: 'was run by "local", not in the sandbox' },
    { mnemonic: "Bundle", label: "//a:b", why: "may not be cached" },
  ]);
  expect(notCacheable([{ ...spawn, runner: "processwrapper-sandbox" }])).toHaveLength(1);
});

test("what a filled cache did not have is named", () => {
  expect(executed([spawn, { ...spawn, cacheHit: true }])).toEqual([
    { mnemonic: "Bundle", label: "//a:b", why: "was executed (linux-sandbox) and not found in the cache" },
  ]);
});

test("execution requirements that break the rules are found in what aquery lists", () => {
  const listed = JSON.stringify({
    targets: [{ id: 1, label: "//:net" }],
    actions: [
      {
        targetId: 1,
        mnemonic: "Genrule",
        executionInfo: [
          { key: "requires-network", value: "" },
          { key: "supports-path-mapping", value: "" },
        ],
      },
      { targetId: 1, mnemonic: "FileWrite" },
    ],
  });
  expect(forbiddenRequirements(parseActions(listed))).toEqual([
    { mnemonic: "Genrule", label: "//:net", why: 'asks for "requires-network"' },
  ]);
});

test("a Bazel called from a program of Bazel's sees the environment of the person's own call", () => {
  const env = {
    HOME: "/home/a",
    JS_BINARY__TARGET: "x",
    RUNFILES_DIR: "y",
    BAZEL_LANE: "airgap",
    PATH: "/x/bazel-out/bin/n.runfiles/node_bin:/usr/bin",
    EMPTY: undefined,
  };
  expect(callerEnv(env)).toEqual({ HOME: "/home/a", PATH: "/usr/bin", BAZEL_LANE: "airgap" });
});
