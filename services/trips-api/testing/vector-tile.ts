import protobuf from "protobufjs";

/** A feature of a vector tile: its properties, its kind, and its commands undone to lines of tile coordinates. */
export interface TileFeature {
  readonly properties: Readonly<Record<string, string | number | boolean>>;
  readonly lines: readonly (readonly (readonly [number, number])[])[];
}

/** The part of the vector tile specification 2.1 that tiles of trips use. */
const { root } = protobuf.parse(`
  syntax = "proto2";
  message Tile { repeated Layer layers = 3; }
  message Layer { required uint32 version = 15; required string name = 1; repeated Feature features = 2;
    repeated string keys = 3; repeated Value values = 4; optional uint32 extent = 5; }
  message Feature { optional uint64 id = 1; repeated uint32 tags = 2 [packed = true]; optional uint32 type = 3;
    repeated uint32 geometry = 4 [packed = true]; }
  message Value { optional string text = 1; optional double number = 3; optional int64 int = 4;
    optional uint64 uint = 5; optional sint64 sint = 6; optional bool bool = 7; }
`);
const Tile = root.lookupType("Tile");

/** Reads a tile: its features by layer. */
export function readTile(bytes: Uint8Array): Record<string, TileFeature[]> {
  const { layers } = Tile.toObject(Tile.decode(bytes), { longs: Number }) as {
    layers: {
      name: string;
      keys: string[];
      values: Record<string, string | number | boolean>[];
      features: { tags: number[]; geometry: number[] }[];
    }[];
  };
  return Object.fromEntries(
    layers.map(({ name, keys, values, features = [] }) => [
      name,
      features.map(({ tags, geometry }) => ({
        properties: Object.fromEntries(
          tags.flatMap((tag, at) => (at % 2 ? [] : [[keys[tag]!, Object.values(values[tags[at + 1]!]!)[0]!] as const])),
        ),
        lines: linesOf(geometry),
      })),
    ]),
  );
}

function linesOf(geometry: readonly number[]): [number, number][][] {
  const lines: [number, number][][] = [];
  let [x, y, at] = [0, 0, 0];
  const delta = () => {
    const value = geometry[at++]!;
    return (value >> 1) ^ -(value & 1);
  };
  while (at < geometry.length) {
    const command = geometry[at++]!;
    if ((command & 7) === 1) lines.push([]);
    for (let left = command >> 3; left > 0; left--) {
      [x, y] = [x + delta(), y + delta()];
      lines.at(-1)!.push([x, y]);
    }
  }
  return lines;
}
