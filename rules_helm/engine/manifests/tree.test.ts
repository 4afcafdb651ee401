import assert from "node:assert/strict";
import { test } from "node:test";
import { applicationPath, compare, describe, type RenderedApp, renderedFiles } from "./tree.ts";

const app = (overlay: string, name: string, files: Record<string, string>, label = `//charts/${name}:${overlay}`) =>
  ({
    label,
    overlay,
    app: name,
    manifests: new Map(Object.entries(files).map(([path, text]) => [path, Buffer.from(text)])),
    application: Buffer.from(`application ${name}`),
  }) satisfies RenderedApp;
const trips = app("production", "trips-api", { "deployment-trips-api.yaml": "a", "service-trips-api.yaml": "b" });

test("each application has a folder for its manifests and a file for its Application", () => {
  assert.deepEqual(
    [...renderedFiles([trips]).keys()],
    [
      "production/trips-api/deployment-trips-api.yaml",
      "production/trips-api/service-trips-api.yaml",
      "production/applications/trips-api.yaml",
    ],
  );
  assert.equal(applicationPath(trips), "production/applications/trips-api.yaml");
});

test("the same app in two overlays is two folders", () => {
  assert.equal(renderedFiles([trips, app("staging", "trips-api", {})]).size, 4);
});

test("two applications that want one folder are both named", () => {
  const other = app("production", "trips-api", {}, "//other/trips-api:production");
  assert.throws(
    () => renderedFiles([trips, other]),
    /\/\/charts\/trips-api:production and \/\/other\/trips-api:production both render to production\/trips-api/,
  );
});

test("no application can have the name of the folder of Applications", () => {
  assert.throws(() => renderedFiles([app("production", "applications", {})]), /cannot be named "applications"/);
});

test("files that differ, are missing or are orphans are told apart", () => {
  const rendered = renderedFiles([trips]);
  const committed = new Map([
    ["production/trips-api/deployment-trips-api.yaml", Buffer.from("old")],
    ["production/applications/trips-api.yaml", Buffer.from("application trips-api")],
    ["production/gone/service-gone.yaml", Buffer.from("c")],
  ]);
  const difference = compare(rendered, committed);
  assert.deepEqual(difference, {
    stale: ["production/trips-api/deployment-trips-api.yaml"],
    missing: ["production/trips-api/service-trips-api.yaml"],
    orphans: ["production/gone/service-gone.yaml"],
  });
  assert.deepEqual(describe("manifests", difference), [
    "  stale    manifests/production/trips-api/deployment-trips-api.yaml",
    "  missing  manifests/production/trips-api/service-trips-api.yaml",
    "  orphan   manifests/production/gone/service-gone.yaml",
  ]);
  assert.deepEqual(describe("manifests", compare(rendered, rendered)), []);
});
