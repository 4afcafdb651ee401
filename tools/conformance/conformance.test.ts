import { readFileSync, readdirSync } from "node:fs";
import { expect, test } from "vitest";
import { relied } from "./relied.ts";

const folder = "tools/conformance";
const probe = (name: string) => JSON.parse(readFileSync(`${folder}/${name}.json`, "utf8"));

test("a program in an action runs in the output folder, from the copy of its sources there", () => {
  expect(probe("in_action")).toMatchObject({
    cwd: "bazel-out/CONFIG/bin",
    entryPoint: "bazel-out/CONFIG/bin/tools/conformance/probe.ts",
    args: ["fixed", "given", "tools/conformance/input.txt"],
    isLink: false,
  });
});

test("a program in an action is told its target by variables", () => {
  const { bazel, variables } = probe("in_action");
  expect(bazel).toEqual({
    BAZEL_BUILD_FILE_PATH: "tools/conformance/BUILD.bazel",
    BAZEL_COMPILATION_MODE: "fastbuild",
    BAZEL_PACKAGE: folder,
    BAZEL_TARGET: `//${folder}:in_action`,
    BAZEL_TARGET_CPU: expect.any(String),
    BAZEL_TARGET_NAME: "in_action",
    BAZEL_WORKSPACE: "_main",
  });
  expect(variables).toEqual(expect.arrayContaining([...relied, "BAZEL_BINDIR", "RUNFILES_DIR"]));
});

test("an action sees the files that it declares and no others", () => {
  const siblings = probe("in_action").siblings.filter((name: string) => name !== "in_action.json");
  expect(siblings).toEqual(["input.txt", "probe.ts"]);
});

test("npm packages resolve to their place below the output folder, not through the sandbox's links", () => {
  const store = "bazel-out/CONFIG/bin/node_modules/.aspect_rules_js";
  expect(probe("in_action")).toMatchObject({
    resolvedEsm: `${store}/typebox@VERSION/node_modules/typebox/build/index.mjs`,
    resolvedCjs: `${store}/ws@VERSION/node_modules/ws/index.js`,
  });
});

test("it runs on the Node of the tool lock, through a wrapper that is named node", () => {
  expect(probe("in_action")).toMatchObject({ node: true, version: process.version });
});

test("ts_project writes a script, its map and its declarations beside the source", () => {
  const emitted = readdirSync(folder).filter((name) => name.startsWith("emitted"));
  expect(emitted.sort()).toEqual(["emitted.d.ts", "emitted.js", "emitted.js.map"]);
  expect(readFileSync(`${folder}/emitted.d.ts`, "utf8")).toContain("export declare const emitted: number;");
});
