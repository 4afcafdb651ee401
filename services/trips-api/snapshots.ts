import { type Static, Type } from "typebox";
import Value from "typebox/value";
import type { Lease } from "#lib/messaging/lease.ts";
import type { Objects } from "#lib/objects/objects.ts";
import { SeqSchema } from "#lib/schemas/trips/v1/seq.ts";
import { decodeSnapshot, encodeSnapshot, sha256Of, type StreamIdentity } from "./snapshot.ts";
import type { StoreBase } from "./state.ts";
import type { TripStore } from "./store.ts";

/** The object that says which snapshots there are. It is put as a whole, so that readers see the old or the new one. */
const POINTER = "snapshots/trips.json";

/** How many snapshots are kept: the latest, and those that time travel can start from. */
const KEPT = 4;

const ListedSchema = Type.Object({
  key: Type.String({ pattern: "^snapshots/trips-\\d{1,16}\\.snap$" }),
  seq: SeqSchema,
  sha256: Type.String({ pattern: "^[0-9a-f]{64}$" }),
  bytes: Type.Integer({ minimum: 1 }),
});
const PointerSchema = Type.Object({ snapshots: Type.Array(ListedSchema, { maxItems: 100 }) });

type Listed = Static<typeof ListedSchema>;

/** Snapshots of the fold in the object store. None of them is needed: whatever is wrong with one, the stream has it all. */
export interface Snapshots {
  /**
   * The latest good snapshot at or before a sequence; null when there is none. What is wrong with others goes to
   * `onRefused`; that they are newer is wrong only when `upTo` is the end of the stream.
   */
  load(stream: StreamIdentity, upTo: number, isEnd?: boolean): Promise<StoreBase | null>;
  /**
   * Writes the present state, unless another process is at it or one as new is there, and deletes the oldest.
   * @returns the sequence of the snapshot, or null when none was written
   */
  save(store: TripStore, stream: StreamIdentity): Promise<number | null>;
  /** Takes a snapshot off the list, which turned out to be wrong. */
  disown(seq: number): Promise<void>;
}

/** Opens the snapshots. `takeLease` lets one process at a time write. */
export function openSnapshots(deps: {
  objects: Pick<Objects, "get" | "put" | "remove">;
  takeLease: () => Promise<Lease | null>;
  onRefused(seq: number | null, reason: string): void;
}): Snapshots {
  const { objects } = deps;

  const read = async (key: string): Promise<Uint8Array | null> => {
    const found = await objects.get(key);
    if (!found) return null;
    const bytes = new Uint8Array(found.bytes);
    let at = 0;
    for await (const piece of found.body) {
      if (at + piece.length > bytes.length) throw new Error(`${key} is longer than the ${bytes.length} bytes it says.`);
      bytes.set(piece, at);
      at += piece.length;
    }
    if (at < bytes.length) throw new Error(`${key} ended after ${at} of ${bytes.length} bytes.`);
    return bytes;
  };
  const list = async (): Promise<Listed[]> => {
    const bytes = await read(POINTER);
    if (!bytes) return [];
    try {
      const pointer: unknown = JSON.parse(Buffer.from(bytes).toString("utf8"));
      if (Value.Check(PointerSchema, pointer)) return pointer.snapshots.sort((a, b) => b.seq - a.seq);
      deps.onRefused(null, `${POINTER} does not list snapshots`);
    } catch (error) {
      deps.onRefused(null, `${POINTER} is not JSON: ${(error as Error).message}`);
    }
    return [];
  };
  const point = (snapshots: Listed[]) =>
    objects.put(POINTER, Buffer.from(JSON.stringify({ snapshots })), "application/json");

  const open = async ({ key, seq, sha256 }: Listed, stream: StreamIdentity): Promise<StoreBase> => {
    const bytes = await read(key);
    if (!bytes) throw new Error(`There is no object ${key}.`);
    const decoding = Promise.allSettled([decodeSnapshot(bytes, stream)]);
    const actual = await sha256Of(bytes);
    if (actual !== sha256) throw new Error(`Its SHA-256 is ${actual}; expected ${sha256}.`);
    const [decoded] = await decoding;
    if (decoded.status === "rejected") throw decoded.reason as Error;
    const base = decoded.value;
    if (base.seq !== seq) throw new Error(`It ends at sequence ${base.seq}; expected ${seq}.`);
    return base;
  };

  return {
    async load(stream, upTo, isEnd = true) {
      for (const listed of await list()) {
        if (listed.seq > upTo) {
          if (isEnd) deps.onRefused(listed.seq, `it is newer than the stream, which ends at ${upTo}`);
          continue;
        }
        try {
          return await open(listed, stream);
        } catch (error) {
          deps.onRefused(listed.seq, (error as Error).message);
        }
      }
      return null;
    },
    async save(store, stream) {
      const lease = await deps.takeLease();
      if (!lease) return null;
      try {
        const before = await list();
        if (before.some(({ seq }) => seq >= store.seq)) return null;
        const held = await store.hold();
        const bytes = await encodeSnapshot(held, stream);
        const key = `snapshots/trips-${held.seq}.snap`;
        await objects.put(key, bytes, "application/octet-stream");
        const listed = { key, seq: held.seq, sha256: await sha256Of(bytes), bytes: bytes.byteLength };
        const all = [listed, ...before];
        await point(all.slice(0, KEPT));
        for (const old of all.slice(KEPT)) await objects.remove(old.key);
        return held.seq;
      } finally {
        await lease.release();
      }
    },
    async disown(wrong) {
      await point((await list()).filter(({ seq }) => seq !== wrong));
    },
  };
}
