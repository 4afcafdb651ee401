import { execFileSync } from "node:child_process";
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { bundleSite } from "./page.ts";
import { bundleService } from "./service.ts";

const home = process.cwd();
let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(realpathSync(tmpdir()), "bundle-"));
  process.chdir(folder);
});
afterEach(() => {
  process.chdir(home);
  rmSync(folder, { recursive: true, force: true });
});

function write(files: Record<string, string>): void {
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text);
  }
}

const program = {
  "node_modules/shout/package.json": '{ "main": "index.js" }',
  "node_modules/shout/index.js": "module.exports = (text) => text.toUpperCase();",
  "app/main.ts": 'import shout from "shout"; import { word } from "./word.ts"; console.log(shout(word));',
  "app/word.ts": 'export const word: string = "hello";',
};
const vendor = (out: string) =>
  readdirSync(`${out}/vendor`).map((name) => readFileSync(`${out}/vendor/${name}`, "utf8"));

test("a service is bundled into our code and npm's, and runs", async () => {
  write(program);
  await bundleService("app/main.ts", "out", "app", "vendor");
  expect(execFileSync(process.execPath, ["out/app/main.mjs"], { encoding: "utf8" })).toBe("HELLO\n");
  expect(readFileSync("out/app/main.mjs", "utf8")).not.toContain("toUpperCase");
});

test("a change in our code leaves npm's folder as it was", async () => {
  write(program);
  await bundleService("app/main.ts", "before", "app", "vendor");
  write({ "app/word.ts": 'export const word: string = "goodbye";' });
  await bundleService("app/main.ts", "after", "app", "vendor");
  expect(vendor("after")).toEqual(vendor("before"));
});

test("a native package stays an import of a node_modules beside the bundle, and the others are bundled", async () => {
  write({
    ...program,
    "node_modules/native/package.json": '{ "main": "index.cjs" }',
    "node_modules/native/index.cjs": "module.exports = require('./program.node');",
    "app/main.ts": 'import native from "native"; import shout from "shout"; console.log(shout(native.word));',
    "out/node_modules/native/index.js": "module.exports = { word: 'beside' };",
  });
  await bundleService("app/main.ts", "out", "app", "vendor", ["native"]);
  expect(execFileSync(process.execPath, ["out/app/main.mjs"], { encoding: "utf8" })).toBe("BESIDE\n");
  await expect(bundleService("app/main.ts", "out", "app", "vendor")).rejects.toThrow(/program\.node/);
});

/** Lays a sandbox of links beside the folder that they lead to, as Bazel does, and goes there. */
function enterSandbox(files: Record<string, string>, declared: readonly string[]): void {
  mkdirSync("execroot");
  process.chdir("execroot");
  write(files);
  process.chdir("..");
  for (const path of declared) {
    mkdirSync(dirname(join("sandbox", path)), { recursive: true });
    symlinkSync(join(folder, "execroot", path), join("sandbox", path));
  }
  process.chdir("sandbox");
}

test("a bundle made in a sandbox of links is the one that is made without", async () => {
  enterSandbox(program, Object.keys(program));
  await bundleService("app/main.ts", "out", "app", "vendor");
  const inside = [
    ...vendor("out"),
    readFileSync("out/app/main.mjs", "utf8"),
    readFileSync("out/app/main.mjs.map", "utf8"),
  ];
  process.chdir("../execroot");
  await bundleService("app/main.ts", "out", "app", "vendor");
  expect(inside).toEqual([
    ...vendor("out"),
    readFileSync("out/app/main.mjs", "utf8"),
    readFileSync("out/app/main.mjs.map", "utf8"),
  ]);
});

test("a file that the action does not declare is refused by name, though the machine has it", async () => {
  enterSandbox(
    program,
    Object.keys(program).filter((path) => path !== "app/word.ts"),
  );
  await expect(bundleService("app/main.ts", "out", "app", "vendor")).rejects.toThrow(
    "these files are not among the srcs and deps of the target: app/word.ts",
  );
});

const page = '<html><head></head><body><script type="module" src="./main.tsx"></script></body></html>';

test("a page names the hashed script and style sheet, and has its assets beside it", async () => {
  write({
    "site/index.html": page,
    "site/main.tsx": 'import "./a.css"; document.title = "x";',
    "site/a.css": "a { color: red }",
    "icon.svg": "<svg/>",
  });
  await bundleSite("site/main.tsx", "site/index.html", "site/dist", ["icon.svg"]);
  const html = readFileSync("site/dist/index.html", "utf8");
  const [script, style] = [
    /src="\.\/(assets\/main-\w+\.js)"/.exec(html)?.[1],
    /href="\.\/(assets\/main-\w+\.css)"/.exec(html)?.[1],
  ];
  expect(readFileSync(`site/dist/${script}`, "utf8")).toContain("document.title");
  expect(readFileSync(`site/dist/${style}`, "utf8")).toContain("color:red");
  expect(readdirSync("site/dist")).toContain("icon.svg");
});

test("a page that does not name its script is refused", async () => {
  write({ "site/index.html": "<html></html>", "site/main.tsx": "1;" });
  await expect(bundleSite("site/main.tsx", "site/index.html", "site/dist", [])).rejects.toThrow(
    'has no <script type="module" src="./main.tsx">',
  );
});

test("a worker is a script of its own, and its import gives the URL", async () => {
  write({
    "site/index.html": page,
    "site/main.tsx": 'import url from "./work.ts?worker&url"; new Worker(url);',
    "site/work.ts": "self.onmessage = () => postMessage(42 as number);",
  });
  await bundleSite("site/main.tsx", "site/index.html", "site/dist", []);
  const worker = readdirSync("site/dist/assets").find((name) => name.startsWith("work-"));
  expect(readFileSync(`site/dist/assets/${worker}`, "utf8")).toContain("postMessage(42)");
});
