import { createHash } from "node:crypto";
import path from "node:path";
import { openMessaging } from "#lib/messaging/connection.ts";
import { decodeEvent } from "#lib/messaging/events.ts";
import { openObjects } from "#lib/objects/objects.ts";
import { type Photo, PhotoSchema } from "#lib/schemas/trips/v1/photo.ts";
import { TRIPS_STREAM } from "#lib/schemas/trips/v1/stream.ts";
import { createLogger } from "#lib/service/logs.ts";
import { type NatsServer, startNats } from "#lib/testing/nats.ts";
import { eventually, freePort, type Program, startProgram, temporaryFolder } from "#lib/testing/process.ts";
import { type S3Server, startS3 } from "#lib/testing/s3.ts";
import { type Simulator, type SimulatorConfig, startSimulator } from "#tools/gopro-simulator/simulator.ts";
import type { Boundary } from "../failpoint.ts";
import type { Overview } from "../overview.ts";

/** A camera, a store, a stream, and the service as a process of its own. */
export interface Rig {
  readonly nats: NatsServer;
  readonly s3: S3Server;
  readonly simulator: Simulator;
  readonly stateDir: string;
  /** Starts the service; its variables go over those of the rig. */
  start(env?: Record<string, string>): Program;
  /** Runs a command of the program and gives its exit status and what it wrote. */
  command(args: readonly string[], env?: Record<string, string>): Promise<{ status: number | string; output: string }>;
  /** What `GET /api/queue` answers; its lists have 1000 photos at most unless told. */
  overview(limit?: number): Promise<Overview>;
  metrics(): Promise<string>;
  /** Waits until every photo is in an end state and at least so many are published. */
  settled(published: number, timeoutMs?: number): Promise<Overview>;
  /** All photo events of the stream, oldest first. */
  events(): Promise<Photo[]>;
  /** The hash of the bytes in the store under a key, or null. */
  stored(key: string): Promise<string | null>;
  close(): Promise<void>;
}

/** What a Node program that Bazel started hands on to another one. */
const inherited = /^(JS_BINARY__.*|PATH|TZ)$/;

/** Starts store, stream and a camera with small pictures; the service is started by the test. Its main file is `TRIPS_CAPTURE_MAIN`. */
export async function startRig(camera: Partial<SimulatorConfig> = {}): Promise<Rig> {
  const [nats, s3, folder, port] = await Promise.all([startNats(), startS3(), temporaryFolder(), freePort()]);
  const simulator = await startSimulator(
    {
      HOST: "127.0.0.1",
      PORT: 0,
      LOG_LEVEL: "silent",
      STATE_DIR: path.join(folder.path, "camera"),
      SIM_SPEED: 20,
      CAPTURE_WIDTH: 32,
      CAPTURE_HEIGHT: 24,
      BUSY_MS: 5,
      ...camera,
    },
    createLogger({ name: "camera", level: "silent" }),
  );
  const stateDir = path.join(folder.path, "capture");
  const main = process.env["TRIPS_CAPTURE_MAIN"] ?? "services/trips-capture/main.ts";
  const objects = openObjects({ ...s3, bucket: "trips" });
  const environment = {
    PORT: String(port),
    CAMERA: simulator.url,
    CAPTURE_INTERVAL_S: "0",
    STATE_DIR: stateDir,
    NATS_URL: nats.url,
    S3_ENDPOINT: s3.endpoint,
    S3_ACCESS_KEY_ID: s3.accessKeyId,
    S3_SECRET_ACCESS_KEY: s3.secretAccessKey,
    SPOOL_MIN_FREE_MB: "1",
    SCAN_INTERVAL_S: "0.25",
    TURBO_FROM: "0",
  };
  const programs: Program[] = [];
  const run = (args: readonly string[], env: Record<string, string>) => {
    const base = Object.fromEntries(Object.entries(process.env).filter(([name]) => inherited.test(name)));
    const program = startProgram(process.execPath, [main, ...args], { env: { ...base, ...environment, ...env } });
    programs.push(program);
    return program;
  };
  const overview = async (limit = 1000) =>
    (await (
      await fetch(`http://127.0.0.1:${port}/api/queue?limit=${limit}`, { signal: AbortSignal.timeout(30_000) })
    ).json()) as Overview;

  return {
    nats,
    s3,
    simulator,
    stateDir,
    start: (env = {}) => run([], env),
    async command(args, env = {}) {
      const program = run(args, env);
      return { status: await program.exited, output: program.output() };
    },
    overview,
    metrics: async () =>
      (await fetch(`http://127.0.0.1:${port}/metrics`, { signal: AbortSignal.timeout(30_000) })).text(),
    settled: (published, timeoutMs = 30_000) =>
      eventually(
        `${published} photos are published and none waits`,
        async () => {
          const seen = await overview();
          const done = seen.counts.done >= published && seen.counts.pending + seen.counts.uploading === 0;
          return done && seen;
        },
        timeoutMs,
      ),
    async events() {
      const messaging = await openMessaging({ url: nats.url, name: "test" });
      try {
        const { messages } = (await messaging.manager.streams.info(TRIPS_STREAM)).state;
        const events: Photo[] = [];
        const consumer = await messaging.jetstream.consumers.get(TRIPS_STREAM);
        while (events.length < messages)
          for await (const message of await consumer.fetch({ max_messages: 500, expires: 1_000 }))
            events.push(photoOf(message.data));
        return events;
      } finally {
        await messaging.close();
      }
    },
    async stored(key) {
      const found = await objects.get(key);
      if (!found) return null;
      const hash = createHash("sha256");
      for await (const chunk of found.body) hash.update(chunk);
      return hash.digest("hex");
    },
    async close() {
      await Promise.all(programs.map((program) => program.stop("SIGKILL")));
      await simulator.close();
      await Promise.all([nats.close(), s3.close()]);
      await folder.remove();
    },
  };
}

function photoOf(data: Uint8Array): Photo {
  const decoded = decodeEvent(PhotoSchema, data);
  if (!decoded.ok) throw new Error(`The stream holds what is no photo: ${decoded.problem}.`);
  return decoded.value;
}

/** Lets the service kill itself at a boundary of its steps. */
export const killedAt = (boundary: Boundary): Record<string, string> => ({ TRIPS_CAPTURE_FAILPOINT: boundary });
