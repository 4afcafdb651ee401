/// <reference path="./vt-pbf.d.ts" />
import type { Feature, Position } from "geojson";
import GeoJSONVT, { type LegacyFeature } from "geojson-vt";
import { LegKind } from "#lib/tracks/figures/legs.ts";
import { fromGeojsonVt } from "vt-pbf";
import type { Detail } from "./detail.ts";
import { createLru } from "./lru.ts";
import type { Worked } from "./reader.ts";
import type { Table } from "./table.ts";

/** The zoom from which on tiles are exact; there are none beyond it: maps scale these. */
export const MAX_ZOOM = 14;

const EXTENT = 4_096;
const BUFFER = 64;
/** Below {@link MAX_ZOOM} a tile has at most one point (a photo, where there is one) in each cell of this size, an eighth of a pixel row of 512. */
const CELL = 64;
const MAX_LAT = 85.051_128_78;

/** Vector tiles of trips. */
export interface Tiles {
  /**
   * A tile of a trip with the layers `route` (lines: date, dayIndex, gap) and `points` (id, photo 0 or 1), as a Mapbox
   * vector tile; null when nothing lies in it.
   */
  tile(worked: Worked, table: Table, at: { z: number; x: number; y: number }): Uint8Array | null;
}

interface Route {
  readonly days: readonly GeoJSONVT[];
  readonly x: Float64Array;
  readonly y: Float64Array;
}

/** Makes tiles. The lines of a day are indexed once and stay until the day changes, so that a new point costs one day. */
export function createTiles(): Tiles {
  const routes = createLru<string, Route>(8);
  const days = createLru<string, GeoJSONVT>(1_000);

  const routeOf = ({ detail, version }: Worked, { columns }: Table): Route => {
    const known = routes.get(version);
    if (known) return known;
    const route: Route = {
      days: detail.reply.days.map((_, index) => {
        const name = nameOf(detail, index);
        let tiles = days.get(name);
        if (!tiles) {
          const features = linesOf(detail, index, columns.lng, columns.lat);
          tiles = new GeoJSONVT({ type: "FeatureCollection", features }, { maxZoom: MAX_ZOOM, buffer: BUFFER });
          days.set(name, tiles);
        }
        return tiles;
      }),
      x: Float64Array.from(detail.good, (row) => (columns.lng[row]! + 180) / 360),
      y: Float64Array.from(detail.good, (row) => mercator(columns.lat[row]!)),
    };
    routes.set(version, route);
    return route;
  };

  return {
    tile(worked, table, at) {
      const route = routeOf(worked, table);
      const lines = route.days.flatMap((day) => day.getTile(at.z, at.x, at.y)?.features ?? []);
      const points = pointsIn(worked.detail, route, table, at);
      if (lines.length + points.length === 0) return null;
      const layers = { route: { features: lines }, points: { features: points } };
      return fromGeojsonVt(layers, { version: 2, extent: EXTENT });
    },
  };
}

/** What the lines of a day depend on: its points and the one before them. */
function nameOf(detail: Detail, day: number): string {
  const { first, last } = detail.ranges[day]!;
  let sum = 0;
  for (let index = Math.max(0, first - 1); index <= last; index++) sum = (sum * 31 + detail.good[index]!) | 0;
  const { date } = detail.reply.days[day]!;
  return [detail.reply.trip.id, date, day, last - first, detail.good[first], detail.good[last], sum].join(" ");
}

/** The lines of a day, from the last point of the day before; a gap is a line of its own. */
function linesOf(detail: Detail, day: number, lng: Float64Array, lat: Float64Array): Feature[] {
  const { first, last } = detail.ranges[day]!;
  const { date } = detail.reply.days[day]!;
  const features: Feature[] = [];
  const at = (index: number): Position => [lng[detail.good[index]!]!, lat[detail.good[index]!]!];
  const add = (coordinates: Position[], gap: boolean) => {
    if (coordinates.length < 2) return;
    const properties = { date, dayIndex: day, gap };
    features.push({
      type: "Feature",
      properties,
      geometry: { type: "LineString", coordinates: unwrapped(coordinates) },
    });
  };
  let line: Position[] = [];
  for (let index = Math.max(0, first - 1); index < last; index++) {
    if (detail.legs.kinds[index] === LegKind.gap) {
      add(line, false);
      add([at(index), at(index + 1)], true);
      line = [];
    } else {
      if (line.length === 0) line.push(at(index));
      line.push(at(index + 1));
    }
  }
  add(line, false);
  return features;
}

/** Goes on beyond 180 degrees where a line crosses the antimeridian, as geojson-vt wants it. */
function unwrapped(coordinates: Position[]): Position[] {
  let turns = 0;
  return coordinates.map(([lng, lat], index) => {
    const step = index > 0 ? lng! - coordinates[index - 1]![0]! : 0;
    if (Math.abs(step) > 180) turns -= Math.sign(step);
    return [lng! + 360 * turns, lat!];
  });
}

function pointsIn(
  detail: Detail,
  route: Route,
  table: Table,
  at: { z: number; x: number; y: number },
): LegacyFeature[] {
  const scale = 2 ** at.z;
  const margin = BUFFER / EXTENT;
  const [west, east] = [(at.x - margin) / scale, (at.x + 1 + margin) / scale];
  const [north, south] = [(at.y - margin) / scale, (at.y + 1 + margin) / scale];
  const cells = new Map<number, number>();
  const chosen: number[] = [];
  const { photo } = table.columns;
  for (let index = 0; index < detail.good.length; index++) {
    const [x, y] = [route.x[index]!, route.y[index]!];
    if (x < west || x > east || y < north || y > south) continue;
    if (at.z >= MAX_ZOOM) {
      chosen.push(index);
      continue;
    }
    const column = Math.floor(((x * scale - at.x) * EXTENT) / CELL) + 2;
    const row = Math.floor(((y * scale - at.y) * EXTENT) / CELL) + 2;
    const cell = row * 1_000 + column;
    const before = cells.get(cell);
    if (before === undefined || photo[detail.good[index]!]! > photo[detail.good[before]!]!) cells.set(cell, index);
  }
  return [...chosen, ...cells.values()].map((index) => ({
    type: 1,
    geometry: [
      [Math.round((route.x[index]! * scale - at.x) * EXTENT), Math.round((route.y[index]! * scale - at.y) * EXTENT)],
    ],
    tags: { id: table.id(detail.good[index]!), photo: photo[detail.good[index]!]! },
  }));
}

function mercator(lat: number): number {
  const sine = Math.sin((Math.max(-MAX_LAT, Math.min(MAX_LAT, lat)) * Math.PI) / 180);
  return 0.5 - Math.log((1 + sine) / (1 - sine)) / (4 * Math.PI);
}
