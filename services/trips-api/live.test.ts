import { afterEach, beforeEach, expect, test } from "vitest";
import { eventually } from "#lib/testing/process.ts";
import { serve, type Serving } from "./testing/serving.ts";

/** No picture is asked for here. */
const nothing = { get: async () => null, head: async () => null };

let serving: Serving;
beforeEach(async () => {
  serving = await serve(nothing, { bufferedBytes: 64 * 1024, stallMs: 1_000, digestMs: 50 });
});
afterEach(() => serving.server.close());

test("a viewer gets hello and then every change, in order", async () => {
  serving.fold("before");
  const viewer = serving.watch();
  await eventually("hello", () => viewer.messages[0]);
  expect(viewer.messages[0]).toEqual({ type: "hello", seq: 1, viewers: 1 });
  serving.fold("a");
  serving.store.apply({ kind: "deletion", seq: 3, id: "before" });
  serving.live.changed();
  await eventually("both changes", () => viewer.seqs().length === 2);
  expect(viewer.messages.filter(({ type }) => type === "point" || type === "deletion")).toMatchObject([
    { type: "point", seq: 2, point: { id: "a", seq: 2 } },
    { type: "deletion", seq: 3, id: "before" },
  ]);
  viewer.socket.close();
});

test("a viewer who resumes gets what it missed, also much of it, and then what is new", async () => {
  for (let number = 0; number < 3_000; number++) serving.fold(`p${number}`);
  const viewer = serving.watch("?after=10");
  await eventually("all changes", () => viewer.seqs().length === 2_990);
  serving.fold("new");
  await eventually("the new one", () => viewer.seqs().at(-1) === 3_001);
  expect(viewer.seqs()).toEqual(Array.from({ length: 2_991 }, (_, index) => index + 11));
  viewer.socket.close();
});

test("a viewer ahead of the stream is told its end, and gets what comes next", async () => {
  const viewer = serving.watch("?after=99");
  await eventually("hello", () => viewer.messages[0]);
  expect(viewer.messages[0]).toMatchObject({ seq: 0 });
  serving.fold("a");
  await eventually("the change", () => viewer.seqs().length === 1);
  viewer.socket.close();
});

test("viewers are counted as they come and go", async () => {
  const first = serving.watch();
  await eventually("hello", () => first.messages[0]);
  const second = serving.watch();
  await eventually("two", () => first.messages.some((message) => message.type === "viewers" && message.count === 2));
  expect((await serving.json("/api/stats"))[1]).toMatchObject({ viewers: 2 });
  second.socket.close();
  await eventually("one", () => first.messages.findLast((message) => message.type === "viewers")?.count === 1);
  first.socket.close();
});

test("a ping is answered, anything else closes the socket with 1008", async () => {
  const viewer = serving.watch();
  await eventually("hello", () => viewer.messages[0]);
  viewer.socket.send('{"type":"ping"}');
  await eventually("pong", () => viewer.messages.some(({ type }) => type === "pong"));
  viewer.socket.send('{"type":"dance"}');
  expect(await viewer.closed).toBe(1008);
});

test("a slow viewer is closed with 1013, holds up nobody, and can resume", async () => {
  const [lazy, keen] = [serving.watch(), serving.watch()];
  await eventually("both are in", () => lazy.messages[0] && keen.messages[0]);
  lazy.socket.pause();
  const tags = Array.from({ length: 32 }, (_, index) => `${index}`.padEnd(64, "x"));
  for (let number = 0; number < 6_000; number++) {
    serving.fold(`p${number}`, tags);
    if (number % 100 === 0) await new Promise(setImmediate);
  }
  await eventually("the keen one has all", () => keen.seqs().length === 6_000);
  await eventually("the lazy one is given up", () => serving.slow() === 1);
  lazy.socket.resume();
  expect(await lazy.closed).toBe(1013);
  const last = lazy.seqs().at(-1)!;
  expect(lazy.seqs()).toEqual(Array.from({ length: last }, (_, index) => index + 1));
  const again = serving.watch(`?after=${last}`);
  await eventually("the rest", () => again.seqs().at(-1) === 6_000);
  expect(again.seqs()).toHaveLength(6_000 - last);
  keen.socket.close();
  again.socket.close();
});

test("a viewer that answers no WebSocket ping is cut off", async () => {
  const strict = await serve(nothing, { pingMs: 200 });
  const viewer = strict.watch("", { autoPong: false });
  expect(await viewer.closed).toBe(1006);
  await eventually("nobody watches", () => strict.live.viewers() === 0);
  await strict.server.close();
});

test("when the service stops its viewers are told 1001", async () => {
  const viewer = serving.watch();
  await eventually("hello", () => viewer.messages[0]);
  await serving.server.close();
  expect(await viewer.closed).toBe(1001);
});
