import { Type } from "typebox";
import { Compile } from "typebox/compile";
import { type Collector, instantOf, type RawPlace } from "./reading.ts";

const Position = Type.Array(Type.Number(), { minItems: 2 });
const Line = Compile(Type.Object({ type: Type.Literal("LineString"), coordinates: Type.Array(Type.Unknown()) }));
const Lines = Compile(
  Type.Object({ type: Type.Literal("MultiLineString"), coordinates: Type.Array(Type.Array(Type.Unknown())) }),
);
const PointGeometry = Compile(Type.Object({ type: Type.Literal("Point"), coordinates: Type.Unknown() }));
const Points = Compile(Type.Object({ type: Type.Literal("MultiPoint"), coordinates: Type.Array(Type.Unknown()) }));
const Geometries = Compile(
  Type.Object({ type: Type.Literal("GeometryCollection"), geometries: Type.Array(Type.Unknown()) }),
);
const Collection = Compile(
  Type.Object({ type: Type.Literal("FeatureCollection"), features: Type.Array(Type.Unknown()) }),
);
const Feature = Compile(
  Type.Object({
    type: Type.Literal("Feature"),
    geometry: Type.Unknown(),
    properties: Type.Optional(Type.Union([Type.Record(Type.String(), Type.Unknown()), Type.Null()])),
  }),
);
const positions = Compile(Position);

/** Whether a JSON value calls itself GeoJSON. */
export function isGeoJson(value: unknown): boolean {
  return Collection.Check(value) || Feature.Check(value) || isGeometry(value);
}

const isGeometry = (value: unknown) =>
  Line.Check(value) ||
  Lines.Check(value) ||
  PointGeometry.Check(value) ||
  Points.Check(value) ||
  Geometries.Check(value);

type Properties = Readonly<Record<string, unknown>>;

/**
 * Reads GeoJSON (RFC 7946): lines are tracks, points are waypoints; everything else is told and left out.
 * Times of a line stand in `coordTimes`, `times` or `coordinateProperties.times`, one for each position;
 * the time of a point in `time`, `timestamp` or `takenAt`.
 */
export function readGeoJson(value: unknown, collector: Collector): void {
  if (Collection.Check(value)) for (const feature of value.features) readFeature(feature, collector);
  else if (Feature.Check(value)) readFeature(value, collector);
  else readGeometry(value, {}, collector, 0);
}

function readFeature(value: unknown, collector: Collector): void {
  if (Feature.Check(value)) readGeometry(value.geometry, value.properties ?? {}, collector, 0);
  else collector.fault("A member of the FeatureCollection is not a Feature.", null);
}

const MAX_DEPTH = 20;

function readGeometry(value: unknown, properties: Properties, collector: Collector, depth: number): void {
  if (value === null) return;
  if (Line.Check(value)) {
    collector.track(textOf(properties["name"]));
    readLine(value.coordinates, timesOf(properties), collector);
  } else if (Lines.Check(value)) {
    collector.track(textOf(properties["name"]));
    const times = timesOf(properties);
    value.coordinates.forEach((line, i) => {
      collector.segment();
      readLine(line, Array.isArray(times?.[i]) ? times[i] : undefined, collector);
    });
  } else if (PointGeometry.Check(value)) readPoint(value.coordinates, properties, collector);
  else if (Points.Check(value)) for (const point of value.coordinates) readPoint(point, properties, collector);
  else if (Geometries.Check(value) && depth < MAX_DEPTH)
    for (const geometry of value.geometries) readGeometry(geometry, properties, collector, depth + 1);
  else collector.fault("A geometry is neither a line nor a point.", null);
}

function readLine(line: readonly unknown[], times: readonly unknown[] | undefined, collector: Collector): void {
  line.forEach((position, i) => {
    const place = placeOf(position, times?.[i] ?? null);
    if (place) collector.place(place, null);
    else collector.badPlace("A position is not an array of longitude, latitude and perhaps elevation.", null);
  });
}

function readPoint(position: unknown, properties: Properties, collector: Collector): void {
  const place = placeOf(position, properties["time"] ?? properties["timestamp"] ?? properties["takenAt"] ?? null);
  if (!place) collector.badPlace("A position is not an array of longitude, latitude and perhaps elevation.", null);
  else if (properties["kind"] === "way") {
    collector.segment();
    collector.place(place, null);
    collector.segment();
  } else collector.waypoint(place, textOf(properties["name"]), textOf(properties["href"]), null);
}

function placeOf(position: unknown, time: unknown): RawPlace | undefined {
  if (!positions.Check(position)) return undefined;
  const [lng, lat, elevation] = position;
  return { lat: lat!, lng: lng!, elevation: elevation ?? null, atMs: timeOf(time) };
}

/** ISO 8601, or milliseconds since 1970 as some programs write; NaN when it is something else. */
function timeOf(time: unknown): number | null {
  if (time === null) return null;
  if (typeof time === "number") return time;
  return typeof time === "string" ? instantOf(time) : NaN;
}

function timesOf(properties: Properties): readonly unknown[] | undefined {
  const inner = properties["coordinateProperties"];
  const nested: unknown = typeof inner === "object" && inner !== null && "times" in inner ? inner.times : undefined;
  const times = properties["coordTimes"] ?? properties["times"] ?? nested;
  return Array.isArray(times) ? times : undefined;
}

const textOf = (value: unknown) => (typeof value === "string" && value !== "" ? value.slice(0, 1_000) : null);
