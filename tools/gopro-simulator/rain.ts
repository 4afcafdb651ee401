import { blend, type Light, lit, type Rgb } from "./light.ts";
import type { Noise } from "./noise.ts";

const CLOUD: Rgb = [148, 156, 166];

/** The light under rain clouds: greyer, darker, without a sun to see. `rain` from 0 (none) to 1. */
export function overcast(light: Light, rain: number): Light {
  const grey = (colour: Rgb, by: number) => blend(colour, lit(CLOUD, light.ambient, by), rain * 0.85);
  return {
    ...light,
    zenith: grey(light.zenith, 0.72),
    horizon: grey(light.horizon, 1.02),
    sun: grey(light.sun, 1.05),
    ambient: blend(light.ambient, lit(light.ambient, [0.75, 0.8, 0.87]), rain),
    stars: light.stars * (1 - rain),
  };
}

/** Drops on the windscreen: each shows the scene behind it upside down, with a bright rim below. */
export function paintRain(
  data: Uint8Array,
  { width, height, noise, rain }: { width: number; height: number; noise: Noise; rain: number },
): void {
  const drops = Math.round(90 * rain);
  const before = data.slice();
  for (let drop = 0; drop < drops; drop++) {
    const chance = (what: number) => noise.grain(drop * 13 + 5, what + 40);
    const radius = width * (0.003 + 0.009 * chance(1) ** 3);
    const [x0, y0] = [chance(2) * width, chance(3) * height];
    for (let y = Math.max(0, Math.ceil(y0 - radius)); y < Math.min(height, y0 + radius); y++) {
      for (let x = Math.max(0, Math.ceil(x0 - radius)); x < Math.min(width, x0 + radius); x++) {
        const [u, v] = [(x - x0) / radius, (y - y0) / radius];
        const away = Math.hypot(u, v);
        if (away > 1) continue;
        const mirrored = Math.max(0, Math.min(height - 1, Math.round(y0 - v * radius * 9)));
        const beside = Math.max(0, Math.min(width - 1, Math.round(x0 - u * radius * 9)));
        const shade = 0.86 + 0.3 * Math.max(0, v) * away - 0.22 * Math.max(0, -v) * away;
        for (let channel = 0; channel < 3; channel++) {
          const at = (y * width + x) * 4 + channel;
          const seen = before[(mirrored * width + beside) * 4 + channel]! * shade;
          data[at] = Math.min(255, before[at]! + (seen - before[at]!) * 0.7 * (1 - away ** 6));
        }
      }
    }
  }
}
