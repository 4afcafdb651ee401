import { once } from "node:events";
import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { platformImages } from "../layout.ts";
import { layerEntries } from "./archive.ts";
import { ARCHITECTURES, removeRoot, start } from "./engine.ts";

const layout = process.env["IMAGE"]!;
const images = platformImages(layout);
const scratch = mkdtempSync(join(process.env["TEST_TMPDIR"] ?? tmpdir(), "native-"));

afterAll(() => {
  for (const { config } of images) removeRoot(join(scratch, config.architecture));
});

test("only the layer of native packages differs between the platforms, above the base and Node", () => {
  const [amd64, arm64] = images.map((image) => image.layers.slice(2).map((layer) => layer.digest));
  expect(amd64).toHaveLength(3);
  expect(amd64!.slice(1)).toEqual(arm64!.slice(1));
  expect(amd64![0]).not.toBe(arm64![0]);
});

describe.each(images)("$platform", (image) => {
  const { node } = ARCHITECTURES[image.platform]!;

  test("has the packages of its own platform, all that they need and nothing else", () => {
    const names = [...layerEntries(layout, image)]
      .map(({ path }) => /^app\/node_modules\/((?:@[^/]+\/)?[^/]+)\/package\.json$/.exec(path)?.[1])
      .filter((name) => name !== undefined);
    expect(names.sort()).toEqual([
      "@img/colour",
      `@img/sharp-libvips-linux-${node}`,
      `@img/sharp-linux-${node}`,
      "detect-libc",
      "semver",
      "sharp",
    ]);
  });

  test("runs a program that uses them", async () => {
    const { child, output } = start(layout, image, join(scratch, image.config.architecture), {});
    await once(child, "close");
    expect(child.exitCode, output()).toBe(0);
    expect(JSON.parse(output())).toMatchObject({ arch: node, width: 320, height: 240, format: "webp" });
  });
});
