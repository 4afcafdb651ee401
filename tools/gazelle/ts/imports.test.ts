import { expect, test } from "vitest";
import { findCssImports, findTypeScriptImports } from "./imports.ts";

function specifiers(text: string, file = "a.ts"): unknown {
  const found = findTypeScriptImports(file, text);
  return "imports" in found ? found.imports.map(({ specifier, line }) => `${line} ${specifier}`) : found;
}

test.each([
  ["static", `import a, { b } from "x";\nimport * as c from "y";\nimport "z";`, ["1 x", "2 y", "3 z"]],
  [
    "type-only",
    `import type { A } from "x";\nimport { type B } from "y";\nexport type { C } from "z";`,
    ["1 x", "2 y", "3 z"],
  ],
  ["re-exported", `export * from "x";\nexport { a } from "y";`, ["1 x", "2 y"]],
  ["dynamic", `const a = await import("x");\nconst b = (name: string) => import(name);`, ["1 x"]],
  ["types in place", `type A = import("x").A;\nconst a: typeof import("y") = 1 as never;`, ["1 x", "2 y"]],
  ["resolved", `import.meta.resolve("x");\nrequire("y");\nrequire.resolve("z");`, ["1 x", "2 y", "3 z"]],
  ["referenced", `/// <reference types="x" />\nexport {};`, ["1 x"]],
  ["twice", `import "x";\nexport * from "x";`, ["1 x"]],
  ["in text only", "// import 'x'\nconst a = `import(\"y\")`;\nother.resolve('z');", []],
])("imports are found: %s", (_, text, expected) => {
  expect(specifiers(text)).toEqual(expected);
});

test("lines are right behind characters outside of the basic plane", () => {
  expect(specifiers(`const a = "🛰️🛰️";\nimport "x";`)).toEqual(["2 x"]);
});

test("a file that does not parse says where", () => {
  const error = { line: 2, message: expect.any(String) as string };
  expect(specifiers(`const a = 1;\nconst = ;\n`)).toEqual({ error });
});

test("style sheets name files beside them, files elsewhere and packages", () => {
  const text = `@import "./a.css";\n@import url("b.css");\n@import "pkg/c.css";
/* url(no.png) */ a { b: url(d.svg#x) url('../e.woff2?v=1') url(data:image/png,x) url(#id) url("https://x.example/y") }`;
  const found = findCssImports("s.css", text).map(({ specifier, line }) => `${line} ${specifier}`);
  expect(found).toEqual(["1 ./a.css", "2 ./b.css", "3 pkg/c.css", "4 ./d.svg", "4 ../e.woff2"]);
});
