import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { test } from "node:test";
import { parseHeaders } from "../rules/headers.ts";
import { headersText, immutable } from "./headers.ts";
import { basePolicy, extend, inlineSources, policyText } from "./policy.ts";

const files = (...paths: readonly string[]): { path: string; bytes: number }[] =>
  paths.map((path) => ({ path, bytes: 1 }));

test("a folder where all names have hashes is kept for ever, else each such file", () => {
  assert.deepEqual(immutable(files("index.html", "assets/main-AB12CD34.js", "assets/main-AB12CD34.js.map")), [
    "/assets/*",
  ]);
  assert.deepEqual(immutable(files("main-ABCDEFGH.js", "index.html", "basemap.pmtiles")), ["/main-ABCDEFGH.js"]);
  assert.deepEqual(immutable(files("a/x-AB12CD34.js", "a/y.js")), ["/a/x-AB12CD34.js"]);
});

test("inline scripts and style sheets are allowed by their hashes, data and files are not", () => {
  const hash = `'sha256-${createHash("sha256").update("let a;").digest("base64")}'`;
  const page =
    '<script>let a;</script><script src="x.js"></script><script type="application/json">{}</script><style>b{}</style>';
  const sources = inlineSources(page);
  assert.deepEqual(sources["script-src"], [hash]);
  assert.equal(sources["style-src"]?.length, 1);
});

test("sources that are added replace 'none', and stand once", () => {
  const policy = extend(basePolicy, { "frame-ancestors": ["https://example.org"], "img-src": ["data:"] });
  assert.deepEqual(policy["frame-ancestors"], ["https://example.org"]);
  assert.match(policyText(policy), /img-src 'self' data: blob:;/);
});

test("the file is one that Cloudflare takes, with everything on all paths", () => {
  const options = {
    csp: { "connect-src": ["https://api.example.org"] },
    hstsSeconds: 60,
    permissions: ["geolocation"],
    extra: ["/x", "  X-A: 1"],
  };
  const { rules, faults } = parseHeaders(headersText(options, ["<script>1</script>"], files("assets/a-AB12CD34.js")));
  assert.deepEqual(faults, []);
  assert.deepEqual(
    rules.map(({ path }) => path),
    ["/*", "/assets/*", "/x"],
  );
  const all = Object.fromEntries(rules[0]!.set);
  assert.match(
    all["content-security-policy"]!,
    /connect-src 'self' https:\/\/api\.example\.org;.*script-src 'self' 'sha256-/,
  );
  assert.match(all["content-security-policy"]!, /worker-src 'self' blob:$/);
  assert.equal(all["strict-transport-security"], "max-age=60; includeSubDomains");
  assert.match(all["permissions-policy"]!, /camera=\(\), .*geolocation=\(self\)/);
});
