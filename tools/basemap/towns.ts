import type { Feature, Point } from "geojson";

/** A town of the gazetteer. */
export interface Town {
  readonly name: string;
  readonly population: number;
  readonly lng: number;
  readonly lat: number;
}

/** `zoom`: from which zoom on the town is shown; `size`: decimal logarithm of its population, one decimal. */
export type TownLabel = Feature<Point, { name: string; zoom: number; size: number }>;

interface Place {
  readonly x: number;
  readonly y: number;
}

/** Room around a label, in pixels of the 512 px tile. */
const ROOM = 84;
const MIN_ZOOM = 3;

function mercator({ lng, lat }: Town): Place {
  const sine = Math.sin((lat * Math.PI) / 180);
  return { x: lng / 360 + 0.5, y: 0.5 - Math.log((1 + sine) / (1 - sine)) / (4 * Math.PI) };
}

/** Places that can be asked whether one of them is within `room`. */
function createGrid(room: number) {
  const cells = new Map<string, Place[]>();
  const cell = (value: number) => Math.floor(value / room);
  return {
    add: (place: Place) => {
      const key = `${cell(place.x)},${cell(place.y)}`;
      const there = cells.get(key);
      if (there) there.push(place);
      else cells.set(key, [place]);
    },
    near: ({ x, y }: Place) => {
      for (let column = cell(x) - 1; column <= cell(x) + 1; column++) {
        for (let row = cell(y) - 1; row <= cell(y) + 1; row++) {
          if (cells.get(`${column},${row}`)?.some((other) => Math.hypot(other.x - x, other.y - y) < room)) return true;
        }
      }
      return false;
    },
  };
}

/**
 * Says from which zoom on each town is shown: the first at which no more populous one stands in the room around it.
 * So crowded regions thin out and lonely villages stay. Towns that have no room up to `maxZoom` are left out.
 */
export function pickTowns(towns: readonly Town[], maxZoom: number): TownLabel[] {
  const all = towns
    .map((town) => ({ town, ...mercator(town) }))
    .sort((a, b) => b.town.population - a.town.population || a.x - b.x || a.y - b.y);
  const picked = new Map<(typeof all)[number], TownLabel>();
  for (let zoom = MIN_ZOOM; zoom <= maxZoom; zoom++) {
    const larger = createGrid(ROOM / 512 / 2 ** zoom);
    for (const place of all) {
      if (!picked.has(place) && !larger.near(place)) {
        const { name, population, lng, lat } = place.town;
        const properties = { name, zoom, size: Math.round(Math.log10(Math.max(1, population)) * 10) / 10 };
        picked.set(place, { type: "Feature", properties, geometry: { type: "Point", coordinates: [lng, lat] } });
      }
      larger.add(place);
    }
  }
  return [...picked.values()];
}
