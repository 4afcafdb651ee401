import assert from "node:assert/strict";
import { test } from "node:test";
import { type Kind, checkConfiguration } from "./check.ts";
import { readConfiguration } from "./read.ts";

/** What is said of a configuration, as `line: message`. */
function said(kind: Kind, file: string, text: string): readonly string[] {
  const read = readConfiguration(file, text);
  const checked = "faults" in read ? read : checkConfiguration(kind, read);
  return "faults" in checked ? checked.faults.map(({ line, message }) => `${line}: ${message}`) : [];
}

const worker =
  '{ // a site\n  "name": "trips",\n  "compatibility_date": "2026-11-01",\n  "assets": { "directory": "./dist", },\n}';
const pages = 'name = "trips" # a site\ncompatibility_date = "2026-11-01"\npages_build_output_dir = "./dist"\n';

test("comments and trailing commas are read in JSON, comments in TOML", () => {
  assert.deepEqual(said("worker", "wrangler.jsonc", worker), []);
  assert.deepEqual(said("worker", "wrangler.json", worker), []);
  assert.deepEqual(said("pages", "wrangler.toml", pages), []);
});

test("a comment within a line and a URL in a text are told apart", () => {
  const text = worker.replace('"trips",', '"trips", /* the name */').replace("./dist", "./a//b");
  assert.deepEqual(said("worker", "wrangler.jsonc", text), []);
});

test("what does not parse is said with its line", () => {
  assert.deepEqual(said("worker", "wrangler.jsonc", '{\n  "name": "trips"\n  "x": 1\n}'), [
    "3: not JSON: comma expected",
  ]);
  assert.match(said("pages", "wrangler.toml", 'name = "a"\nx =\n')[0]!, /^2: not TOML: /);
  assert.deepEqual(said("worker", "wrangler.json", "[]"), ["1: expected an object with a name"]);
  assert.deepEqual(said("worker", "wrangler.json", '{"name": "a",\n"name": "b"}'), ["2: name is said twice"]);
});

test("a key that wrangler does not know, and a value of the wrong type, are said", () => {
  const text = worker
    .replace('"name": "trips"', '"name": "trips",\n  "compatability_flags": []')
    .replace('"./dist"', "7");
  assert.deepEqual(said("worker", "wrangler.jsonc", text), [
    "3: compatability_flags: wrangler knows no such key; correct it or delete it",
    "5: assets.directory: expected string",
  ]);
});

test("names are those that Cloudflare takes", () => {
  const named = (kind: Kind, name: string): readonly string[] =>
    kind === "pages"
      ? said(kind, "wrangler.toml", pages.replace("trips", name))
      : said(kind, "wrangler.json", worker.replace("trips", name));
  assert.deepEqual(named("pages", "my-site-2"), []);
  assert.match(
    named("pages", "My-Site")[0]!,
    /^1: name: expected lowercase letters, digits and dashes, not at the ends, found "My-Site"/,
  );
  assert.match(named("pages", "my_site")[0]!, /expected lowercase/);
  assert.deepEqual(named("worker", "my_site"), []);
  assert.match(named("worker", "-x")[0]!, /^2: name: expected/);
  assert.match(named("pages", "a".repeat(59))[0]!, /expected at most 58 characters, found 59/);
});

test("the compatibility date is there, and is a date", () => {
  assert.match(
    said("pages", "wrangler.toml", pages.replace(/compat.*\n/, ""))[0]!,
    /^1: compatibility_date: expected a date .* found none/,
  );
  assert.match(
    said("pages", "wrangler.toml", pages.replace("11-01", "02-30"))[0]!,
    /^2: compatibility_date: .* found "2026-02-30"/,
  );
});

test("a configuration of the other kind is told where it belongs", () => {
  assert.match(said("pages", "wrangler.json", worker).join("\n"), /It has assets: use wrangler_worker/);
  assert.match(
    said("worker", "wrangler.toml", pages).join("\n"),
    /3: pages_build_output_dir: is for Pages; delete it or use wrangler_pages/,
  );
  assert.match(said("pages", "wrangler.toml", `${pages}main = "x.js"\n`).join("\n"), /4: main: is for Workers/);
  assert.match(
    said("pages", "wrangler.toml", `${pages}[env.staging]\n`).join("\n"),
    /4: env.staging: expected preview or production/,
  );
  assert.match(
    said("worker", "wrangler.json", worker.replace("./dist", './dist", "binding": "ASSETS')).join("\n"),
    /assets.binding: expected a main beside it/,
  );
});

test("what reaches a script, and what it reaches, is checked", () => {
  const scripted = (assets: object, more: object = {}): readonly string[] => {
    const configuration = { name: "trips", compatibility_date: "2026-11-01", main: "x.mjs", ...more };
    return said("worker", "wrangler.json", JSON.stringify({ ...configuration, assets: { directory: "d", ...assets } }));
  };
  assert.deepEqual(scripted({ binding: "ASSETS", run_worker_first: ["/api/*", "!/api/docs"] }, { vars: { A: 1 } }), []);
  assert.match(scripted({ run_worker_first: ["api/*"] })[0]!, /run_worker_first: expected paths that begin with \//);
  assert.match(scripted({ run_worker_first: ["!/api/*"] })[0]!, /expected a path without !/);
  const many = Array.from({ length: 101 }, (_, index) => `/${index}`);
  assert.match(scripted({ run_worker_first: many })[0]!, /expected at most 100 paths, found 101/);
  assert.match(scripted({ run_worker_first: true })[0]!, /assets.binding: expected a name such as "ASSETS"/);
  assert.match(scripted({ binding: "A" }, { vars: { A: "" } })[0]!, /vars.A: is the binding of the assets too/);
  assert.match(scripted({}, { vars: { "a-b": "" } })[0]!, /vars.a-b: expected a name of letters/);
  assert.match(
    said("worker", "wrangler.json", worker.replace("{ //", '{ "vars": { "A": "" }, //'))[0]!,
    /vars: expected a main/,
  );
});
