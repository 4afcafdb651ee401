import assert from "node:assert/strict";
import { truncateSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { type Manifest, manifestDigest } from "./assets/manifest.ts";
import { check } from "./check.ts";
import type { Command } from "./command.ts";
import type { Kind } from "./config/check.ts";
import { type Outcome, folder, read, run, write } from "./testing.ts";

const configuration = { name: "trips", compatibility_date: "2026-11-01", assets: { directory: "./dist" } };

function checked(root: string, more: object = {}, kind: Kind = "worker"): Promise<Outcome> {
  const params = {
    kind,
    label: "//x:deploy",
    config: join(root, "wrangler.json"),
    name: "",
    site: join(root, "dist"),
    script: "",
    out: join(root, "out.json"),
  };
  return run(check as Command, { ...params, ...more });
}

function site(files: Readonly<Record<string, string>>, more: object = {}): string {
  const root = folder();
  write(root, { "wrangler.json": JSON.stringify({ ...configuration, ...more }) });
  write(join(root, "dist"), files);
  return root;
}

test("the manifest names what is served, and not what is only read", async () => {
  const root = site({
    "index.html": "1",
    "a/b.js": "2",
    "draft.txt": "3",
    _headers: "/*\n  X-A: 1\n",
    ".assetsignore": "draft.txt\n",
  });
  assert.equal((await checked(root)).status, 0);
  const manifest = JSON.parse(read(join(root, "out.json"))) as Manifest;
  assert.deepEqual(Object.keys(manifest.files), ["/a/b.js", "/index.html"]);
  assert.equal(manifest.headers, "/*\n  X-A: 1\n");
});

test("everything that is wrong is said at once", async () => {
  const root = site({ "index.html": "1", _headers: "X-A: 1\n", _redirects: "/a\n" }, { compatibility_date: "soon" });
  const { status, said } = await checked(root);
  assert.equal(status, 1);
  assert.match(
    said,
    /\/\/x:deploy cannot be deployed\n {2}.*wrangler.json:1: compatibility_date.*\n {2}.*_headers:1: .*\n {2}.*_redirects:1: /,
  );
});

test("a file of more than 25 MiB is named, with its size", async () => {
  const root = site({ "index.html": "1", "tiles/big.pmtiles": "" });
  truncateSync(join(root, "dist/tiles/big.pmtiles"), 25 * 1024 * 1024 + 1);
  assert.match(
    (await checked(root)).said,
    /dist\/tiles\/big.pmtiles: expected at most 25 MiB, found 25.0 MiB; serve it from object storage/,
  );
});

test("more than 20,000 files are refused", async () => {
  const root = site(Object.fromEntries(Array.from({ length: 20_001 }, (_, index) => [`${index % 100}/${index}`, ""])));
  assert.match((await checked(root)).said, /dist: expected at most 20000 files, found 20001/);
});

test("another name than the target's, an empty site, and a script on one side only are refused", async () => {
  const root = site({ "index.html": "1" });
  assert.match(
    (await checked(root, { name: "ships" })).said,
    /the target is for "ships", the configuration names "trips"/,
  );
  assert.match(
    (await checked(root, { script: handler(root) })).said,
    /the target has a main, the configuration has none/,
  );
  assert.match(
    (await checked(site({ "index.html": "1" }, { main: "x.js" }))).said,
    /main names a script, but the target has none/,
  );
  assert.match((await checked(site({ _headers: "" }))).said, /dist: expected files to serve, found none/);
  assert.match((await checked(site({ "_worker.js": "1" }))).said, /_worker.js: would be served to everybody/);
});

/** Writes a script that passes. */
function handler(root: string, text = "export default { fetch: () => new Response() };\n"): string {
  write(root, { "worker.mjs": text });
  return join(root, "worker.mjs");
}

test("a script is checked, and a change of it is a change of the site", async () => {
  const root = site({ "index.html": "1" }, { main: "worker.mjs" });
  const bare = await checked(root, { script: handler(root, 'import "hono";\n') });
  assert.match(
    bare.said,
    /worker.mjs: expected a module with a default export.*\n.*worker.mjs: imports hono: expected one/,
  );
  const digests: string[] = [];
  for (const text of [undefined, "export default { fetch: () => new Response('2') };\n"]) {
    assert.equal((await checked(root, { script: handler(root, text) })).status, 0);
    digests.push(manifestDigest(JSON.parse(read(join(root, "out.json"))) as Manifest));
  }
  assert.notEqual(digests[0], digests[1]);
});
