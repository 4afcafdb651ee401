import assert from "node:assert/strict";
import { test } from "node:test";
import { extension } from "./extension.ts";
import type { Config, Directory, Generated, RuleView } from "./shape.ts";

const worker = '{ "name": "trips", "assets": { "directory": "./dist" } }';
const pages = 'name = "trips"\npages_build_output_dir = "./dist"\n';
const rule = (kind: string, name: string, attrs: Readonly<Record<string, string>> = {}): RuleView => ({
  kind,
  name,
  text: (key) => attrs[key],
});

function generate(
  files: Readonly<Record<string, string>>,
  rules: readonly RuleView[],
  config: Partial<Config> = {},
): Generated {
  const directory: Directory = {
    path: "sites/trips",
    files: Object.keys(files),
    rules,
    config: { wrangler: true, site: undefined, ...config },
    repository: { read: (path) => files[path.replace("sites/trips/", "")]! },
    defaultVisibility: [],
  };
  return extension.generate(directory);
}

test("a folder with a configuration and a site gets the target that publishes it", () => {
  assert.deepEqual(generate({ "wrangler.jsonc": worker }, [rule("site", "dist")]).rules, [
    { kind: "wrangler_worker", name: "deploy", attrs: { config: [], headers: [], site: ":dist", visibility: [] } },
  ]);
  const [made] = generate({ "wrangler.toml": pages }, [rule("site", "dist")]).rules;
  assert.equal(made?.kind, "wrangler_pages");
  assert.equal(made?.attrs["config"], "wrangler.toml");
  const [headed] = generate({ "wrangler.jsonc": worker }, [
    rule("site", "dist"),
    rule("security_headers", "headers"),
  ]).rules;
  assert.equal(headed?.attrs["headers"], ":headers");
});

test("without a site, or where it is switched off, there is none", () => {
  assert.deepEqual(generate({ "wrangler.jsonc": worker }, []).rules, []);
  assert.deepEqual(generate({ "wrangler.jsonc": worker }, [rule("site", "dist")], { wrangler: false }).rules, []);
  assert.equal(
    generate({ "wrangler.jsonc": worker }, [], { site: "//elsewhere:dist" }).rules[0]?.attrs["site"],
    "//elsewhere:dist",
  );
});

test("a target whose configuration is gone is deleted; of one of the other kind it is said", () => {
  const stale = rule("wrangler_pages", "deploy");
  assert.deepEqual(generate({}, [rule("site", "dist"), stale]).empty, [stale]);
  const changed = generate({ "wrangler.jsonc": worker }, [rule("site", "dist"), stale]);
  assert.deepEqual([changed.rules, changed.empty], [[], []]);
  assert.match(changed.problems![0]!.message, /that of a wrangler_worker, but :deploy is a wrangler_pages; write/);
});

test("what is not clear is said, never guessed", () => {
  const two = generate({ "wrangler.jsonc": worker }, [rule("site", "a"), rule("site", "b")]);
  assert.match(two.problems![0]!.message, /:a and :b are sites; say which one/);
  assert.match(
    generate({ "wrangler.jsonc": worker, "wrangler.toml": pages }, []).problems![0]!.message,
    /there is wrangler.toml too/,
  );
  assert.deepEqual(generate({ "wrangler.jsonc": "{\n  x\n}" }, [rule("site", "a")]).problems![0]!.line, 2);
});

test("directives with a value that is none are reported", () => {
  const reported: string[] = [];
  const directives = [
    { key: "wrangler", value: "off" },
    { key: "wrangler_site", value: "a b" },
  ];
  extension.configure(undefined, { directives, report: ({ key }) => void reported.push(key) });
  assert.deepEqual(reported, ["wrangler", "wrangler_site"]);
});
