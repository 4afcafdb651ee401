import assert from "node:assert/strict";
import { createRequire } from "node:module";
import { test } from "node:test";
import { assetHash } from "./hash.ts";

/** The library that wrangler hashes with. */
const wrangler = createRequire(createRequire(import.meta.url).resolve("wrangler"));
const { hash } = wrangler("blake3-wasm") as { hash: (text: string) => Buffer };

test("hashes are those of wrangler's own library, for any extension and content", () => {
  for (const path of ["index.html", "a/b.txt", "no-extension", ".well-known/x.tar.gz", ".hidden"]) {
    for (const bytes of [Buffer.alloc(0), Buffer.from("<h1>hi</h1>"), Buffer.alloc(70_001, 7)]) {
      const extension = /[^/]\.([^./]*)$/.exec(path)?.[1] ?? "";
      const expected = hash(bytes.toString("base64") + extension)
        .toString("hex")
        .slice(0, 32);
      assert.equal(assetHash(path, bytes), expected, path);
    }
  }
});

test("the same bytes under another extension are another asset", () => {
  assert.notEqual(assetHash("a.js", Buffer.from("1")), assetHash("a.css", Buffer.from("1")));
});
