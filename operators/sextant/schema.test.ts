import { readFileSync } from "node:fs";
import { Compile } from "typebox/schema";
import { expect, test } from "vitest";
import { parse } from "yaml";
import { formatted } from "./emit/format.ts";
import { KEYS } from "./read/machine.ts";
import { PROPERTY_KEYS } from "./read/properties.ts";
import { TRANSITION_KEYS } from "./read/transitions.ts";
import { SCHEMA } from "./schema.ts";

const validator = Compile(SCHEMA as object);
const example = (name: string): string => readFileSync(`operators/sextant/examples/${name}/machine.yaml`, "utf8");

/** The keys of a map in the schema, found by the way to it. */
function keysAt(...way: readonly string[]): string[] {
  const found = way.reduce<unknown>((at, key) => (at as Record<string, unknown>)[key], SCHEMA);
  return Object.keys((found as { properties: object }).properties);
}

test.each(["request", "exposure", "gadget", "volume"])("the schema allows the example %s", (name) => {
  expect(validator.Errors(parse(example(name)))[1]).toEqual([]);
});

test.each([
  [/terminal: true/, "terminl: true"],
  [/trigger: drift/, "trigger: drifting"],
  [/requeue: 1m/, "requeue: 1 minute"],
  [/quotaLeft: integer/, "quotaLeft: int"],
  [/maxRetries: 5/, "maxRetries: many"],
])("the schema refuses a file with %s changed to %s", (from, to) => {
  const source = example("volume").replace(from, to);
  expect(source).not.toBe(example("volume"));
  expect(validator.Check(parse(source))).toBe(false);
});

test("the schema has the keys that the reader knows", () => {
  expect(keysAt()).toEqual([...KEYS.machine]);
  expect(keysAt("properties", "metadata")).toEqual([...KEYS.metadata]);
  expect(keysAt("properties", "states", "items")).toEqual([...KEYS.state]);
  expect(keysAt("properties", "transitions", "items")).toEqual([...TRANSITION_KEYS]);
  expect(keysAt("properties", "properties", "items")).toEqual([...PROPERTY_KEYS]);
  expect(keysAt("properties", "errorHandling")).toEqual([...KEYS.errorHandling]);
  expect(keysAt("properties", "errorHandling", "properties", "backoff")).toEqual([...KEYS.backoff]);
});

test("the committed schema is the one that `sextant schema` prints", async () => {
  expect(readFileSync("operators/sextant/machine.schema.json", "utf8")).toBe(
    await formatted(JSON.stringify(SCHEMA), "json"),
  );
});
