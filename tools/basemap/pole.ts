/** A closed ring: first and last position are equal. */
export type Ring = readonly (readonly number[])[];

/** Signed area of a ring by the shoelace formula, in squared units of its coordinates. */
export function ringArea(ring: Ring): number {
  let sum = 0;
  for (let i = 1; i < ring.length; i++) sum += ring[i - 1]![0]! * ring[i]![1]! - ring[i]![0]! * ring[i - 1]![1]!;
  return sum / 2;
}

/** Distance of a point to the outline; negative outside. Longitudes count `stretch` times. */
function depth(x: number, y: number, rings: readonly Ring[], stretch: number): number {
  let inside = false;
  let nearest = Infinity;
  for (const ring of rings) {
    for (let i = 1; i < ring.length; i++) {
      const [ax, ay] = [(ring[i - 1]![0]! - x) * stretch, ring[i - 1]![1]! - y];
      const [bx, by] = [(ring[i]![0]! - x) * stretch, ring[i]![1]! - y];
      if (ay > 0 !== by > 0 && ax * by - ay * bx > 0 === by > ay) inside = !inside;
      const [dx, dy] = [bx - ax, by - ay];
      const t = Math.max(0, Math.min(1, -(ax * dx + ay * dy) / (dx * dx + dy * dy || 1)));
      nearest = Math.min(nearest, Math.hypot(ax + t * dx, ay + t * dy));
    }
  }
  return inside ? nearest : -nearest;
}

/** About the middle of a polygon's widest part: where its label stands. A grid search that halves its step around the best place. */
export function labelPoint(rings: readonly Ring[]): [number, number] {
  const outer = rings[0]!;
  const xs = outer.map((position) => position[0]!);
  const ys = outer.map((position) => position[1]!);
  const [west, east, south, north] = [Math.min(...xs), Math.max(...xs), Math.min(...ys), Math.max(...ys)];
  const stretch = Math.cos((((south + north) / 2) * Math.PI) / 180);
  let best = { x: (west + east) / 2, y: (south + north) / 2, depth: -Infinity };
  const look = (x0: number, x1: number, y0: number, y1: number, steps: number) => {
    for (let i = 0; i <= steps; i++) {
      for (let j = 0; j <= steps; j++) {
        const x = x0 + ((x1 - x0) * i) / steps;
        const y = y0 + ((y1 - y0) * j) / steps;
        const found = depth(x, y, rings, stretch);
        if (found > best.depth) best = { x, y, depth: found };
      }
    }
  };
  look(west, east, south, north, 14);
  for (let share = 1 / 14; share > 0.005; share /= 3) {
    const [dx, dy] = [(east - west) * share, (north - south) * share];
    look(best.x - dx, best.x + dx, best.y - dy, best.y + dy, 6);
  }
  return [best.x, best.y];
}
