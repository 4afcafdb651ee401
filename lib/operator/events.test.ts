import type { EventsV1Event, V1ConfigMap } from "@kubernetes/client-node";
import { expect, test } from "vitest";
import { createRecorder, type Occurrence } from "./events.ts";
import { failure } from "./errors.ts";
import { faultAt } from "./fake/faults.ts";
import { fakeServer } from "./fake/server.ts";
import type { Live } from "./object.ts";
import { configMaps, events } from "./resources.ts";
import { virtualClock } from "./virtual-clock.ts";

type Event = Live<EventsV1Event>;

const created: Occurrence = {
  type: "Normal",
  reason: "RouteCreated",
  action: "CreateRoute",
  note: "The route of one.example exists.",
};

function world() {
  const clock = virtualClock();
  const server = fakeServer({ clock });
  const object = server.user.create<Live<V1ConfigMap>>(configMaps, { namespace: "web", name: "one" }, {});
  const discarded: string[] = [];
  const recorder = createRecorder({
    api: server.api<Event>(events),
    clock,
    controller: "kit.example/operator",
    instance: "operator-1",
    discarded: (why) => void discarded.push(why),
  });
  return { clock, server, object, recorder, discarded, all: () => server.user.list<Event>(events) };
}

test("an occurrence becomes an Event about the object, in its namespace", async () => {
  const { clock, object, recorder, all } = world();
  recorder.event(object, created);
  await clock.advance(0);
  expect(all()).toHaveLength(1);
  expect(all()[0]).toMatchObject({
    metadata: { namespace: "web" },
    ...created,
    reportingController: "kit.example/operator",
    reportingInstance: "operator-1",
    eventTime: "2030-01-01T00:00:00.000000Z",
    regarding: { apiVersion: "v1", kind: "ConfigMap", namespace: "web", name: "one", uid: object.metadata.uid },
  });
  expect(all()[0]?.series).toBeUndefined();
});

test("equal occurrences are one Event with a count, which is written every 10 s at most", async () => {
  const { clock, server, object, recorder, all } = world();
  for (let second = 0; second < 35; second++) {
    recorder.event(object, created);
    await clock.advance(1000);
  }
  await clock.advance(20_000);
  expect(all()).toHaveLength(1);
  expect(all()[0]?.series).toEqual({ count: 35, lastObservedTime: "2030-01-01T00:00:34.000000Z" });
  expect(server.calls).toBeLessThanOrEqual(6);
  await clock.advance(400_000);
  recorder.event(object, created);
  await clock.advance(1);
  expect(all()).toHaveLength(2);
});

test("an object that causes too many Events loses some, and another does not", async () => {
  const { clock, server, object, recorder, discarded, all } = world();
  for (let index = 0; index < 30; index++) recorder.event(object, { ...created, note: `Try ${index} failed.` });
  const other = server.user.create<Live<V1ConfigMap>>(configMaps, { namespace: "web", name: "two" }, {});
  recorder.event(other, created);
  await clock.advance(1000);
  expect([all().length, discarded.length, discarded[0]]).toEqual([26, 5, "one causes too many events"]);
  await clock.advance(300_000);
  recorder.event(object, { ...created, note: "Once more." });
  await clock.advance(1000);
  expect(all()).toHaveLength(27);
});

test("an Event whose writing failed or timed out is written once", async () => {
  for (const fault of ["error", "timeoutAfterCommit", "slow"] as const) {
    const { clock, server, object, recorder, discarded, all } = world();
    server.setFaults(faultAt(0, fault));
    recorder.event(object, created);
    await clock.advance(60_000);
    expect([fault, all().length, discarded]).toEqual([fault, 1, []]);
  }
});

test("an Event that can not be written is given up and counted", async () => {
  const { clock, server, object, recorder, discarded, all } = world();
  server.setFaults(() => "error");
  recorder.event(object, created);
  await clock.advance(60_000);
  expect([all().length, discarded]).toEqual([0, ["The server was told to fail."]]);
});

test("a series whose Event the server has forgotten begins anew", async () => {
  const { clock, server, object, recorder, all } = world();
  recorder.event(object, created);
  await clock.advance(1000);
  server.user.delete(events, { namespace: "web", name: all()[0]!.metadata.name });
  recorder.event(object, created);
  await clock.advance(30_000);
  expect(all()).toHaveLength(1);
  expect(all()[0]?.series?.count).toBe(2);
});

test("closing writes what waits, and nothing is recorded after", async () => {
  const { clock, object, recorder, discarded, all } = world();
  recorder.event(object, created);
  await clock.advance(1);
  recorder.event(object, created);
  recorder.event(object, { ...created, note: "x".repeat(2000) });
  await clock.resolve("closed", recorder.close());
  expect(all().map(({ series }) => series?.count)).toEqual([2, undefined]);
  expect(all()[1]?.note).toHaveLength(1024);
  recorder.event(object, created);
  expect(discarded).toEqual(["the recorder is closed"]);
});

test("a server that asks to wait for long holds Events up for half a minute at most", async () => {
  const { clock, server, object, recorder, all } = world();
  let busy = true;
  const api = server.api<Event>(events);
  const impatient = createRecorder({
    api: {
      ...api,
      create: async (...args) => {
        if (busy) return failure({ kind: "TooManyRequests", message: "slow down", retryAfterMs: 3_600_000 });
        return await api.create(...args);
      },
    },
    clock,
    controller: "kit.example/operator",
    instance: "operator-1",
  });
  impatient.event(object, created);
  await clock.advance(1000);
  busy = false;
  await clock.advance(30_000);
  expect(all()).toHaveLength(1);
  await recorder.close();
});

test("while the server takes none, a thousand Events wait and the rest is dropped", async () => {
  const { clock, server, object, recorder, discarded } = world();
  server.setFaults(() => "slow");
  for (let index = 0; index < 1200; index++) {
    const { name, namespace } = { name: `map-${index}`, namespace: "web" };
    recorder.event({ ...object, metadata: { ...object.metadata, name, namespace, uid: `uid-${index}` } }, created);
  }
  expect(discarded).toHaveLength(199);
  expect(new Set(discarded)).toEqual(new Set(["too many events wait to be written"]));
  await clock.resolve("closed", recorder.close());
});

test("closing gives up after 5 s what cannot be written, and says so", async () => {
  const { clock, server, object, recorder, discarded } = world();
  server.setFaults(() => "timeoutAfterCommit");
  for (const note of ["one", "two", "three"]) recorder.event(object, { ...created, note });
  await clock.advance(1000);
  const startMs = clock.nowMs();
  await clock.resolve("closed", recorder.close());
  expect([clock.nowMs() - startMs, discarded.length]).toEqual([5000, 3]);
  expect(discarded.at(-1)).toBe("the recorder was closed before it was written");
});
