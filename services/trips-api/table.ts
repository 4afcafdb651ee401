import type { Photo } from "#lib/schemas/trips/v1/photo.ts";
import { type Bodies, createBodies } from "./bodies.ts";
import { createIds, type Ids } from "./ids.ts";

/** What every reader of many points needs, one entry a row. Arrays are longer than the table; look at `size`. */
export interface Columns {
  seq: Float64Array;
  /** Instant, in milliseconds since 1970. */
  time: Float64Array;
  lat: Float64Array;
  lng: Float64Array;
  /** Metres; NaN where unknown. Likewise `accuracy` and `speed` (metres a second). */
  elevation: Float64Array;
  accuracy: Float64Array;
  speed: Float64Array;
  /** 1 where the point has a picture. */
  photo: Uint8Array;
  /** 1 where a picture of the point (itself or its preview) has a key that does not follow from the point's id. */
  otherKeys: Uint8Array;
  /** Index into `names` of the camera, and of the trip that the event itself names (0: none). */
  camera: Int32Array;
  trip: Int32Array;
}

/** Points by row. Rows are added and die, and never change or move: whoever holds row numbers may go on reading them. */
export interface Table {
  readonly size: number;
  readonly columns: Readonly<Columns>;
  /** Camera names and trip ids, each once; 0 is the empty one. */
  readonly names: readonly string[];
  readonly bodies: Bodies;
  /** The row of the point with this id that is alive, or -1. */
  find(id: string): number;
  id(row: number): string;
  alive(row: number): boolean;
  append(photo: Photo, seq: number): number;
  /** Lets a row die; its columns stay. */
  kill(row: number): void;
}

/** What a snapshot gives to begin a table with. Its rows are all alive. */
export interface TableBase {
  readonly size: number;
  readonly columns: Columns;
  readonly names: readonly string[];
  readonly ids: Ids;
  readonly chunks: readonly Uint8Array[];
}

/** The arrays of a table for so many rows. */
export function emptyColumns(capacity: number): Columns {
  return {
    seq: new Float64Array(capacity),
    time: new Float64Array(capacity),
    lat: new Float64Array(capacity),
    lng: new Float64Array(capacity),
    elevation: new Float64Array(capacity),
    accuracy: new Float64Array(capacity),
    speed: new Float64Array(capacity),
    photo: new Uint8Array(capacity),
    otherKeys: new Uint8Array(capacity),
    camera: new Int32Array(capacity),
    trip: new Int32Array(capacity),
  };
}

/** The id of the point whose picture has this key (`photos/aa/<name>.<ext>`), by the rules of ids; points may have pictures with other keys. */
export function idOfKey(key: string): string {
  const name = key.slice(10, key.lastIndexOf("."));
  return name.length === 64 ? name.slice(0, 32) : name;
}

function hasOtherKeys({ id, image }: Photo): boolean {
  return image !== null && (image.preview !== undefined || idOfKey(image.key) !== id);
}

/** Makes a table: empty, or with the rows of a snapshot. */
export function createTable(base?: TableBase): Table {
  const ids = base?.ids ?? createIds();
  const bodies = createBodies(base?.chunks, base?.size);
  const names = [...(base?.names ?? [""])];
  const nameIndex = new Map(names.map((name, index) => [name, index]));
  let columns = base?.columns ?? emptyColumns(16_384);
  let dead = new Uint8Array(columns.seq.length);
  let size = base?.size ?? 0;

  const grow = () => {
    const larger = emptyColumns(Math.max(16_384, size * 2));
    for (const name of Object.keys(columns) as (keyof Columns)[]) larger[name].set(columns[name]);
    columns = larger;
    const graves = new Uint8Array(columns.seq.length);
    graves.set(dead);
    dead = graves;
  };
  const nameOf = (name: string) => {
    let index = nameIndex.get(name);
    if (index === undefined) nameIndex.set(name, (index = names.push(name) - 1));
    return index;
  };

  return {
    get size() {
      return size;
    },
    get columns() {
      return columns;
    },
    names,
    bodies,
    find(id) {
      const row = ids.find(id);
      return row >= 0 && dead[row] === 0 ? row : -1;
    },
    id: (row) => ids.id(row),
    alive: (row) => dead[row] === 0,
    append(photo, seq) {
      if (size === columns.seq.length) grow();
      const row = size++;
      columns.seq[row] = seq;
      columns.time[row] = Date.parse(photo.takenAt);
      columns.lat[row] = photo.lat;
      columns.lng[row] = photo.lng;
      columns.elevation[row] = photo.elevation ?? NaN;
      columns.accuracy[row] = photo.accuracyM ?? NaN;
      columns.speed[row] = photo.speedMps ?? NaN;
      columns.photo[row] = photo.image === null ? 0 : 1;
      columns.otherKeys[row] = hasOtherKeys(photo) ? 1 : 0;
      columns.camera[row] = nameOf(photo.camera);
      columns.trip[row] = photo.trip === undefined ? 0 : nameOf(photo.trip);
      ids.push(photo.id);
      bodies.push(photo, seq);
      return row;
    },
    kill(row) {
      dead[row] = 1;
      bodies.forget(row);
    },
  };
}
