import { useEffect, useMemo, useRef } from "react";
import type { Day } from "#lib/schemas/trips/v1/summary.ts";
import type { Theme } from "#lib/web/theme.ts";
import type { Address } from "./address.ts";
import { tilesUrl } from "./api.ts";
import type { TripMap } from "./map/map.ts";
import type { Player } from "./player.ts";
import type { TripState } from "./state.ts";
import type { Store } from "./store.ts";
import { placeAt, positionAt, type Timeline } from "./timeline.ts";
import { boundsOf, type Track } from "./track.ts";

/** With more points than this the map is drawn anew after a pause only, not with each that arrives. */
const MANY = 4_000;
const PAUSE_MS = 500;

/** A text that is another when any day beside the one that is held has changed. */
export function versionBeside(days: readonly Day[], only: string): string {
  const beside = days.filter(({ date }) => date !== only);
  return beside.map(({ date, points, stats }) => `${date} ${points} ${Math.round(stats.meters)}`).join(";");
}

interface Shown {
  readonly map: TripMap | null;
  readonly theme: Theme;
  readonly trip: TripState;
  readonly track: Track;
  readonly timeline: Timeline;
  readonly address: Address;
  /** Index of the chosen day. */
  readonly day: number | null;
  readonly following: boolean;
  readonly cursor: Store<string | null>;
  readonly player: Player;
}

/** Where the map stands when a trip is opened: at the address's view, else on the chosen day, else on the last day of the trip. */
function usePlacing({ map, trip, track, address, day }: Shown): void {
  const placed = useRef<string | null>(null);
  const id = trip.detail?.trip.id ?? null;
  useEffect(() => {
    if (!map || id === null || track.points.length === 0) return;
    const key = `${id} ${day}`;
    if (placed.current === key) return;
    const first = placed.current === null;
    const unchosen = placed.current?.startsWith(`${id} `) && day === null;
    placed.current = key;
    if (first && address.view) return map.look(address.view);
    const of = day ?? track.day.at(-1)!;
    const bounds = boundsOf(unchosen ? track.points : track.points.filter((_, i) => track.day[i] === of));
    const whole = trip.detail?.trip.bbox as [number, number, number, number] | null | undefined;
    const box = unchosen && trip.only !== null ? whole : bounds;
    if (box) map.fit(box, first);
  }, [map, id, track, day]);
}

/** Draws the points anew when they changed: at once, or with many of them after a pause. */
function useDrawing(map: TripMap | null, track: Track): void {
  const drawnAt = useRef(0);
  useEffect(() => {
    if (!map) return;
    const wait = track.points.length > MANY ? drawnAt.current + PAUSE_MS - Date.now() : 0;
    const draw = () => {
      drawnAt.current = Date.now();
      map.show(track);
    };
    if (wait <= 0) return draw();
    const timer = setTimeout(draw, wait);
    return () => clearTimeout(timer);
  }, [map, track]);
}

function usePlayback({ map, track, timeline, player }: Shown): void {
  useEffect(() => {
    if (!map || track.points.length === 0) return;
    let before = performance.now();
    let revealed = 0;
    const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
    const draw = () => {
      const { active, playing, ms, camera } = player.state.get();
      const now = performance.now();
      const elapsed = still ? Infinity : playing ? (now - before) / 1000 : Infinity;
      before = now;
      if (!active) {
        map.ride(null, false);
        return map.showUntil(null);
      }
      const { lat, lng, heading, instant } = positionAt(track, placeAt(timeline, ms));
      map.ride({ lat, lng, heading, chase: camera === "chase" && !still, elapsed }, camera !== "free");
      if (now - revealed < 250 && playing) return;
      revealed = now;
      map.showUntil(instant);
    };
    draw();
    return player.state.subscribe(draw);
  }, [map, track, timeline, player]);
}

/** Keeps the map showing what the page holds. */
export function useTripMap(shown: Shown): void {
  const { map, theme, trip, track, day, following, address, cursor } = shown;
  const { detail, only, arrived, byId } = trip;
  const opened = address.photo === null ? null : (byId.get(address.photo) ?? null);
  useDrawing(map, track);
  usePlacing(shown);
  usePlayback(shown);
  useEffect(() => map?.showStops(detail?.stops ?? []), [map, detail?.stops]);
  const { seq, share } = address;
  const version = only === null || !detail ? "" : versionBeside(detail.days, only);
  const tiles = useMemo(
    () => (only === null || !detail ? null : { url: tilesUrl(detail.trip.id, { seq, share }), only, version }),
    [only, detail?.trip.id, seq, share, version],
  );
  useEffect(() => map?.showTiles(tiles), [map, tiles]);
  useEffect(() => map?.showDay(day), [map, day, theme, tiles]);
  useEffect(() => map?.select(opened), [map, opened]);
  useEffect(() => {
    if (!map || !arrived) return;
    map.pulse(arrived);
    if (following && address.photo === null && !shown.player.state.get().active) map.reveal(arrived);
  }, [map, arrived]);
  useEffect(() => {
    if (!map) return;
    return cursor.subscribe(() => map.point(byId.get(cursor.get() ?? "") ?? null));
  }, [map, cursor, byId]);
}
