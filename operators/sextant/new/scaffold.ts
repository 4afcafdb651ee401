import { readFileSync } from "node:fs";
import { join, relative } from "node:path";
import { BadName, type Names, pluralOf } from "./names.ts";
import { formatted } from "../emit/format.ts";

/** The example that new operators are copies of: it is built and tested like all other code. */
export const TEMPLATE = join(import.meta.dirname, "../examples/gadget");

/** What is copied of it; the rest is generated from machine.yaml. */
export const FILES = [
  "README.md",
  "api.ts",
  "config.ts",
  "fake.ts",
  "machine.yaml",
  "main.ts",
  "operator.test.ts",
  "operator.ts",
  "reconcile.ts",
  "resource.ts",
] as const;

/** What the example is called, and where it is. */
const EXAMPLE: Names = { name: "gadget", kind: "Gadget", plural: "gadgets", group: "example.org" };
const [FOLDER, SCHEMA] = ["operators/sextant/examples/gadget", "operators/sextant/machine.schema.json"];

/**
 * The files of a new operator: name → text, formatted.
 * @param folder the path of the new folder from the root of the repository
 * @throws BadName for a kind that the code uses for something else
 */
export async function scaffold(names: Names, folder: string): Promise<ReadonlyMap<string, string>> {
  const template = FILES.map((file) => [file, readFileSync(join(TEMPLATE, file), "utf8")] as const);
  const code = template
    .filter(([file]) => file.endsWith(".ts"))
    .map(([, text]) => text.replaceAll(/\/\*[^]*?\*\//g, ""));
  if (names.kind !== EXAMPLE.kind && code.some((text) => new RegExp(`\\b${names.kind}\\b`).test(text)))
    throw new BadName(`"${names.kind}" stands for something else in the code of an operator; choose another --kind`);
  const files = new Map<string, string>();
  for (const [file, text] of template) files.set(file, await formatted(renamed(text, names, folder), parserOf(file)));
  return files;
}

function renamed(text: string, names: Names, folder: string): string {
  const words: Readonly<Record<string, string>> = {
    [EXAMPLE.plural.toUpperCase()]: names.plural.toUpperCase(),
    [pluralOf(EXAMPLE.kind)]: pluralOf(names.kind),
    [EXAMPLE.plural]: names.plural,
    [EXAMPLE.kind]: names.kind,
    [`${EXAMPLE.name}_`]: `${names.name.replaceAll("-", "_")}_`,
    [EXAMPLE.name]: names.name,
    [EXAMPLE.group]: names.group,
    [FOLDER]: folder,
    [relative(FOLDER, SCHEMA)]: relative(folder, SCHEMA),
  };
  const longestFirst = Object.keys(words).sort((a, b) => b.length - a.length);
  const any = new RegExp(longestFirst.map((word) => word.replaceAll(".", "\\.")).join("|"), "g");
  return text.replace(any, (word) => words[word]!);
}

const parserOf = (file: string): Parameters<typeof formatted>[1] =>
  file.endsWith(".md") ? "markdown" : file.endsWith(".yaml") ? "yaml" : "babel-ts";
