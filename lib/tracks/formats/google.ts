import { Type } from "typebox";
import { Compile } from "typebox/compile";
import { type Collector, instantOf, type RawPlace } from "./reading.ts";

const List = Type.Array(Type.Unknown());
const OptionalNumber = Type.Optional(Type.Number());

const Records = Compile(Type.Object({ locations: List }));
const Record = Compile(
  Type.Object({
    latitudeE7: Type.Number(),
    longitudeE7: Type.Number(),
    timestamp: Type.Optional(Type.String()),
    timestampMs: Type.Optional(Type.String({ pattern: "^\\d{1,15}$" })),
    accuracy: OptionalNumber,
    altitude: OptionalNumber,
    velocity: OptionalNumber,
    heading: OptionalNumber,
  }),
);

/** Whether a JSON value is Google's Records.json (Takeout until 2024). */
export const isGoogleRecords = (value: unknown): boolean => Records.Check(value);

/** Reads Records.json: one track with all fixes of all devices. */
export function readGoogleRecords(value: unknown, collector: Collector): void {
  if (!Records.Check(value)) return;
  collector.track("Google location history");
  for (const record of value.locations) {
    if (!Record.Check(record))
      collector.badPlace("A record has no latitudeE7, longitudeE7 or has them in another form.", null);
    else {
      collector.place(
        {
          ...fromE7(record.latitudeE7, record.longitudeE7),
          atMs: record.timestamp === undefined ? Number(record.timestampMs ?? NaN) : instantOf(record.timestamp),
          elevation: record.altitude ?? null,
          accuracyM: record.accuracy,
          speedMps: record.velocity,
          headingDeg: record.heading,
        },
        null,
      );
    }
  }
}

/** Old exports wrote negative numbers as unsigned ones of 32 bits. */
const signed = (e7: number) => (e7 > 1_800_000_000 ? e7 - 2 ** 32 : e7);
const fromE7 = (lat: number, lng: number) => ({ lat: signed(lat) / 1e7, lng: signed(lng) / 1e7 });

const Semantic = Compile(Type.Object({ timelineObjects: List }));
const ActivitySegment = Compile(
  Type.Object({
    activitySegment: Type.Object({
      simplifiedRawPath: Type.Object({
        points: List,
      }),
    }),
  }),
);
const SemanticPoint = Compile(
  Type.Object({ latE7: Type.Number(), lngE7: Type.Number(), timestamp: Type.String(), accuracyMeters: OptionalNumber }),
);

/** Whether a JSON value is a month of Google's Semantic Location History (Takeout until 2024). */
export const isGoogleSemantic = (value: unknown): boolean => Semantic.Check(value);

/** Reads a month of the Semantic Location History: each activity with a recorded path is a track. */
export function readGoogleSemantic(value: unknown, collector: Collector): void {
  if (!Semantic.Check(value)) return;
  for (const item of value.timelineObjects) {
    if (!ActivitySegment.Check(item)) continue;
    collector.track(null);
    for (const point of item.activitySegment.simplifiedRawPath.points) {
      if (!SemanticPoint.Check(point)) collector.badPlace("A point has no latE7, lngE7 or timestamp.", null);
      else
        collector.place(
          { ...fromE7(point.latE7, point.lngE7), atMs: instantOf(point.timestamp), accuracyM: point.accuracyMeters },
          null,
        );
    }
  }
}

const Timeline = Compile(Type.Object({ semanticSegments: List, rawSignals: Type.Optional(List) }));
const Segment = Compile(
  Type.Object({ startTime: Type.String(), timelinePath: Type.Optional(List), visit: Type.Optional(Type.Unknown()) }),
);
const PathPoint = Compile(
  Type.Object({
    point: Type.String({ maxLength: 100 }),
    time: Type.Optional(Type.String()),
    durationMinutesOffsetFromStartTime: Type.Optional(Type.Union([Type.String(), Type.Number()])),
  }),
);
const PlaceLocation = Type.Union([
  Type.String({ maxLength: 100 }),
  Type.Object({ latLng: Type.String({ maxLength: 100 }) }),
]);
const Visit = Compile(Type.Object({ topCandidate: Type.Object({ placeLocation: PlaceLocation }) }));
const RawSignal = Compile(
  Type.Object({
    position: Type.Object({
      LatLng: Type.String({ maxLength: 100 }),
      timestamp: Type.String(),
      accuracyMeters: OptionalNumber,
      altitudeMeters: OptionalNumber,
      speedMetersPerSecond: OptionalNumber,
    }),
  }),
);

/** Whether a JSON value is what a phone exports since 2024: an object on Android, an array on iOS. */
export function isGoogleTimeline(value: unknown): boolean {
  return Timeline.Check(value) || (Array.isArray(value) && value.length > 0 && Segment.Check(value[0]));
}

/** Reads a phone's Timeline.json: each path is a track, each visit a waypoint, the raw signals are one more track. */
export function readGoogleTimeline(value: unknown, collector: Collector): void {
  const segments: readonly unknown[] = Timeline.Check(value)
    ? value.semanticSegments
    : Array.isArray(value)
      ? value
      : [];
  for (const segment of segments) {
    if (!Segment.Check(segment)) collector.fault("A segment has no startTime.", null);
    else {
      if (segment.timelinePath) readPath(segment.startTime, segment.timelinePath, collector);
      if (Visit.Check(segment.visit)) readVisit(segment.startTime, segment.visit.topCandidate.placeLocation, collector);
    }
  }
  if (!Timeline.Check(value) || !value.rawSignals) return;
  collector.track("Google raw signals");
  for (const signal of value.rawSignals) if (RawSignal.Check(signal)) readSignal(signal.position, collector);
}

function readPath(startTime: string, path: readonly unknown[], collector: Collector): void {
  collector.track(null);
  for (const point of path) {
    if (!PathPoint.Check(point)) {
      collector.badPlace("A point of a timelinePath has no point.", null);
      continue;
    }
    const { time, durationMinutesOffsetFromStartTime: minutes } = point;
    const atMs = time === undefined ? instantOf(startTime) + Number(minutes ?? NaN) * 60_000 : instantOf(time);
    collector.place({ ...latLngOf(point.point), atMs }, null);
  }
}

function readVisit(startTime: string, location: string | { latLng: string }, collector: Collector): void {
  const text = typeof location === "string" ? location : location.latLng;
  collector.waypoint({ ...latLngOf(text), atMs: instantOf(startTime) }, null, null, null);
}

function readSignal(
  position: {
    LatLng: string;
    timestamp: string;
    accuracyMeters?: number;
    altitudeMeters?: number;
    speedMetersPerSecond?: number;
  },
  collector: Collector,
): void {
  collector.place(
    {
      ...latLngOf(position.LatLng),
      atMs: instantOf(position.timestamp),
      elevation: position.altitudeMeters ?? null,
      accuracyM: position.accuracyMeters,
      speedMps: position.speedMetersPerSecond,
    },
    null,
  );
}

const LAT_LNG = /^(?:geo:)?\s*(-?\d{1,3}(?:\.\d+)?)°?\s*,\s*(-?\d{1,3}(?:\.\d+)?)°?\s*$/;

/** `geo:57.4778,-4.2247` of iOS or `57.4778°, -4.2247°` of Android; NaN when it is neither. */
function latLngOf(text: string): Pick<RawPlace, "lat" | "lng"> {
  const match = LAT_LNG.exec(text);
  return { lat: Number(match?.[1] ?? NaN), lng: Number(match?.[2] ?? NaN) };
}
