import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { type BaseLock, disagreements, parseBase } from "../config.ts";

const yamlPath = process.env["BASE_YAML"]!;
const yaml = readFileSync(yamlPath, "utf8");
const lock = JSON.parse(readFileSync(process.env["BASE_LOCK"]!, "utf8")) as BaseLock;

test("the lock says what the YAML says; else run `bazel run //tools/image:lock`", () => {
  expect(disagreements(parseBase(yaml, yamlPath), lock)).toEqual([]);
});

test("a package that only the YAML names is a disagreement", () => {
  const more = yaml.replace(
    /packages:( \[|\n +- )/,
    (start) => `${start}busybox${start.endsWith("[") ? ", " : start.replace("packages:", "")}`,
  );
  const found = disagreements(parseBase(more, yamlPath), lock).join("\n");
  expect(found).toContain("the lock has no busybox for amd64");
  expect(found).toContain("the lock has no busybox for arm64");
});

test("an unknown field of the YAML is refused by its name", () => {
  expect(() => parseBase(`${yaml}\nentrypoint: sh\n`, yamlPath)).toThrow(yamlPath);
});
