import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { formatted } from "../emit/format.ts";
import { BadName, namesOf, pluralOf } from "./names.ts";
import { FILES, scaffold, TEMPLATE } from "./scaffold.ts";

test("an operator that is called like the example is the example", async () => {
  const files = await scaffold(namesOf("gadget", undefined, "example.org"), "operators/sextant/examples/gadget");
  expect([...files.keys()]).toEqual(FILES);
  for (const [file, text] of files) expect(text, file).toBe(readFileSync(join(TEMPLATE, file), "utf8"));
});

test("nothing of the example's name is left in an operator with another, and all of it is formatted", async () => {
  const files = await scaffold(namesOf("cache-policy", undefined, "homelab.test"), "operators/cache-policy");
  for (const [file, text] of files) {
    expect(text, file).not.toMatch(/gadget|example\.org/i);
    if (file.endsWith(".ts")) expect(await formatted(text, "babel-ts")).toBe(text);
  }
  expect(files.get("resource.ts")).toContain(`  group: "homelab.test",
  version: "v1",
  plural: "cachepolicies",
  kind: "CachePolicy",
`);
  expect(files.get("machine.yaml")).toMatch(/^# yaml-language-server: \$schema=\.\.\/sextant\/machine\.schema\.json\n/);
  expect(files.get("main.ts")).toContain(`name: "cache-policy-operator"`);
});

test.each(["Backup", "Policy", "Box", "Address", "Day", "Patch"])("%s has its plural", (kind) => {
  const plurals = ["backups", "policies", "boxes", "addresses", "days", "patches"];
  expect(plurals).toContain(pluralOf(kind.toLowerCase()));
});

test.each([
  ["Backup", undefined, "example.org", /"Backup" cannot be the name of an operator; expected small letters/],
  ["my_backup", undefined, "example.org", /"my_backup" cannot be the name/],
  ["a--b", undefined, "example.org", /"a--b" cannot be the name/],
  ["x".repeat(41), undefined, "example.org", /at most 40/],
  ["backup", "backup", "example.org", /"backup" cannot be a kind; expected letters and digits, a capital first/],
  ["backup", undefined, "homelab", /"homelab" cannot be an API group; expected a domain/],
])("%s with the kind %s in %s is refused", (name, kind, group, message) => {
  expect(() => namesOf(name, kind, group)).toThrow(BadName);
  expect(() => namesOf(name, kind, group)).toThrow(message);
});

test.each(["State", "Pending", "Items", "Observer", "Map"])(
  "the kind %s is refused where the code has it",
  async (kind) => {
    await expect(scaffold(namesOf("thing", kind, "example.org"), "operators/thing")).rejects.toThrow(
      /choose another --kind/,
    );
  },
);
