import { expect, test } from "vitest";
import type { Lock } from "./lock.ts";
import { stagingReplacements, sumOf } from "./modules.ts";
import { parseRequests } from "./update.ts";
import { compareVersions, newestOfAll } from "./version.ts";

const lock: Lock = {
  tools: {
    crane: {
      client: "go",
      version: "v0.1.0",
      module: "example.test/crane",
      package: "example.test/crane",
      digest: "h1:",
    },
    shfmt: { client: "pypi", version: "4.2.0", file: "shfmt", platforms: {} },
  },
};

test("without arguments every tool goes to its newest version", () => {
  expect(parseRequests([], lock)).toEqual([{ name: "crane" }, { name: "shfmt" }]);
});

test("a tool can be asked for at a version", () => {
  expect(parseRequests(["shfmt@4.1.0", "crane"], lock)).toEqual([
    { name: "shfmt", version: "4.1.0" },
    { name: "crane" },
  ]);
});

test("an unknown tool is refused with the names that there are", () => {
  expect(() => parseRequests(["kubectl"], lock)).toThrow('the lock holds no tool "kubectl"; it holds crane, shfmt');
});

test("versions are ordered by their numbers, not by their letters", () => {
  expect(["v1.10.0", "v1.9.3", "v1.9"].sort(compareVersions)).toEqual(["v1.9", "v1.9.3", "v1.10.0"]);
});

test("the newest version is a release that every package has", () => {
  const amd64 = ["26.9.0", "26.10.0", "27.0.0", "28.0.0-rc.1"];
  const arm64 = ["26.9.0", "26.10.0"];
  expect(newestOfAll([amd64, arm64])).toBe("26.10.0");
});

test("the newest version stays within the line that the lock names", () => {
  expect(newestOfAll([["26.9.0", "27.0.0"]], "26.")).toBe("26.9.0");
});

test("there may be no version that all packages have", () => {
  expect(newestOfAll([["1.0.0"], ["2.0.0"]])).toBeUndefined();
});

test("a module's replacements by folders become the modules that are published from them", () => {
  const modJson = JSON.stringify({
    Replace: [
      { Old: { Path: "k8s.io/api" }, New: { Path: "./staging/src/k8s.io/api" } },
      { Old: { Path: "example.test/fork" }, New: { Path: "example.test/ours", Version: "v1.0.0" } },
    ],
  });
  expect(stagingReplacements(modJson, "v1.36.3")).toEqual(["-replace=k8s.io/api=k8s.io/api@v0.36.3"]);
});

test("a go.sum tells the sum of a module's files from that of its go.mod", () => {
  const goSum = "example.test/a v1.0.0 h1:files=\nexample.test/a v1.0.0/go.mod h1:mod=\n";
  expect(sumOf(goSum, "example.test/a", "v1.0.0")).toBe("h1:files=");
});
