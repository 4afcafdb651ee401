import { createHash } from "node:crypto";
import { expect, test } from "vitest";
import type { Photo } from "#lib/schemas/trips/v1/photo.ts";
import { eventOf } from "./events.ts";
import type { TripEvent } from "./fold.ts";
import { decodeSnapshot, encodeSnapshot } from "./snapshot.ts";
import { createTripStore, type TripStore } from "./store.ts";
import { recheck } from "./sums.ts";
import { photoOf as drivePhoto } from "./testing/points.ts";

const photoOf = (id: string, minute: number): Photo => ({
  id,
  takenAt: `2026-05-01T10:${String(minute).padStart(2, "0")}:00.000Z`,
  lat: 57.5,
  lng: -4.2,
  elevation: 10,
  image: null,
  camera: "gopro",
  tags: [],
  exposure: { iso: null, shutter: null, aperture: null, focalLength35mm: null, ev: null },
});
const photo = (seq: number, id: string, minute = seq): TripEvent => ({
  kind: "photo",
  seq,
  photo: photoOf(id, minute),
});
const deletion = (seq: number, id: string): TripEvent => ({ kind: "deletion", seq, id });

function storeOf(...events: TripEvent[]) {
  const store = createTripStore();
  for (const event of events) store.apply(event);
  return store;
}
const ids = (points: readonly { id: string }[]) => points.map(({ id }) => id);

test("points come by the time they were taken, not by the time they arrived", () => {
  const store = storeOf(photo(1, "late", 50), photo(2, "early", 10), photo(3, "middle", 30));
  expect(ids(store.points(0).points)).toEqual(["early", "middle", "late"]);
  expect(store.stats()).toEqual({ points: 3, firstAt: "2026-05-01T10:10:00.000Z", lastAt: "2026-05-01T10:50:00.000Z" });
});

test("the last photo of an id counts", () => {
  const store = storeOf(photo(1, "a", 10), photo(2, "a", 20));
  expect(store.point("a")).toMatchObject({ seq: 2, takenAt: "2026-05-01T10:20:00.000Z" });
  expect(store.changesAfter(0, 10)).toHaveLength(1);
});

test("a deletion is final wherever it stands among the photos of its id", () => {
  expect(ids(storeOf(photo(1, "a"), deletion(2, "a"), photo(3, "b")).points(0).points)).toEqual(["b"]);
  expect(ids(storeOf(deletion(1, "a"), photo(2, "a"), photo(3, "b")).points(0).points)).toEqual(["b"]);
  expect(storeOf(photo(1, "a"), deletion(2, "a"), deletion(3, "a")).changesAfter(0, 10)).toEqual([
    { type: "deletion", seq: 2, id: "a" },
  ]);
});

test("pages by sequence give every point once, and the last page ends at the stream's sequence", () => {
  const store = storeOf(photo(1, "a", 50), photo(2, "b", 40), photo(3, "c", 30), deletion(4, "x"));
  const first = store.points(0, 2);
  expect([ids(first.points), first.seq]).toEqual([["b", "a"], 2]);
  const second = store.points(first.seq, 2);
  expect([ids(second.points), second.seq]).toEqual([["c"], 4]);
  expect(store.points(4)).toEqual({ points: [], seq: 4 });
});

test("an empty store has no first and no last photo", () => {
  expect(storeOf().stats()).toEqual({ points: 0, firstAt: null, lastAt: null });
});

test("a stream that goes back is a bug and is not folded", () => {
  const store = storeOf(photo(5, "a"));
  expect(() => store.apply(photo(5, "b"))).toThrow("sequences must grow");
});

test("whoever resumes anywhere ends with the same points as one who saw everything", () => {
  let seed = 7;
  const random = (below: number) => (seed = (seed * 48_271) % 2_147_483_647) % below;
  const events = Array.from({ length: 5_000 }, (_, index): TripEvent => {
    const id = `p${random(400)}`;
    return random(10) === 0 ? deletion(index + 1, id) : photo(index + 1, id, random(60));
  });
  const store = createTripStore();
  const replica = new Map<string, unknown>();
  let cursor = 0;
  for (const event of events) {
    store.apply(event);
    if (random(50) > 0) continue;
    for (const change of store.changesAfter(cursor, Infinity)) {
      cursor = change.seq;
      if (change.type === "point") replica.set(change.point.id, change.point);
      else replica.delete(change.id);
    }
  }
  for (const change of store.changesAfter(cursor, Infinity)) {
    if (change.type === "point") replica.set(change.point.id, change.point);
    else replica.delete(change.id);
  }
  const expected = new Map(store.points(0).points.map((point) => [point.id, point]));
  expect(replica).toEqual(expected);
});

test("a store that goes on from a snapshot is the one that saw everything, in digest, order and changes", async () => {
  let seed = 11;
  const random = (below: number) => (seed = (seed * 48_271) % 2_147_483_647) % below;
  const events = Array.from({ length: 9_000 }, (_, index): TripEvent => {
    const id = `p${random(3_000)}`;
    return random(10) === 0 ? deletion(index + 1, id) : photo(index + 1, id, random(60));
  });
  const stream = { name: "TRIPS", created: "then" };
  const [whole, half, restored] = [createTripStore(), createTripStore(), createTripStore()];
  for (const event of events.slice(0, 6_000)) half.apply(event);
  const bytes = await encodeSnapshot(await half.hold(), stream);
  restored.restore(await decodeSnapshot(bytes, stream));
  expect(await restored.digest()).toEqual(await half.digest());
  for (const event of events) {
    whole.apply(event);
    if (event.seq > 6_000) restored.apply(event);
    if (random(200) === 0) whole.rows();
  }
  expect(await restored.digest()).toEqual(await whole.digest());
  expect(restored.points(0)).toEqual(whole.points(0));
  expect(restored.changesAfter(100, 1_000)).toEqual(whole.changesAfter(100, 1_000));
  expect([...restored.rows()].map((row) => restored.table.id(row))).toEqual(
    [...whole.rows()].map((row) => whole.table.id(row)),
  );
  expect(await recheck(await restored.hold())).toBe(true);
  await expect(decodeSnapshot(bytes, { ...stream, created: "now" })).rejects.toThrow("of the stream TRIPS of then");
  await expect(decodeSnapshot(bytes.subarray(8), stream)).rejects.toThrow("does not begin as a snapshot");
});

test("the digest is the documented sum: another reader of the stream can make it", async () => {
  const sha256 = (text: string) => createHash("sha256").update(text).digest("hex");
  const { point, store } = { point: { ...photoOf("a", 1), seq: 1 }, store: storeOf(photo(1, "a"), deletion(2, "b")) };
  const text = JSON.stringify(point, [
    "camera",
    "elevation",
    "exposure",
    "aperture",
    "ev",
    "focalLength35mm",
    "iso",
    "shutter",
    "id",
    "image",
    "lat",
    "lng",
    "seq",
    "tags",
    "takenAt",
  ]);
  const sum = BigInt(`0x${sha256(`point\n${text}`)}`) + BigInt(`0x${sha256("deletion\nb:2")}`);
  const expected = sha256(`trips digest 1\n${BigInt.asUintN(256, sum).toString(16)}`);
  expect(await store.digest()).toEqual({ seq: 2, sha256: expected });
});

test("a snapshot with large columns goes on over the end of the room that they were unpacked with", async () => {
  const stream = { name: "TRIPS", created: "then" };
  const [whole, restored] = [createTripStore(), createTripStore()];
  const drive = (from: number, to: number, stores: TripStore[]) => {
    for (let seq = from; seq <= to; seq++) {
      for (const store of stores) store.apply({ kind: "photo", seq, photo: drivePhoto(seq) });
    }
  };
  drive(1, 10_000, [whole]);
  restored.restore(await decodeSnapshot(await encodeSnapshot(await whole.hold(), stream), stream));
  const { buffer } = restored.table.columns.time;
  drive(10_001, 10_500, [whole, restored]);
  expect(restored.table.columns.time.buffer, "nothing was moved yet").toBe(buffer);
  drive(10_501, 12_000, [whole, restored]);
  expect(restored.points(0)).toEqual(whole.points(0));
  expect(restored.table.columns.lat.subarray(0, 12_000)).toEqual(whole.table.columns.lat.subarray(0, 12_000));
  expect([1, 10_000, 12_000].map((seq) => restored.table.find(drivePhoto(seq).id))).toEqual([0, 9_999, 11_999]);
  expect(await restored.digest()).toEqual(await whole.digest());
});

test("a state whose digest was kept wrongly is found out", async () => {
  const held = await storeOf(photo(1, "a"), photo(2, "b")).hold();
  expect(await recheck(held)).toBe(true);
  expect(await recheck({ ...held, text: (row) => held.text(row).replace("57.5", "57.6") })).toBe(false);
});

test("messages become events, and what cannot be read says why", () => {
  const message = (subject: string, value: unknown) => ({
    seq: 1,
    subject,
    data: new TextEncoder().encode(typeof value === "string" ? value : JSON.stringify(value)),
  });
  expect(eventOf(message("trips.v1.photo.gopro", photoOf("a", 1)))).toMatchObject({
    kind: "photo",
    seq: 1,
    photo: { id: "a" },
  });
  expect(eventOf(message("trips.v1.deletion.a", { id: "a" }))).toEqual({ kind: "deletion", seq: 1, id: "a" });
  expect(eventOf(message("trips.v1.photo.gopro", { ...photoOf("a", 1), lat: 91 }))).toEqual({
    kind: "unreadable",
    problem: "/lat must be <= 90",
  });
  expect(eventOf(message("trips.v1.photo.gopro", "{"))).toMatchObject({ kind: "unreadable" });
  expect(eventOf(message("trips.v1.other", {}))).toMatchObject({
    kind: "unreadable",
    problem: expect.stringContaining("unknown"),
  });
});
