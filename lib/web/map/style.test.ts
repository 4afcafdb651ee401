import { expect, test } from "vitest";
import { basemapGround, basemapLabels, basemapSources } from "./basemap-style.ts";
import { graticule } from "./graticule.ts";

const lines = graticule().features.map(({ geometry, properties }) => ({
  at: geometry.coordinates.join(),
  zoom: properties.zoom,
}));

test("every meridian and parallel is there once, from its coarsest step on", () => {
  expect(new Set(lines.map(({ at }) => at)).size).toBe(lines.length);
  expect(lines.find(({ at }) => at === "-30,-85,-30,85")?.zoom).toBe(0);
  expect(lines.find(({ at }) => at === "-10,-85,-10,85")?.zoom).toBe(3);
  expect(lines.find(({ at }) => at === "-180,57.5,180,57.5")?.zoom).toBe(7);
});

test("light and dark have the same layers, in other colours", () => {
  const [light, dark] = (["light", "dark"] as const).map((theme) => [...basemapGround(theme), ...basemapLabels(theme)]);
  expect(dark!.map(({ id, type }) => ({ id, type }))).toEqual(light!.map(({ id, type }) => ({ id, type })));
  expect(dark!.map(({ paint }) => paint)).not.toEqual(light!.map(({ paint }) => paint));
});

test("no layer needs a server of glyphs or sprites: labels are set in the page's own font", () => {
  for (const layer of basemapLabels("light")) {
    if (layer.type === "symbol") expect(layer.layout?.["text-font"]).toEqual(["Inter Variable"]);
  }
  expect(basemapSources("https://example.org/basemap.pmtiles")["basemap"]).toMatchObject({
    url: "pmtiles://https://example.org/basemap.pmtiles",
  });
});
