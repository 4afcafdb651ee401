import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { expect, test } from "vitest";

const assets = join(process.env["SITE_DIST"] ?? "", "assets");
const scripts = readdirSync(assets).filter((name) => /\.m?js$/.test(name));
const weight = (name: string) => gzipSync(readFileSync(join(assets, name)), { level: 9 }).length;

test("the page weighs at most 150 kB of script, compressed, beside MapLibre", () => {
  const map = scripts.filter((name) => /^(map|maplibre-gl-worker)-/.test(name));
  expect(map).toHaveLength(2);
  const rest = scripts.filter((name) => !map.includes(name));
  expect(rest.length).toBeGreaterThan(0);
  expect(rest.reduce((sum, name) => sum + weight(name), 0)).toBeLessThanOrEqual(150_000);
});
