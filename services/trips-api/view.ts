import { distanceM } from "#lib/geo/geo.ts";
import type { Settings, Share, Zone } from "#lib/schemas/trips/v1/sharing.ts";
import type { Table } from "./table.ts";

/** What somebody may see of the points. */
export interface View {
  /** Names what is shown: equal keys show the same at the same time. */
  readonly key: string;
  /** The only trip, and the time from and to, that are shown; null: no limit. Milliseconds. */
  readonly trip: string | null;
  readonly from: number | null;
  readonly to: number | null;
  /** For how long a point is held back after it was taken, in milliseconds. */
  readonly delayMs: number;
  readonly zones: readonly Zone[];
}

/** The owner's view: everything at once. */
export const OWNER_VIEW: View = { key: "owner", trip: null, from: null, to: null, delayMs: 0, zones: [] };

/** The view of everybody, as the owner's settings have it. */
export function publicView(settings: { seq: number; settings: Settings } | null): View {
  return {
    ...OWNER_VIEW,
    key: `public ${settings?.seq ?? 0}`,
    delayMs: (settings?.settings.delayS ?? 0) * 1_000,
    zones: settings?.settings.zones ?? [],
  };
}

/** The view of a share link: what the public view hides is hidden here too, and what the share hides. */
export function shareView(entry: { seq: number; share: Share }, everybody: View): View {
  const { seq, share } = entry;
  return {
    key: `share ${share.id} ${seq} ${everybody.key}`,
    trip: share.trip,
    from: share.from === null ? null : Date.parse(share.from),
    to: share.to === null ? null : Date.parse(share.to),
    delayMs: Math.max(share.delayS * 1_000, everybody.delayMs),
    zones: [...everybody.zones, ...share.zones],
  };
}

/** Whether a view shows every point there is, so that nobody has to look at each. */
export function showsAll(view: View): boolean {
  return view.trip === null && view.from === null && view.to === null && view.delayMs === 0 && view.zones.length === 0;
}

/** The last instant of a point that a view shows now, in steps of 5 s, so that what was computed for it lasts so long. */
export function shownUntil(view: View, now: number): number {
  return view.delayMs === 0 ? Infinity : Math.floor((now - view.delayMs) / 5_000) * 5_000;
}

/** Whether a view shows a point as far as its place and time go (not its trip, not the delay). */
export function admits(view: View, { columns }: Table, row: number): boolean {
  const time = columns.time[row]!;
  if ((view.from !== null && time < view.from) || (view.to !== null && time > view.to)) return false;
  return view.zones.every((zone) => !inZone(zone, columns.lat[row]!, columns.lng[row]!));
}

const DEGREE_M = 111_000;

function inZone(zone: Zone, lat: number, lng: number): boolean {
  if (Math.abs(zone.lat - lat) * DEGREE_M > zone.radiusM * 1.01) return false;
  return distanceM(zone, { lat, lng }) <= zone.radiusM;
}
