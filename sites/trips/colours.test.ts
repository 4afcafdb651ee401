import { expect, test } from "vitest";
import { PALETTES } from "#lib/web/map/palette.ts";
import { DAY_COLOURS, dayColour } from "./colours.ts";

type Rgb = [number, number, number];

const linear = (value: number) => (value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4);
const rgb = (hex: string): Rgb => [1, 3, 5].map((at) => linear(parseInt(hex.slice(at, at + 2), 16) / 255)) as Rgb;
const luminance = ([r, g, b]: Rgb) => 0.2126 * r + 0.7152 * g + 0.0722 * b;
/** WCAG 2.2, relative luminance and contrast ratio. */
function contrast(a: string, b: string): number {
  const [x, y] = [luminance(rgb(a)) + 0.05, luminance(rgb(b)) + 0.05];
  return Math.max(x, y) / Math.min(x, y);
}

/** Machado, Oliveira and Fernandes 2009: what one sees without one of the three cones, in linear RGB. */
const BLIND: Record<string, number[][]> = {
  protan: [
    [0.152286, 1.052583, -0.204868],
    [0.114503, 0.786281, 0.099216],
    [-0.003882, -0.048116, 1.051998],
  ],
  deutan: [
    [0.367322, 0.860646, -0.227968],
    [0.280085, 0.672501, 0.047413],
    [-0.01182, 0.04294, 0.968881],
  ],
  tritan: [
    [1.255528, -0.076749, -0.178779],
    [-0.078411, 0.930809, 0.147602],
    [0.004733, 0.691367, 0.3039],
  ],
};
const seen = (of: Rgb, matrix: number[][]): Rgb =>
  matrix.map((row) => row.reduce((sum, weight, i) => sum + weight * of[i]!, 0)) as Rgb;

/** Oklab by Björn Ottosson: distances in it are about how different colours look; black and white are 1 apart. */
function oklab([r, g, b]: Rgb): Rgb {
  const l = Math.cbrt(0.4122214708 * r + 0.5363325363 * g + 0.0514459929 * b);
  const m = Math.cbrt(0.2119034982 * r + 0.6806995451 * g + 0.1073969566 * b);
  const s = Math.cbrt(0.0883024619 * r + 0.2817188376 * g + 0.6299787005 * b);
  return [
    0.2104542553 * l + 0.793617785 * m - 0.0040720468 * s,
    1.9779984951 * l - 2.428592205 * m + 0.4505937099 * s,
    0.0259040371 * l + 0.7827717662 * m - 0.808675766 * s,
  ];
}
const far = (a: Rgb, b: Rgb) => Math.hypot(...oklab(a).map((value, i) => value - oklab(b)[i]!));

const days = Array.from({ length: DAY_COLOURS }, (_, day) => day);

for (const theme of ["light", "dark"] as const) {
  const { land, sea } = PALETTES[theme];
  test(`in the ${theme} theme each day stands out from land by 3 to 1, and from the sea`, () => {
    for (const day of days) {
      expect(contrast(dayColour(day, theme), land), `day ${day} on land`).toBeGreaterThanOrEqual(3);
      expect(contrast(dayColour(day, theme), sea), `day ${day} on the sea`).toBeGreaterThanOrEqual(2.4);
    }
  });

  test(`in the ${theme} theme days that follow each other are told apart, also by those who do not see all colours`, () => {
    for (const day of days) {
      const pair = [rgb(dayColour(day, theme)), rgb(dayColour(day + 1, theme))] as const;
      for (const [name, matrix] of Object.entries(BLIND))
        expect(far(seen(pair[0], matrix), seen(pair[1], matrix)), `${name}, day ${day} and next`).toBeGreaterThan(0.1);
    }
  });
}

test("the colours come round again", () => {
  expect(dayColour(DAY_COLOURS, "light")).toBe(dayColour(0, "light"));
});
