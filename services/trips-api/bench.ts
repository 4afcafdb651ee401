import { setTimeout as sleep } from "node:timers/promises";
import { Worker } from "node:worker_threads";
import { DeliverPolicy } from "@nats-io/jetstream";
import { Compile } from "typebox/compile";
import { follow } from "#lib/messaging/follow.ts";
import { takeLease } from "#lib/messaging/lease.ts";
import { PhotoSchema } from "#lib/schemas/trips/v1/photo.ts";
import { TRIPS_STREAM, TRIPS_SUBJECTS } from "#lib/schemas/trips/v1/stream.ts";
import { eventually } from "#lib/testing/process.ts";
import { eventOf } from "./events.ts";
import { openSnapshots } from "./snapshots.ts";
import { createTripStore } from "./store.ts";
import { photoOf } from "./testing/points.ts";
import { metricOf, startWorld, type World } from "./testing/running.ts";
import type { ViewersData, ViewersMessage } from "./testing/viewers.ts";

const USAGE = `usage: bench [replay|snapshot|sockets|reads]...

Measures trips-api against a real stream and store on this machine, and prints each figure beside its limit:
  replay    10,000 events: 100 ms, and 0.8 x of a bare consumer that parses and checks the same messages
  snapshot  1,000,000 points: 1 s from the start of the process's service until it is ready
  sockets   publish to socket with 1,000 viewers: 100 ms at the 99th percentile
  reads     500,000 points: trips, a trip, tiles and all points
`;

const print = (line: string) => void process.stdout.write(`${line}\n`);
const median = (values: readonly number[]) => values.toSorted((a, b) => a - b)[values.length >> 1]!;
const report = (what: string, value: number, limit: number, unit: string, most = true) => {
  const ok = most ? value <= limit : value >= limit;
  const sign = most ? "<=" : ">=";
  print(`${ok ? "ok  " : "over"} ${what}: ${value.toFixed(value < 10 ? 2 : 0)}${unit} (${sign} ${limit}${unit})`);
};

/** Milliseconds of processor time that this thread has had: what other programs on the machine do does not count. */
const threadMs = () => {
  const { user, system } = process.threadCpuUsage();
  return (user + system) / 1_000;
};

async function publishMany(world: World, count: number, first = 0): Promise<void> {
  for (let from = first; from < first + count; from += 500) {
    const some = Array.from({ length: Math.min(500, first + count - from) }, (_, index) => photoOf(from + index));
    await Promise.all(some.map((photo) => world.publish("photo.hero11", photo)));
  }
}

/** Reads the stream with the client alone: each message parsed and checked by the compiled schema. */
async function readBare(world: World, count: number): Promise<number> {
  const validator = Compile(PhotoSchema);
  const utf8 = new TextDecoder("utf-8", { fatal: true });
  const start = performance.now();
  const options = { deliver_policy: DeliverPolicy.All };
  const consumer = await world.messaging.jetstream.consumers.get(TRIPS_STREAM, options);
  const messages = await consumer.consume({ max_messages: 1_000, expires: 4_000 });
  let seen = 0;
  for await (const { data } of messages) {
    if (!validator.Check(JSON.parse(utf8.decode(data)))) throw new Error("An event of the bench does not fit.");
    if (++seen === count) break;
  }
  const took = performance.now() - start;
  await messages.close();
  return took;
}

async function readFolded(world: World, count: number): Promise<number> {
  const start = performance.now();
  const store = createTripStore();
  const following = await follow(world.messaging, {
    stream: TRIPS_STREAM,
    onMessage: (message) => {
      const event = eventOf(message);
      if (event.kind === "unreadable") throw new Error(event.problem);
      store.apply(event);
    },
  });
  await following.caughtUp;
  const took = performance.now() - start;
  if (store.table.size !== count) throw new Error(`${store.table.size} points came of ${count} events.`);
  await following.close();
  return took;
}

async function replay(world: World): Promise<void> {
  const count = 10_000;
  await publishMany(world, count);
  const runs: { bare: number; folded: number }[] = [];
  for (let run = 0; run < 15; run++) {
    const first = run % 2 === 0;
    const before = first ? await readBare(world, count) : 0;
    const folded = await readFolded(world, count);
    runs.push({ folded, bare: first ? before : await readBare(world, count) });
  }
  const warm = runs.slice(4);
  const bare = median(warm.map((run) => run.bare));
  const folded = median(warm.map((run) => run.folded));
  print(`     a bare consumer takes ${bare.toFixed(0)} ms`);
  report(`replay of ${count} events`, folded, 100, " ms");
  report("its speed against the bare consumer", median(warm.map((run) => run.bare / run.folded)), 0.8, " x", false);
}

/** Leaves a snapshot of so many points, and a stream that begins behind them: nobody waits until a million events are published. */
async function prepare(world: World, count: number): Promise<void> {
  const store = createTripStore();
  for (let seq = 1; seq <= count; seq++) store.apply({ kind: "photo", seq, photo: photoOf(seq) });
  await world.messaging.manager.streams.delete(TRIPS_STREAM);
  const config = { name: TRIPS_STREAM, subjects: [...TRIPS_SUBJECTS], first_seq: count + 1, allow_direct: true };
  const { created } = await world.messaging.manager.streams.add(config);
  const snapshots = openSnapshots({
    objects: world.objects,
    takeLease: () => takeLease(world.messaging, { stream: "TRIPS_LEASES", name: "snapshot", ttlMs: 600_000 }),
    onRefused: (seq, reason) => print(`refused ${seq}: ${reason}`),
  });
  const start = performance.now();
  await snapshots.save(store, { name: TRIPS_STREAM, created });
  print(`     writing the snapshot of ${count} points took ${((performance.now() - start) / 1_000).toFixed(1)} s`);
  await publishMany(world, 1_000, count + 1);
}

async function snapshot(world: World): Promise<void> {
  const count = 1_000_000;
  await prepare(world, count);
  const [took, busy]: [number[], number[]] = [[], []];
  for (let run = 0; run < 5; run++) {
    const [began, worked] = [performance.now(), threadMs()];
    const service = await world.startReady({ RECHECK_MINUTES: 10_000 });
    took.push(performance.now() - began);
    busy.push(threadMs() - worked);
    const [from, points] = [
      await metricOf(service, "trips_api_snapshot_seq"),
      await metricOf(service, "trips_api_points"),
    ];
    if (from !== count || points < count) throw new Error(`It began at ${from} with ${points} points.`);
    await world.stop(service);
  }
  print(`     of which its thread had a processor for ${median(busy).toFixed(0)} ms`);
  report(`ready with ${count} points from a snapshot and a tail of 1000 events`, median(took), 1_000, " ms");
}

/** Milliseconds since 1970 with a fraction, the same in all threads. */
const clock = () => performance.timeOrigin + performance.now();

async function sockets(world: World): Promise<void> {
  const [viewers, photos] = [1_000, 200];
  const service = await world.startReady();
  const sent = new Map<string, number>();
  const latencies: number[] = [];
  const workerData: ViewersData = { url: service.url, viewers };
  const thread = new Worker(new URL("./testing/viewers.ts", import.meta.url), { workerData });
  const greeted = Promise.withResolvers<void>();
  thread.on("error", greeted.reject);
  thread.on("message", (message: ViewersMessage) => {
    if (message.type === "greeted") greeted.resolve();
    else latencies.push(...message.at.map((at) => at - sent.get(message.id)!));
  });
  await greeted.promise;
  const worked = threadMs();
  for (let number = 0; number < photos; number++) {
    const photo = photoOf(number);
    sent.set(photo.id, clock());
    await world.publish("photo.hero11", photo);
    await sleep(100);
  }
  await eventually("everybody has everything", () => latencies.length === viewers * photos, 60_000);
  const each = (threadMs() - worked) / photos;
  latencies.sort((a, b) => a - b);
  const at = (share: number) => latencies[Math.floor(latencies.length * share)]!;
  print(`     the service's thread had a processor for ${each.toFixed(1)} ms a point; median ${at(0.5).toFixed(1)} ms`);
  report(`publish to socket with ${viewers} viewers, 99th percentile`, at(0.99), 100, " ms");
  thread.postMessage("end");
}

async function reads(world: World): Promise<void> {
  const count = 500_000;
  await prepare(world, count);
  const service = await world.startReady({ RECHECK_MINUTES: 10_000 });
  const time = async (what: string, path: string) => {
    const start = performance.now();
    const response = await fetch(service.url + path, {
      headers: { "accept-encoding": "zstd" },
      signal: AbortSignal.timeout(120_000),
    });
    const { byteLength } = await response.arrayBuffer();
    print(`     ${what}: ${(performance.now() - start).toFixed(0)} ms, ${(byteLength / 1e6).toFixed(2)} MB unpacked`);
    return response.status;
  };
  const first = await fetch(`${service.url}/api/trips`, { signal: AbortSignal.timeout(120_000) });
  const id = /"id":"([^"]+)"/.exec(await first.text())![1]!;
  await time("trips, worked out already", "/api/trips");
  await time("the trip", `/api/trips/${id}`);
  await time("tile 0/0/0, the first", `/api/tiles/${id}/0/0/0.mvt`);
  await time("tile 5/15/9", `/api/tiles/${id}/5/15/9.mvt`);
  await time("tile 14/7987/5006", `/api/tiles/${id}/14/7987/5006.mvt`);
  await time(`all ${count} points`, "/api/points");
}

const all = { replay, snapshot, sockets, reads };
const wanted = process.argv.slice(2);
const unknown = wanted.filter((name) => !(name in all));
if (unknown.length > 0) {
  process.stderr.write(USAGE);
  process.exitCode = wanted.includes("--help") ? 0 : 64;
}
for (const [name, measure] of Object.entries(all)) {
  if (unknown.length > 0 || (wanted.length > 0 && !wanted.includes(name))) continue;
  const world = await startWorld();
  try {
    await measure(world);
  } finally {
    await world.close();
  }
}
