import { useMemo } from "react";
import type { TripReply } from "#lib/schemas/trips/v1/summary.ts";
import { ahead } from "./ahead.ts";
import { type Photos, photosOf } from "./photos.ts";
import type { TripState } from "./state.ts";
import { type Timeline, timelineOf } from "./timeline.ts";
import { type Track, trackOf } from "./track.ts";

/** What follows from the points of the shown trip. */
export interface Derived {
  /** The trip's figures with what arrived since they were computed. */
  readonly detail: TripReply | null;
  readonly track: Track;
  readonly timeline: Timeline;
  readonly photos: Photos;
  readonly indexOf: ReadonlyMap<string, number>;
}

const NONE: TripReply["days"] = [];

/** Works it out where the points changed, and not where only figures did: the map is drawn anew with every new track. */
export function useDerived({ points, detail }: TripState, tag: string | null): Derived {
  const days = detail?.days ?? NONE;
  const starts = days.map(({ date, from, offsetMinutes }) => `${date} ${from} ${offsetMinutes}`).join();
  const track = useMemo(() => trackOf(points, days), [points, starts]);
  const timeline = useMemo(() => timelineOf(track), [track]);
  const photos = useMemo(() => photosOf(track, tag), [track, tag]);
  const indexOf = useMemo(() => new Map(points.map(({ id }, i) => [id, i])), [points]);
  const counted = useMemo(() => detail && ahead(detail, track), [detail, track]);
  return { detail: counted, track, timeline, photos, indexOf };
}
