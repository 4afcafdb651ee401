import { createNoise } from "./noise.ts";
import type { Route } from "./route.ts";
import type { Terrain } from "./waypoints.ts";

/** How fast a car goes along a route. */
export interface Drive {
  /** Kilometres an hour at a place: 40 to 90, slower in bends, on slopes and in narrow land. */
  speedAt(distance: number): number;
  /** Where a car is (metres from the start of the route, growing beyond its end) that was at `from` so many seconds ago. */
  after(from: number, seconds: number): number;
}

const STEP_M = 100;
const OPEN_ROAD_KMH: Readonly<Record<Terrain, number>> = {
  farmland: 74,
  moor: 66,
  sea: 56,
  loch: 53,
  mountain: 50,
};
const [SLOWEST_KMH, FASTEST_KMH] = [40, 90];

/** Works out the speeds along a route; equal routes give equal drives. */
export function createDrive(route: Route): Drive {
  const steps = Math.ceil(route.lengthM / STEP_M);
  const stepM = route.lengthM / steps;
  const wished = Array.from({ length: steps }, (_, step) => wishedKmh(route, (step + 0.5) * stepM));
  const speeds = wished.map((_, step) => {
    const around = [-3, -2, -1, 0, 1, 2, 3].map((offset) => wished[(step + offset + steps) % steps]!);
    return around.reduce((sum, speed) => sum + speed, 0) / around.length;
  });
  const reachedS = new Float64Array(steps + 1);
  speeds.forEach((kmh, step) => (reachedS[step + 1] = reachedS[step]! + (stepM * 3.6) / kmh));
  const lapS = reachedS[steps]!;
  const stepOf = (along: number) => Math.min(steps - 1, Math.floor(along / stepM));

  const secondsTo = (distance: number) => {
    const laps = Math.floor(distance / route.lengthM);
    const along = distance - laps * route.lengthM;
    const step = stepOf(along);
    const share = along / stepM - step;
    return laps * lapS + reachedS[step]! + share * (reachedS[step + 1]! - reachedS[step]!);
  };
  return {
    speedAt: (distance) => speeds[stepOf(((distance % route.lengthM) + route.lengthM) % route.lengthM)]!,
    after(from, seconds) {
      const at = secondsTo(from) + seconds;
      const laps = Math.floor(at / lapS);
      const inLap = at - laps * lapS;
      let [low, high] = [0, steps - 1];
      while (low < high) {
        const middle = (low + high + 1) >> 1;
        if (reachedS[middle]! <= inLap) low = middle;
        else high = middle - 1;
      }
      const share = (inLap - reachedS[low]!) / (reachedS[low + 1]! - reachedS[low]!);
      return laps * route.lengthM + (low + share) * stepM;
    },
  };
}

function wishedKmh(route: Route, distance: number): number {
  const [here, behind, ahead] = [0, -200, 200].map((away) => route.at(distance + away)) as [At, At, At];
  const turn = Math.abs(((ahead.heading - behind.heading + 540) % 360) - 180);
  const slope = Math.abs(ahead.elevation - behind.elevation) / 400;
  const [from, to] = [OPEN_ROAD_KMH[here.terrain], OPEN_ROAD_KMH[here.nextTerrain]];
  const traffic = (createNoise(29).line(distance / 2_500) - 0.5) * 22;
  const wish = from + (to - from) * here.blend + traffic - turn * 1.2 - slope * 160;
  return Math.max(SLOWEST_KMH, Math.min(FASTEST_KMH, wish));
}

type At = ReturnType<Route["at"]>;
