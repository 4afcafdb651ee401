import type { Place } from "../track.ts";
import { inChunks, isoOf, type Journey, type JourneyDay, type PhotoPlace } from "./journey.ts";

/**
 * A journey as GeoJSON (RFC 7946), in chunks: every segment is a LineString with `name` (the day) and `coordTimes` (an instant or
 * null for each position), every photo a Point with `name`, `time`, `href` and `type`. A segment of one place is a Point of
 * `kind` `way`, since a line has two positions at least.
 */
export function geoJsonOf(journey: Journey): Generator<string> {
  return inChunks(pieces(journey));
}

function* pieces({ name, days, photos }: Journey): Generator<string> {
  yield `{"type":"FeatureCollection","name":${JSON.stringify(name)},"features":[`;
  let separator = "\n";
  for (const day of days) {
    for (const segment of day.segments) {
      if (segment.length === 0) continue;
      yield separator;
      yield* segment.length === 1 ? [pointOf(segment[0]!, { kind: "way", name: day.name })] : lineOf(day, segment);
      separator = ",\n";
    }
  }
  for (const photo of photos) {
    yield separator + photoOf(photo);
    separator = ",\n";
  }
  yield "\n]}\n";
}

function* lineOf(day: JourneyDay, segment: readonly Place[]): Generator<string> {
  yield `{"type":"Feature","properties":{"name":${JSON.stringify(day.name)},"coordTimes":[`;
  for (const [i, { atMs }] of segment.entries())
    yield (i > 0 ? "," : "") + (atMs === null ? "null" : `"${isoOf(atMs)}"`);
  yield `]},"geometry":{"type":"LineString","coordinates":[`;
  for (const [i, place] of segment.entries()) yield (i > 0 ? "," : "") + positionOf(place);
  yield "]}}";
}

function photoOf(photo: PhotoPlace): string {
  const { name, href, type } = photo;
  return pointOf(photo, {
    kind: "photo",
    name,
    ...(href === null ? {} : { href }),
    ...(type === undefined ? {} : { type }),
  });
}

function pointOf(place: Place, properties: Readonly<Record<string, string>>): string {
  const timed = place.atMs === null ? properties : { ...properties, time: isoOf(place.atMs) };
  return `{"type":"Feature","properties":${JSON.stringify(timed)},"geometry":{"type":"Point","coordinates":${positionOf(place)}}}`;
}

const round = (value: number, digits: number) => Number(value.toFixed(digits));
const positionOf = ({ lat, lng, elevation }: Place) =>
  JSON.stringify([round(lng, 7), round(lat, 7), ...(elevation === null ? [] : [round(elevation, 2)])]);
