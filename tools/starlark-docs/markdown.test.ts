import { expect, test } from "vitest";
import { referenceOf } from "./markdown.ts";
import { type ModuleDocs, readModuleInfo, type Symbol } from "./module-info.ts";

const symbol: Symbol = { kind: "function", name: "chart", doc: "Packs a chart.", parameters: [], returns: "" };
const module = (symbols: readonly Symbol[]): ModuleDocs => ({ file: "@x//:defs.bzl", doc: "Public rules.", symbols });
const parameter = { name: "values", doc: "Files.\n  More.", defaultValue: "[]", mandatory: false, type: "label_list" };

test("symbols stand by kind and name, with what they take and return", async () => {
  const rule: Symbol = { ...symbol, kind: "rule", name: "test", parameters: [parameter] };
  const provider: Symbol = {
    ...symbol,
    kind: "provider",
    name: "Info",
    doc: "A chart.",
    parameters: [{ ...parameter, name: "archive", doc: "File: it", type: "", defaultValue: "" }],
  };
  const named = { ...parameter, name: "name", doc: "", defaultValue: "", mandatory: true, type: "" };
  const macro: Symbol = { ...symbol, name: "app", parameters: [named], returns: "a dict" };
  expect(await referenceOf("Rules", [module([rule, symbol, provider, macro])])).toBe(`# Rules

Written from the docstrings; change those.

## defs.bzl

Public rules.

### Macros and functions

#### app

Packs a chart.

Arguments:

- \`name\` (required): the target's name

Returns a dict

#### chart

Packs a chart.

### Rules

#### test

Packs a chart.

Attributes:

- \`values\` (label_list, default \`[]\`): Files.
  More.

### Providers

#### Info

A chart.

Fields:

- \`archive\`: File: it
`);
});

test("what has no docstring is named", async () => {
  const silent = { ...symbol, doc: "", parameters: [{ ...parameter, doc: "" }] };
  await expect(referenceOf("Rules", [module([silent])])).rejects.toThrow(
    "  @x//:defs.bzl: chart\n  @x//:defs.bzl: chart: values",
  );
});

test("a file without symbols is an empty module", () => {
  expect(readModuleInfo(new Uint8Array())).toEqual({ file: "", doc: "", symbols: [] });
});

test("bytes that are no module are an error", () => {
  expect(() => readModuleInfo(new Uint8Array([0x0a, 0x7f, 0x01]))).toThrow();
});
