import { Type } from "typebox";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import { type NatsServer, startNats } from "#lib/testing/nats.ts";
import { eventually } from "#lib/testing/process.ts";
import { type Messaging, openMessaging } from "./connection.ts";
import { decodeEvent, publishEvent } from "./events.ts";
import { follow } from "./follow.ts";
import { takeLease } from "./lease.ts";
import { ensureStream } from "./stream.ts";

const Step = Type.Object({ n: Type.Integer({ minimum: 0 }) });
let count = 0;
let stream: { name: string; subjects: string[] };
let nats: NatsServer;
let messaging: Messaging;

beforeAll(async () => {
  nats = await startNats();
});
afterAll(() => nats.close());
beforeEach(async () => {
  count += 1;
  stream = { name: `STEPS_${count}`, subjects: [`steps${count}.>`] };
  messaging = await openMessaging({ url: nats.url, name: "test" });
  await ensureStream(messaging, stream);
});
afterEach(async () => {
  await messaging.close();
});

const publish = (n: number, id = `step-${n}`) =>
  publishEvent(messaging, { subject: `steps${count}.v1.taken`, id, schema: Step, value: { n } });

function collect() {
  const seen: number[] = [];
  return {
    seen,
    onMessage: ({ data }: { data: Uint8Array }) => void seen.push(JSON.parse(new TextDecoder().decode(data)).n),
  };
}

test("an empty stream is caught up at once, and live messages follow", async () => {
  const { seen, onMessage } = collect();
  const following = await follow(messaging, { stream: stream.name, onMessage });
  await following.caughtUp;
  await publish(1);
  await eventually("the message arrives", () => seen.length === 1);
  await following.close();
  await following.ended;
});

test("replay goes over into live without a gap while a publisher is at work", async () => {
  for (let n = 0; n < 500; n++) await publish(n);
  const publishing = (async () => {
    for (let n = 500; n < 1000; n++) await publish(n);
  })();
  const { seen, onMessage } = collect();
  const following = await follow(messaging, { stream: stream.name, onMessage });
  await following.caughtUp;
  expect(seen.length).toBeGreaterThanOrEqual(500);
  await publishing;
  await eventually("all have arrived", () => seen.length === 1000);
  expect(seen).toEqual(Array.from({ length: 1000 }, (_, n) => n));
  await following.close();
});

test("following can begin behind a sequence", async () => {
  for (let n = 1; n <= 5; n++) await publish(n);
  const { seen, onMessage } = collect();
  const following = await follow(messaging, { stream: stream.name, afterSeq: 3, onMessage });
  await following.caughtUp;
  expect(seen).toEqual([4, 5]);
  await following.close();
});

test("it is caught up although the last messages were removed", async () => {
  for (let n = 1; n <= 3; n++) await publish(n);
  await messaging.manager.streams.deleteMessage(stream.name, 3);
  const { seen, onMessage } = collect();
  const following = await follow(messaging, { stream: stream.name, onMessage });
  await following.caughtUp;
  expect(seen).toEqual([1, 2]);
  await following.close();
});

test("a second publication with the same id is stored once", async () => {
  expect(await publish(1, "same")).toEqual({ seq: 1, duplicate: false });
  expect(await publish(1, "same")).toEqual({ seq: 1, duplicate: true });
});

test("a value that does not fit its schema is not published", async () => {
  await expect(publish(-1)).rejects.toThrow("v1.taken does not fit its schema: /n must be >= 0");
});

test("events that are not JSON or do not fit come back as problems", () => {
  const encode = (text: string) => new TextEncoder().encode(text);
  expect(decodeEvent(Step, encode('{"n":1}'))).toEqual({ ok: true, value: { n: 1 } });
  expect(decodeEvent(Step, encode("{"))).toMatchObject({ ok: false, problem: expect.stringContaining("not JSON") });
  expect(decodeEvent(Step, encode('{"n":"1"}'))).toMatchObject({ ok: false, problem: "/n must be integer" });
});

test("an error of the handler ends following with that error", async () => {
  await publish(1);
  const following = await follow(messaging, {
    stream: stream.name,
    onMessage: () => {
      throw new Error("cannot fold this");
    },
  });
  await expect(following.ended).rejects.toThrow("cannot fold this");
});

test("after a restart of the server every message arrives once", async () => {
  const states: string[] = [];
  const own = await openMessaging({ url: nats.url, name: "restart", onConnection: (state) => void states.push(state) });
  const { seen, onMessage } = collect();
  const following = await follow(own, { stream: stream.name, onMessage });
  await publish(1);
  await eventually("the first arrives", () => seen.length === 1);
  await nats.stop("SIGKILL");
  await nats.start();
  await eventually("it is connected again", () => states.at(-1) === "connected" && states.length >= 3);
  await eventually("the second is stored", () => publish(2));
  await eventually("the second arrives", () => seen.length === 2, 20_000);
  expect(seen).toEqual([1, 2]);
  await following.close();
  await own.close();
});

test("a stream that was made anew under a follower ends it with the reason", async () => {
  const following = await follow(messaging, { stream: stream.name, onMessage: () => {} });
  await following.caughtUp;
  await messaging.manager.streams.delete(stream.name);
  await ensureStream(messaging, stream);
  await messaging.connection.reconnect();
  await expect(following.ended).rejects.toThrow("deleted or made anew");
});

test("ensuring a stream twice keeps its messages", async () => {
  await publish(1);
  await ensureStream(messaging, { ...stream, subjects: [...stream.subjects, "more.>"] });
  const info = await messaging.manager.streams.info(stream.name);
  expect(info.state.messages).toBe(1);
  expect(info.config.subjects).toEqual([...stream.subjects, "more.>"]);
});

test("one process at a time has a lease, until it gives it back or its time is over", async () => {
  const take = (ttlMs = 60_000) => takeLease(messaging, { stream: `LEASES_${count}_${ttlMs}`, name: "work", ttlMs });
  const [first, second] = await Promise.all([take(), take()]);
  expect([first, second].filter((lease) => lease !== null)).toHaveLength(1);
  await (first ?? second)!.release();
  expect(await take()).not.toBeNull();
  expect(await take(500)).not.toBeNull();
  expect(await take(500)).toBeNull();
  await eventually("the time of the dead one is over", async () => (await take(500)) !== null);
});

test("a server that is not there is named in the error, without the password", async () => {
  const attempt = openMessaging({ url: "nats://me:hush@127.0.0.1:1", name: "test" });
  await expect(attempt).rejects.toThrow(/NATS at 127\.0\.0\.1:1 did not let us in.*Check NATS_URL/);
});
