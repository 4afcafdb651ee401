import { webcrypto } from "node:crypto";
import { setImmediate as turn } from "node:timers/promises";
import { promisify } from "node:util";
import { constants, zstdCompress, zstdDecompress } from "node:zlib";
import { type Static, Type } from "typebox";
import Value from "typebox/value";
import { UnreadableReplySchema } from "#lib/schemas/trips/v1/api.ts";
import { SettingsSchema, ShareSchema } from "#lib/schemas/trips/v1/sharing.ts";
import { TripSchema } from "#lib/schemas/trips/v1/trip.ts";
import { CHUNK_ROWS } from "./bodies.ts";
import { FOLD_VERSION } from "./fold.ts";
import { createIds, slotsOf } from "./ids.ts";
import type { Held, StoreBase } from "./state.ts";
import { type Columns, emptyColumns } from "./table.ts";

/** The stream that a snapshot is of; made anew, it is another one. */
export interface StreamIdentity {
  readonly name: string;
  /** When the server created it. */
  readonly created: string;
}

/**
 * The bytes of a snapshot: `TRIPSNAP`, the length of the header as 32 bits (little endian), the header (JSON,
 * {@link HeaderSchema}), and after it the sections that it lists, each compressed by zstd: one for each column (little
 * endian arrays, rows by time), ids with their hash table, tombstones, and then the points' canonical JSON in chunks, a line each. Columns are
 * unpacked at start, on other threads, and used as they are; chunks are unpacked when a point in them is asked for: a
 * million points are ready in the time that their bytes take to arrive and to be hashed, where a million lines of JSON
 * would take seconds to parse.
 */
const MAGIC = "TRIPSNAP";
const LEVEL = { params: { [constants.ZSTD_c_compressionLevel]: 1 } };
type Transform = (bytes: Uint8Array, options: object) => Promise<Buffer>;
const compress = promisify(zstdCompress) as Transform;
const decompress = promisify(zstdDecompress) as Transform;

const Entry = <Name extends string, Schema extends Parameters<typeof Type.Array>[0]>(name: Name, schema: Schema) =>
  Type.Object({ seq: Type.Integer({ minimum: 1 }), [name]: schema } as {
    seq: ReturnType<typeof Type.Integer>;
  } & Record<Name, Schema>);

const HeaderSchema = Type.Object({
  version: Type.Literal(FOLD_VERSION),
  stream: Type.Object({ name: Type.String(), created: Type.String() }),
  seq: Type.Integer({ minimum: 1 }),
  rows: Type.Integer({ minimum: 0 }),
  chunkRows: Type.Literal(CHUNK_ROWS),
  sum: Type.String({ pattern: "^[0-9a-f]+$" }),
  names: Type.Array(Type.String(), { minItems: 1 }),
  trips: Type.Array(Entry("trip", TripSchema)),
  shares: Type.Array(Entry("share", ShareSchema)),
  settings: Type.Union([Entry("settings", SettingsSchema), Type.Null()]),
  unreadable: UnreadableReplySchema,
  sections: Type.Array(
    Type.Object({ name: Type.String(), packed: Type.Integer({ minimum: 1 }), bytes: Type.Integer({ minimum: 0 }) }),
  ),
  chunks: Type.Array(Type.Integer({ minimum: 1 })),
});

const GravesSchema = Type.Array(Type.Tuple([Type.String(), Type.Integer({ minimum: 1 })]));

type Header = Static<typeof HeaderSchema>;

/** The SHA-256 of bytes in hex, made beside other work. */
export async function sha256Of(bytes: Uint8Array): Promise<string> {
  return Buffer.from(await webcrypto.subtle.digest("SHA-256", bytes as Uint8Array<ArrayBuffer>)).toString("hex");
}

/** Writes a held state down, in turns with other work. */
export async function encodeSnapshot(held: Held, stream: StreamIdentity): Promise<Uint8Array> {
  const { rows, table } = held;
  const count = rows.length;
  const chosen = emptyColumns(count);
  for (const name of Object.keys(chosen) as (keyof Columns)[]) {
    const from = table.columns[name];
    for (let index = 0; index < count; index++) chosen[name][index] = from[rows[index]!]!;
    await turn();
  }
  const lengths = new Uint8Array(count);
  const ids = Buffer.alloc(count * 64);
  let end = 0;
  for (let index = 0; index < count; index++) {
    end += lengths[index] = ids.write(table.id(rows[index]!), end, "latin1");
    if (index % 50_000 === 0) await turn();
  }
  const packing = slotsOf(ids.subarray(0, end), lengths);
  let step = packing.next();
  for (; !step.done; step = packing.next()) await turn();
  const chunks: Buffer[] = [];
  for (let from = 0; from < count; from += CHUNK_ROWS) {
    const lines = Array.from(rows.subarray(from, from + CHUNK_ROWS), (row) => held.text(row));
    chunks.push(await compress(Buffer.from(lines.join("\n")), LEVEL));
  }
  const graves = Buffer.from(JSON.stringify([...held.tombstones]));
  const sections: Record<string, ArrayBufferView> = {
    ...chosen,
    lengths,
    slots: step.value,
    ids: ids.subarray(0, end),
    graves,
  };
  const packed: { name: string; bytes: number; data: Buffer }[] = [];
  for (const [name, { buffer, byteOffset, byteLength: bytes }] of Object.entries(sections)) {
    packed.push({ name, bytes, data: await compress(new Uint8Array(buffer, byteOffset, bytes), LEVEL) });
  }
  const header: Header = {
    version: FOLD_VERSION,
    stream: { ...stream },
    seq: held.seq,
    rows: count,
    chunkRows: CHUNK_ROWS,
    sum: held.sum.toString(16),
    names: [...table.names],
    trips: [...held.trips.values()],
    shares: [...held.shares.values()],
    settings: held.settings,
    unreadable: held.unreadable,
    sections: packed.map(({ name, bytes, data }) => ({ name, bytes, packed: data.byteLength })),
    chunks: chunks.map(({ byteLength }) => byteLength),
  };
  const text = Buffer.from(JSON.stringify(header));
  const size = Buffer.alloc(4);
  size.writeUInt32LE(text.byteLength);
  return Buffer.concat([Buffer.from(MAGIC), size, text, ...packed.map(({ data }) => data), ...chunks]);
}

/**
 * Reads a snapshot's bytes. What comes out is only to be used when they turn out to be those that were written.
 * @throws when they are of another version of the fold or of another stream, or are no snapshot
 */
export async function decodeSnapshot(bytes: Uint8Array, stream: StreamIdentity): Promise<StoreBase> {
  const file = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (file.toString("latin1", 0, MAGIC.length) !== MAGIC) throw new Error("It does not begin as a snapshot does.");
  let at = MAGIC.length + 4 + file.readUInt32LE(MAGIC.length);
  const header: unknown = JSON.parse(file.toString("utf8", MAGIC.length + 4, at));
  if (!Value.Check(HeaderSchema, header)) {
    const [problem] = Value.Errors(HeaderSchema, header);
    throw new Error(`It was written by another version: its header's ${problem?.instancePath} ${problem?.message}.`);
  }
  if (header.stream.name !== stream.name || header.stream.created !== stream.created) {
    throw new Error(`It is of the stream ${header.stream.name} of ${header.stream.created}, not of ${stream.created}.`);
  }
  const next = (length: number) => file.subarray(at, (at += length));
  const unpacked = new Map(
    await Promise.all(
      header.sections.map(async ({ name, packed, bytes: size }) => {
        const options = { chunkSize: roomFor(size), maxOutputLength: Math.max(64, size) };
        return [name, await decompress(next(packed), options)] as const;
      }),
    ),
  );
  const section = (name: string): Buffer => {
    const found = unpacked.get(name);
    if (!found) throw new Error(`It has no section ${name}.`);
    return found;
  };
  const columns = emptyColumns(0);
  const names = Object.keys(columns) as (keyof Columns)[];
  for (const name of names) {
    const raw = section(name);
    const { BYTES_PER_ELEMENT: bytesEach } = columns[name];
    if (raw.byteLength !== header.rows * bytesEach) {
      throw new Error(`Its column ${name} has ${raw.byteLength / bytesEach} rows of ${header.rows}.`);
    }
    Object.assign(columns, { [name]: arrayOver(raw, columns[name].constructor as Float64ArrayConstructor) });
  }
  const capacity = Math.min(...names.map((name) => columns[name].length));
  for (const name of names) Object.assign(columns, { [name]: columns[name].subarray(0, capacity) });
  const slots = section("slots");
  return {
    seq: header.seq,
    sum: BigInt(`0x${header.sum}`),
    tombstones: new Map(Value.Parse(GravesSchema, JSON.parse(section("graves").toString("utf8")))),
    trips: new Map(header.trips.map((entry) => [entry.trip.id, entry])),
    shares: new Map(header.shares.map((entry) => [entry.share.id, entry])),
    settings: header.settings,
    unreadable: header.unreadable,
    table: {
      size: header.rows,
      columns,
      names: header.names,
      ids: createIds({
        bytes: section("ids"),
        lengths: section("lengths"),
        slots: arrayOver(slots, Int32Array).subarray(0, slots.byteLength / 4),
      }),
      chunks: header.chunks.map(next),
    },
  };
}

/** The bytes that a section is unpacked into: an eighth more than it has, so that the rows that follow need not move a column at once. */
function roomFor(bytes: number): number {
  return Math.ceil((bytes * 1.125) / 8) * 8 + 64;
}

interface ArrayMaker<Typed> {
  readonly BYTES_PER_ELEMENT: number;
  new (buffer: ArrayBufferLike, offset?: number, length?: number): Typed;
}

/** The unpacked section as an array with all the room that it was given; in place where the memory is the section's alone. */
function arrayOver<Typed>(raw: Buffer, Maker: ArrayMaker<Typed>): Typed {
  const room = roomFor(raw.byteLength);
  const length = Math.floor(room / Maker.BYTES_PER_ELEMENT);
  const isItsOwn = raw.byteOffset === 0 && raw.buffer.byteLength === room && room > Buffer.poolSize;
  if (isItsOwn) return new Maker(raw.buffer, 0, length);
  const copy = new Uint8Array(room);
  copy.set(raw);
  return new Maker(copy.buffer, 0, length);
}
