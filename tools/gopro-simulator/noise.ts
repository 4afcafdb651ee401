/** Smooth pseudo-random fields that are equal for equal seeds. Values lie between 0 and 1. */
export interface Noise {
  /** Along a line. */
  line(x: number): number;
  /** Over a plane. */
  plane(x: number, y: number): number;
  /** Several octaves along a line: hills on hills. */
  ridge(x: number, octaves: number): number;
  /** Several octaves over a plane: clouds, grass. */
  cloud(x: number, y: number, octaves: number): number;
  /** One value for a whole number pair, without smoothness. */
  grain(x: number, y: number): number;
}

/** Makes value noise from a seed. */
export function createNoise(seed: number): Noise {
  const grain = (x: number, y: number) => {
    let h = Math.imul(x | 0, 374761393) ^ Math.imul(y | 0, 668265263) ^ Math.imul(seed | 0, 1274126177);
    h = Math.imul(h ^ (h >>> 13), 1103515245);
    h = Math.imul(h ^ (h >>> 16), 2246822519);
    return ((h ^ (h >>> 15)) >>> 0) / 4294967296;
  };
  const plane = (x: number, y: number) => {
    const [ix, iy] = [Math.floor(x), Math.floor(y)];
    const [fx, fy] = [x - ix, y - iy];
    const sx = fx * fx * (3 - 2 * fx);
    const sy = fy * fy * (3 - 2 * fy);
    const top = grain(ix, iy) + (grain(ix + 1, iy) - grain(ix, iy)) * sx;
    const bottom = grain(ix, iy + 1) + (grain(ix + 1, iy + 1) - grain(ix, iy + 1)) * sx;
    return top + (bottom - top) * sy;
  };
  const line = (x: number) => {
    const ix = Math.floor(x);
    const fx = x - ix;
    const a = grain(ix, 7919);
    return a + (grain(ix + 1, 7919) - a) * fx * fx * (3 - 2 * fx);
  };
  const octavesOf = (sample: (scale: number) => number, octaves: number) => {
    let [sum, weight, total, scale] = [0, 1, 0, 1];
    for (let octave = 0; octave < octaves; octave++) {
      sum += weight * sample(scale);
      total += weight;
      weight *= 0.5;
      scale *= 2.03;
    }
    return sum / total;
  };
  return {
    grain,
    line,
    plane,
    ridge: (x, octaves) => octavesOf((scale) => line(x * scale + scale * 17), octaves),
    cloud: (x, y, octaves) => octavesOf((scale) => plane(x * scale + scale * 5, y * scale + scale * 11), octaves),
  };
}
