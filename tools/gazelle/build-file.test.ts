import { expect, test } from "vitest";
import { parseBuildFile } from "./build-file.ts";

test("comments protect the rule, the attribute or the item that they stand on", () => {
  const { rules } = parseBuildFile(`
# keep
a(name = "rule")

# keep

b(
    name = "far",
    # keep: used by a script
    above = ["x"],
    beside = ["x"],  # keep
    opening = [  # keep
        "x",
    ],
    items = [
        "plain",
        "beside",  # keep
        # keep
        "above",
        "after",
        # keep
    ],
)
`);
  expect(rules.map(({ name, keep }) => [name, keep])).toEqual([
    ["rule", true],
    ["far", false],
  ]);
  const attrs = rules[1]!.attrs;
  expect([...attrs].filter(([, { keep }]) => keep).map(([name]) => name)).toEqual(["above", "beside", "opening"]);
  expect(attrs.get("items")!.value).toEqual({
    type: "list",
    items: [
      { value: "plain", keep: false },
      { value: "beside", keep: true },
      { value: "above", keep: true },
      { value: "after", keep: false },
    ],
  });
});

test("a computed value is known by its strings and globs", () => {
  const { rules } = parseBuildFile(
    `a(name = "a", srcs = ["x"] + glob(include = ["*.ts"], exclude = ["*.test.ts"]) + glob(["b/**"]) + MORE, on = True)`,
  );
  expect(rules[0]!.attrs.get("srcs")!.value).toEqual({
    type: "other",
    strings: ["x"],
    globs: [
      { include: ["*.ts"], exclude: ["*.test.ts"] },
      { include: ["b/**"], exclude: [] },
    ],
  });
  expect(rules[0]!.attrs.get("on")!.value).toEqual({ type: "flag", value: true });
});

test("strings may hold brackets, hashes, quotes and line breaks", () => {
  const { rules } = parseBuildFile(`a(name = "a", one = "(#\\"", two = '''x\n)"''', three = r"\\d")\nb(name = 'b')`);
  expect(rules.map(({ name }) => name)).toEqual(["a", "b"]);
  const values = ["one", "two", "three"].map((attr) => rules[0]!.attrs.get(attr)!.value);
  expect(values).toEqual([
    { type: "string", value: '(#"' },
    { type: "string", value: 'x\n)"' },
    { type: "string", value: "\\d" },
  ]);
});

test("loads are known by their local names, and what uses them by name", () => {
  const { loads, usedNames, rules } = parseBuildFile(
    `load("//x:y.bzl", "a", c = "b")\nload("//x:y.bzl", "d")\na(name = "n", impl = c)\n[d(name = n) for n in []]\n`,
  );
  expect([...loads]).toEqual([["//x:y.bzl", ["a", "c", "d"]]]);
  expect(rules.map(({ kind, line }) => [kind, line])).toEqual([["a", 3]]);
  expect([...usedNames]).toEqual(expect.arrayContaining(["c", "d"]));
  expect(usedNames.has("a")).toBe(false);
});

test("directives stand at the start of a line", () => {
  const { directives } = parseBuildFile(`# gazelle:ignore\n#gazelle:resolve ts a //b \n  # gazelle:no\n`);
  expect(directives).toEqual([
    { key: "ignore", value: "", line: 1 },
    { key: "resolve", value: "ts a //b", line: 2 },
  ]);
});
