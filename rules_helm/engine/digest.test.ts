import assert from "node:assert/strict";
import { test } from "node:test";
import { manifest } from "./digest.ts";
import { goJson } from "./go-json.ts";

test("JSON is what Go writes: sorted maps, and the characters of HTML escaped", () => {
  assert.equal(
    goJson({ b: "<&>", a: [1, true, null], é: "grüße\u2028" }),
    '{"a":[1,true,null],"b":"\\u003c\\u0026\\u003e","é":"grüße\\u2028"}',
  );
});

test("a manifest has the annotations that helm derives, and those of the chart but for title and version", () => {
  const text = manifest(
    {
      name: "hello",
      version: "0.1.0",
      description: "",
      sources: ["https://example.org/a.git", "https://example.org/b.git"],
      maintainers: [{ name: "Ada", email: "ada@example.org" }, { name: "Grace" }],
      annotations: { "org.opencontainers.image.title": "not this", "example.org/team": "7" },
    },
    Buffer.from("archive"),
  );
  assert.deepEqual(JSON.parse(text).annotations, {
    "example.org/team": "7",
    "org.opencontainers.image.authors": "Ada (ada@example.org), Grace",
    "org.opencontainers.image.created": "1980-01-01T00:00:00Z",
    "org.opencontainers.image.source": "https://example.org/a.git",
    "org.opencontainers.image.title": "hello",
    "org.opencontainers.image.version": "0.1.0",
  });
});
