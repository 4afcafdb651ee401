import WebSocket from "ws";
import { type Messaging, openMessaging } from "#lib/messaging/connection.ts";
import { ensureStream } from "#lib/messaging/stream.ts";
import { type Objects, openObjects } from "#lib/objects/objects.ts";
import type { LiveMessage } from "#lib/schemas/trips/v1/live.ts";
import { TRIPS_STREAM, TRIPS_SUBJECTS } from "#lib/schemas/trips/v1/stream.ts";
import { createLogger } from "#lib/service/logs.ts";
import { type NatsServer, startNats } from "#lib/testing/nats.ts";
import { eventually } from "#lib/testing/process.ts";
import { type S3Server, startS3 } from "#lib/testing/s3.ts";
import type { Config } from "../config.ts";
import { type Running, startService } from "../service.ts";
import { photoOf } from "./points.ts";

/** The API key that the services take. */
export const API_KEY = "key-of-the-owner";

/** A real stream and a real store, and services over them. */
export interface World {
  readonly nats: NatsServer;
  readonly s3: S3Server;
  readonly objects: Objects;
  readonly messaging: Messaging;
  /** Why services wanted to end. */
  readonly failures: Error[];
  /** Starts a service; it need not be ready. */
  start(config?: Partial<Config>): Promise<Running>;
  /** Starts a service and waits until it is ready. */
  startReady(config?: Partial<Config>): Promise<Running>;
  /** Stops one service. */
  stop(service: Running): Promise<void>;
  /** Puts an event into the stream below `trips.v1.`; a text goes as it is. */
  publish(subject: string, value: unknown): Promise<number>;
  /** Puts the photos with these numbers in, one after the other. */
  publishPhotos(from: number, to: number): Promise<void>;
  /** Stops the services and empties the stream and the list of snapshots. */
  reset(): Promise<void>;
  close(): Promise<void>;
}

/** Starts stream and store; the bucket is there. */
export async function startWorld(): Promise<World> {
  const [nats, s3] = await Promise.all([startNats(), startS3()]);
  const messaging = await openMessaging({ url: nats.url, name: "test" });
  const objects = openObjects({ ...s3, bucket: "trips" });
  await objects.ensureBucket();
  const ensure = () => ensureStream(messaging, { name: TRIPS_STREAM, subjects: TRIPS_SUBJECTS });
  await ensure();
  const failures: Error[] = [];
  const running = new Set<Running>();

  const world: World = {
    ...{ nats, s3, objects, messaging, failures },
    async start(more = {}) {
      const config = {
        ...{ HOST: "127.0.0.1", PORT: 0, LOG_LEVEL: "silent", NATS_URL: nats.url, READS: "public" },
        ...{ S3_ENDPOINT: s3.endpoint, S3_REGION: s3.region, S3_BUCKET: "trips" },
        ...{ S3_ACCESS_KEY_ID: s3.accessKeyId, S3_SECRET_ACCESS_KEY: s3.secretAccessKey },
        ...{ API_KEYS: API_KEY, REQUESTS_PER_MINUTE: 100_000, SOCKETS_PER_ADDRESS: 10_000, PROXIES: 0 },
        ...{ SNAPSHOT_EVENTS: 10_000_000, RECHECK_MINUTES: 60, ...more },
      } as Config;
      const { signal } = new AbortController();
      const logger = createLogger({ name: "test", level: (process.env["TEST_LOG"] ?? "silent") as "silent" });
      const service = await startService({ config, logger, signal, fail: (error) => void failures.push(error) });
      running.add(service);
      return service;
    },
    async startReady(config) {
      const service = await world.start(config);
      await eventually("the service is ready", async () => (await fetch(`${service.url}/readyz`)).ok, 60_000);
      return service;
    },
    async stop(service) {
      running.delete(service);
      await service.close();
    },
    async publish(subject, value) {
      const text = typeof value === "string" ? value : JSON.stringify(value);
      return (await messaging.jetstream.publish(`trips.v1.${subject}`, text)).seq;
    },
    async publishPhotos(from, to) {
      for (let number = from; number < to; number++) await world.publish("photo.hero11", photoOf(number));
    },
    async reset() {
      await Promise.all([...running].map(world.stop));
      failures.length = 0;
      await objects.remove("snapshots/trips.json");
      await messaging.manager.streams.delete(TRIPS_STREAM);
      await ensure();
    },
    async close() {
      await Promise.all([...running].map(world.stop));
      await messaging.close();
      await Promise.all([nats.close(), s3.close()]);
    },
  };
  return world;
}

/** Asks a service as its owner or as anybody; JSON comes parsed. */
export async function ask(
  service: Running,
  path: string,
  options: { key?: string; method?: string; body?: unknown } = {},
) {
  const response = await fetch(`${service.url}${path}`, {
    method: options.method ?? "GET",
    headers: {
      ...(options.key === undefined ? {} : { authorization: `Bearer ${options.key}` }),
      ...(options.body === undefined ? {} : { "content-type": "application/json" }),
    },
    ...(options.body === undefined ? {} : { body: JSON.stringify(options.body) }),
  });
  const text = await response.text();
  const json = /json/.test(response.headers.get("content-type") ?? "");
  return { status: response.status, headers: response.headers, body: (json ? JSON.parse(text) : text) as any };
}

/** A viewer on the live socket: what it was told, and the code that it was closed with. */
export function watch(service: Running, query = "") {
  const socket = new WebSocket(`${service.url.replace("http", "ws")}/api/live${query}`);
  const messages: LiveMessage[] = [];
  socket.on("error", () => socket.terminate());
  socket.on("message", (data) => void messages.push(JSON.parse(String(data)) as LiveMessage));
  const closed = new Promise<number>((resolve) => socket.on("close", resolve));
  const of = <Type extends LiveMessage["type"]>(type: Type) =>
    messages.filter((message): message is Extract<LiveMessage, { type: Type }> => message.type === type);
  return { socket, messages, closed, of };
}

/** A metric of a service; NaN when it has none of this name. */
export async function metricOf(service: Running, name: string): Promise<number> {
  const text = await (await fetch(`${service.url}/metrics`)).text();
  return Number(new RegExp(`^${name}(?:\\{[^}]*\\})? (\\S+)$`, "m").exec(text)?.[1]);
}
