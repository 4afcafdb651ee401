import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { parseLock, platformsOf, printLock } from "./lock.ts";
import { sumOf } from "./modules.ts";

const text = readFileSync("tools/tools.lock.json", "utf8");
const lock = parseLock(text);
const goTools = Object.entries(lock.tools).flatMap(([name, tool]) => (tool.client === "go" ? [{ name, tool }] : []));
const archives = Object.entries(lock.tools).flatMap(([name, tool]) => (tool.client === "go" ? [] : [{ name, tool }]));
const goFile = (name: string, file: string): string => readFileSync(`tools/lock/go/${name}/${file}`, "utf8");

test("the lock stands as the update command writes it", () => {
  expect(printLock(lock)).toBe(text);
});

test("the lock and its rules name no registry", () => {
  expect(text).not.toMatch(/https?:/);
});

test.each(archives)("$name is locked for Linux on amd64 at least", ({ tool }) => {
  expect(platformsOf(tool).map(([platform]) => platform)).toContain("linux_amd64");
});

test.each(goTools)("$name has one digest in the lock and in go.sum", ({ name, tool }) => {
  expect(sumOf(goFile(name, "go.sum"), tool.module, tool.version)).toBe(tool.digest);
});

test.each(goTools)("the go.mod of $name asks for the package that is built", ({ name, tool }) => {
  expect(goFile(name, "go.mod").split("\n")).toContain(`tool ${tool.package}`);
});

test("a lock with a short digest is refused, and the message says where it is", () => {
  const broken = structuredClone(lock) as { tools: Record<string, { digest?: string }> };
  broken.tools["crane"] = { ...broken.tools["crane"], digest: "h1:short" };
  expect(() => parseLock(JSON.stringify(broken))).toThrow(/is not a tool lock:\n {2}\/tools\/crane/);
});

test("a lock with an unknown field is refused", () => {
  const broken = structuredClone(lock) as { tools: Record<string, object> };
  broken.tools["crane"] = { ...broken.tools["crane"], url: "somewhere" };
  expect(() => parseLock(JSON.stringify(broken))).toThrow("is not a tool lock");
});
