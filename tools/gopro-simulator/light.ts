/** A colour: red, green and blue from 0 to 255, fractions allowed. */
export type Rgb = readonly [number, number, number];

/** The colours that the height of the sun gives to a picture. */
export interface Light {
  readonly zenith: Rgb;
  readonly horizon: Rgb;
  readonly sun: Rgb;
  /** What the land's own colours are multiplied with. */
  readonly ambient: Rgb;
  /** How bright the scene is, from 0 (night) to 1 (noon). */
  readonly brightness: number;
  /** How many stars show, from 0 to 1. */
  readonly stars: number;
}

const STAGES: readonly (readonly [sunElevation: number, light: Light])[] = [
  [-14, stage([9, 13, 30], [22, 28, 50], [120, 130, 170], [0.13, 0.15, 0.24], 0.02, 1)],
  [-6, stage([24, 34, 72], [112, 78, 92], [230, 130, 90], [0.28, 0.27, 0.36], 0.12, 0.5)],
  [0, stage([66, 92, 146], [244, 158, 98], [255, 190, 120], [0.66, 0.54, 0.5], 0.38, 0)],
  [8, stage([84, 132, 196], [240, 214, 178], [255, 236, 196], [0.95, 0.87, 0.76], 0.72, 0)],
  [30, stage([58, 118, 198], [196, 218, 236], [255, 252, 238], [1.06, 1.04, 1], 1, 0)],
];

/** The light when the sun stands at so many degrees. */
export function lightAt(sunElevation: number): Light {
  const above = STAGES.findIndex(([elevation]) => elevation >= sunElevation);
  if (above === 0) return STAGES[0]![1];
  if (above === -1) return STAGES.at(-1)![1];
  const [[low, a], [high, b]] = [STAGES[above - 1]!, STAGES[above]!];
  const t = (sunElevation - low) / (high - low);
  return {
    zenith: blend(a.zenith, b.zenith, t),
    horizon: blend(a.horizon, b.horizon, t),
    sun: blend(a.sun, b.sun, t),
    ambient: blend(a.ambient, b.ambient, t),
    brightness: a.brightness + (b.brightness - a.brightness) * t,
    stars: a.stars + (b.stars - a.stars) * t,
  };
}

/** The colour between two others; `t` from 0 (the first) to 1 (the second). */
export function blend(a: Rgb, b: Rgb, t: number): Rgb {
  return [a[0] + (b[0] - a[0]) * t, a[1] + (b[1] - a[1]) * t, a[2] + (b[2] - a[2]) * t];
}

/** A colour under a light: each channel multiplied. */
export function lit(colour: Rgb, light: Rgb, by = 1): Rgb {
  return [colour[0] * light[0] * by, colour[1] * light[1] * by, colour[2] * light[2] * by];
}

function stage(zenith: Rgb, horizon: Rgb, sun: Rgb, ambient: Rgb, brightness: number, stars: number): Light {
  return { zenith, horizon, sun, ambient, brightness, stars };
}
