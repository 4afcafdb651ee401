/** Where a bottom sheet may rest, from low to high. */
export type Snap = "peek" | "half" | "full";

/** Height of the sheet in CSS pixels at each rest. */
export type SnapHeights = Readonly<Record<Snap, number>>;

const ORDER: readonly Snap[] = ["peek", "half", "full"];
/** How far ahead a flick carries the sheet, in milliseconds of its speed. */
const CARRY_MS = 180;
/** What stays visible of the map at full height, in pixels. */
const MAP_REST = 72;

/** The heights of the rests in a window of this height; the map stays visible at each of them. */
export function snapHeights(windowHeight: number, peek: number): SnapHeights {
  const full = Math.max(peek, windowHeight - MAP_REST);
  return { peek, half: Math.min(full, Math.max(peek, Math.round(windowHeight * 0.52))), full };
}

/** Where a sheet comes to rest that was let go at `height` with `velocity` pixels a millisecond, upwards positive. */
export function settle(height: number, velocity: number, heights: SnapHeights): Snap {
  const aim = height + velocity * CARRY_MS;
  return ORDER.reduce((best, snap) => (Math.abs(heights[snap] - aim) < Math.abs(heights[best] - aim) ? snap : best));
}

/** The rest that a key leads to, or undefined when the key means nothing here. */
export function snapByKey(snap: Snap, key: string): Snap | undefined {
  const at = ORDER.indexOf(snap);
  if (key === "ArrowUp") return ORDER[Math.min(at + 1, ORDER.length - 1)];
  if (key === "ArrowDown") return ORDER[Math.max(at - 1, 0)];
  if (key === "Home") return "full";
  if (key === "End") return "peek";
  return undefined;
}
