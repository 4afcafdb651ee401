/// <reference path="./vt-pbf.d.ts" />
import type { Feature } from "geojson";
import GeoJSONVT, { type LegacyTile } from "geojson-vt";
import vtpbf from "vt-pbf";
import { roundCoordinate } from "#lib/geo/geo.ts";
import type { Point } from "#lib/schemas/trips/v1/point.ts";
import type { TripReply } from "#lib/schemas/trips/v1/summary.ts";
import { replyOf } from "../testing/figures.ts";
import { aPoint } from "../testing/points.ts";

const SECONDS = 3;
const TILES = { maxZoom: 14, indexMaxZoom: 5, tolerance: 3, extent: 4096, buffer: 64 };

/** A trip that is too large for a page to hold, as the server answers for it. */
export interface LargeTrip {
  readonly reply: TripReply;
  readonly ofDay: (date: string) => Point[];
  /** Null where nothing lies. */
  readonly tile: (z: number, x: number, y: number) => Uint8Array | null;
}

/** A road of curves within curves, from the south of Spain towards the North Cape: `share` goes from 0 to 1. */
function roadAt(share: number): { lat: number; lng: number } {
  const a = share * Math.PI * 2;
  return {
    lat: roundCoordinate(
      38 + 30 * share + 1.2 * Math.sin(a * 17) + 0.2 * Math.sin(a * 149) + 0.01 * Math.sin(a * 3001),
    ),
    lng: roundCoordinate(-4 + 22 * share + 3 * Math.sin(a * 5) + 0.4 * Math.cos(a * 131) + 0.01 * Math.cos(a * 2503)),
  };
}

/** Makes a trip of so many points in so many days. */
export function largeTrip(count: number, days: number): LargeTrip {
  const perDay = Math.ceil(count / days);
  const all: Point[] = [];
  for (let i = 0; i < count; i++) {
    const takenAt = new Date(Date.UTC(2026, 4, 1 + Math.floor(i / perDay), 5, 0, (i % perDay) * SECONDS)).toISOString();
    all.push(
      aPoint({
        id: `p${i}`,
        seq: i + 1,
        takenAt,
        elevation: Math.round(400 + 300 * Math.sin(i / 900)),
        ...roadAt(i / count),
      }),
    );
  }
  const byDate = Map.groupBy(all, ({ takenAt }) => takenAt.slice(0, 10));
  const at = ({ lng, lat }: Point) => [lng, lat];
  const route: Feature[] = [...byDate].map(([date, points], dayIndex) => ({
    type: "Feature",
    properties: { date, dayIndex, gap: 0 },
    geometry: { type: "LineString", coordinates: points.map(at) },
  }));
  const dots: Feature[] = all.map((point) => ({
    type: "Feature",
    properties: { id: point.id, photo: 0 },
    geometry: { type: "Point", coordinates: at(point) },
  }));
  const lines = new GeoJSONVT({ type: "FeatureCollection", features: route }, TILES);
  const points = new GeoJSONVT({ type: "FeatureCollection", features: dots }, { ...TILES, tolerance: 0 });
  return {
    reply: replyOf("large", "Large", all, count),
    ofDay: (date) => byDate.get(date) ?? [],
    tile: (z, x, y) => {
      const layers: Record<string, LegacyTile> = {};
      const line = lines.getTile(z, x, y);
      const dot = z >= 12 ? points.getTile(z, x, y) : null;
      if (line) layers["route"] = line;
      if (dot) layers["points"] = dot;
      return line || dot ? vtpbf.fromGeojsonVt(layers, { version: 2, extent: 4096 }) : null;
    },
  };
}
