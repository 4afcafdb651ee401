import { bearingDeg, distanceM, type LatLng } from "#lib/geo/geo.ts";
import { NORTH_COAST, type Terrain, type Waypoint } from "./waypoints.ts";

/** Where a car on the route is. */
export interface RoutePosition extends LatLng {
  /** Metres above sea level. */
  readonly elevation: number;
  /** The course over ground, in degrees clockwise from north. */
  readonly heading: number;
  /** The land around, and where it is going over into what comes next. */
  readonly terrain: Terrain;
  readonly nextTerrain: Terrain;
  /** How far the next land has come, from 0 to 1. */
  readonly blend: number;
  /** The waypoint behind. */
  readonly near: string;
}

interface Vertex extends LatLng {
  readonly elevation: number;
  readonly leg: number;
  readonly share: number;
  readonly atM: number;
}

const STEPS_A_LEG = 16;

/** A closed route as a smooth line: a Catmull-Rom curve through the waypoints. */
export interface Route {
  readonly lengthM: number;
  /** The place after so many metres; beyond the end the route begins again. */
  at(distance: number): RoutePosition;
}

/** Makes the closed route through the waypoints, the North Coast 500 unless told. */
export function createRoute(waypoints: readonly Waypoint[] = NORTH_COAST): Route {
  const vertices = smooth(waypoints);
  const lengthM = vertices.at(-1)!.atM;
  return {
    lengthM,
    at(distance) {
      const along = ((distance % lengthM) + lengthM) % lengthM;
      const index = lastAtOrBefore(vertices, along);
      const [a, b] = [vertices[index]!, vertices[index + 1]!];
      const t = (along - a.atM) / Math.max(b.atM - a.atM, 1e-9);
      const from = waypoints[a.leg]!;
      return {
        lat: mix(a.lat, b.lat, t),
        lng: mix(a.lng, b.lng, t),
        elevation: Math.round(mix(a.elevation, b.elevation, t) * 10) / 10,
        heading: bearingDeg(a, b),
        terrain: from[4],
        nextTerrain: waypoints[(a.leg + 1) % waypoints.length]![4],
        blend: a.share + t / STEPS_A_LEG,
        near: from[0],
      };
    },
  };
}

function smooth(waypoints: readonly Waypoint[]): Vertex[] {
  const count = waypoints.length;
  const vertices: Vertex[] = [];
  let atM = 0;
  for (let step = 0; step <= count * STEPS_A_LEG; step++) {
    const leg = Math.floor(step / STEPS_A_LEG) % count;
    const t = (step % STEPS_A_LEG) / STEPS_A_LEG;
    const around = [-1, 0, 1, 2].map((offset) => waypoints[(leg + offset + count) % count]!);
    const along = (field: 1 | 2) =>
      catmullRom(
        around.map((point) => point[field]),
        t,
      );
    const [from, to] = [around[1]![3], around[2]![3]];
    const ease = t * t * (3 - 2 * t);
    const rolling = Math.sin(step * 1.7) * Math.sin(t * Math.PI) * Math.min(25, 5 + Math.abs(to - from) / 10);
    const place = { lat: along(1), lng: along(2) };
    const before = vertices.at(-1);
    if (before) atM += distanceM(before, place);
    vertices.push({ ...place, elevation: Math.max(2, mix(from, to, ease) + rolling), leg, share: t, atM });
  }
  return vertices;
}

function catmullRom(values: readonly number[], t: number): number {
  const [p0, p1, p2, p3] = values as [number, number, number, number];
  const tension = 0.35;
  const [m1, m2] = [tension * (p2 - p0), tension * (p3 - p1)];
  const [t2, t3] = [t * t, t * t * t];
  return (2 * t3 - 3 * t2 + 1) * p1 + (t3 - 2 * t2 + t) * m1 + (3 * t2 - 2 * t3) * p2 + (t3 - t2) * m2;
}

function lastAtOrBefore(vertices: readonly Vertex[], along: number): number {
  let [low, high] = [0, vertices.length - 2];
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (vertices[middle]!.atM <= along) low = middle;
    else high = middle - 1;
  }
  return low;
}

const mix = (a: number, b: number, t: number) => a + (b - a) * t;
