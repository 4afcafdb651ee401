import { distanceM as metersBetween } from "#lib/geo/geo.ts";

/** When pictures are taken. Zero switches a trigger off; with both, the one that comes first counts. */
export interface TriggerSettings {
  /** From shutter to shutter. */
  readonly intervalMs: number;
  /** Metres from picture to picture. */
  readonly distanceM: number;
  /** With the distance trigger: at least and at most so long from shutter to shutter. */
  readonly minIntervalMs: number;
  readonly maxIntervalMs: number;
}

/** Where the camera was, by one of its own pictures. */
export interface Fix {
  /** Milliseconds since 1970. */
  readonly atMs: number;
  readonly lat: number;
  readonly lng: number;
  /** How fast it went there, in metres a second, when the picture says so. */
  readonly speedMps?: number;
}

/**
 * When the next picture is due, in milliseconds since 1970; null when both triggers are off.
 *
 * Open GoPro tells no live position, so the distance trigger goes by the last pictures: the speed that the last one tells, or that
 * between the last two, says when the distance will have been driven. Without either (no fix, first pictures) the longest interval counts, which also bounds
 * a standing car; a car that speeds up is late by one picture at most.
 *
 * @param lastShotMs the last shutter, or null before the first
 * @param fixes the places of the last pictures, oldest first
 */
export function nextShotMs(
  settings: TriggerSettings,
  nowMs: number,
  lastShotMs: number | null,
  fixes: readonly Fix[],
): number | null {
  const { intervalMs, distanceM } = settings;
  if (intervalMs === 0 && distanceM === 0) return null;
  if (lastShotMs === null) return nowMs;
  const byInterval = intervalMs > 0 ? lastShotMs + intervalMs : Infinity;
  const byDistance = distanceM > 0 ? lastShotMs + distanceIntervalMs(settings, fixes) : Infinity;
  return Math.min(byInterval, byDistance);
}

function distanceIntervalMs({ distanceM, minIntervalMs, maxIntervalMs }: TriggerSettings, fixes: readonly Fix[]) {
  const [before, last] = [fixes.at(-2), fixes.at(-1)];
  const metersAMs = speedOf(before, last) ?? 0;
  return metersAMs === 0 ? maxIntervalMs : Math.min(maxIntervalMs, Math.max(minIntervalMs, distanceM / metersAMs));
}

function speedOf(before: Fix | undefined, last: Fix | undefined): number | null {
  if (last?.speedMps !== undefined) return last.speedMps / 1000;
  if (!before || !last || last.atMs <= before.atMs) return null;
  return metersBetween(before, last) / (last.atMs - before.atMs);
}
