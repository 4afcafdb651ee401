import { setTimeout as sleep } from "node:timers/promises";
import { type NatsServer, startNats } from "#lib/testing/nats.ts";
import { eventually, freePort, type Program, startProgram, temporaryFolder } from "#lib/testing/process.ts";
import { type S3Server, startS3 } from "#lib/testing/s3.ts";

/** One of our programs, run as a process of its own. */
export interface Part {
  readonly url: string;
  start(): Promise<void>;
  /** Stops it (SIGTERM unless told) and gives its exit status. */
  stop(signal?: NodeJS.Signals): Promise<number | NodeJS.Signals>;
  output(): string;
}

/** Everything that a trip needs, as real processes: camera, capture, store, stream and api. */
export interface System {
  readonly nats: NatsServer;
  readonly s3: S3Server;
  readonly camera: Part;
  readonly capture: Part;
  readonly api: Part;
  close(): Promise<void>;
}

/**
 * Prepares the system; the store and the stream run, our own programs are started by the test.
 * `GOPRO_SIMULATOR_MAIN`, `TRIPS_CAPTURE_MAIN` and `TRIPS_API_MAIN` name their bundles; the sources run where they are not set.
 */
export async function prepareSystem(): Promise<System> {
  const [nats, s3, folder] = await Promise.all([startNats(), startS3(), temporaryFolder()]);
  const shared = {
    NATS_URL: nats.url,
    S3_ENDPOINT: s3.endpoint,
    S3_REGION: s3.region,
    S3_ACCESS_KEY_ID: s3.accessKeyId,
    S3_SECRET_ACCESS_KEY: s3.secretAccessKey,
  };
  const camera = await part(process.env["GOPRO_SIMULATOR_MAIN"] ?? "tools/gopro-simulator/main.ts", {
    STATE_DIR: `${folder.path}/camera`,
    CAPTURE_WIDTH: "256",
    CAPTURE_HEIGHT: "192",
    BUSY_MS: "20",
  });
  const capture = await part(process.env["TRIPS_CAPTURE_MAIN"] ?? "services/trips-capture/main.ts", {
    ...shared,
    CAMERA_URL: camera.url,
    STATE_DIR: `${folder.path}/capture`,
    CAPTURE_INTERVAL_S: "0.3",
  });
  const api = await part(process.env["TRIPS_API_MAIN"] ?? "services/trips-api/main.ts", shared);
  return {
    nats,
    s3,
    camera,
    capture,
    api,
    close: async () => {
      await Promise.all([camera, capture, api].map((each) => each.stop()));
      await Promise.all([nats.close(), s3.close()]);
      await folder.remove();
    },
  };
}

async function part(entryPoint: string, env: Record<string, string>): Promise<Part> {
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  let program: Program | undefined;
  let history = "";
  return {
    url,
    output: () => history + (program?.output() ?? ""),
    async start() {
      const started = startProgram(process.execPath, [entryPoint], {
        env: { ...nodeEnvironment(), ...env, PORT: String(port) },
      });
      program = started;
      await eventually(`${entryPoint} is live`, async () => (await fetch(`${url}/healthz`)).ok).catch(
        (cause: Error) => {
          throw new Error(`${entryPoint} did not start:\n${started.output()}`, { cause });
        },
      );
    },
    async stop(signal) {
      if (!program) return 0;
      const status = await program.stop(signal);
      history += program.output();
      program = undefined;
      return status;
    },
  };
}

/** What Bazel's Node needs to find itself; empty where the test runs without Bazel. */
function nodeEnvironment(): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => name.startsWith("JS_BINARY__")));
}

/** Waits until a part says that it is ready. */
export function untilReady({ url }: Part): Promise<unknown> {
  return eventually(`${url} is ready`, async () => (await fetch(`${url}/readyz`)).ok);
}

/** The JSON that a URL answers with. */
export async function getJson<T>(url: string): Promise<T> {
  const response = await fetch(url);
  if (!response.ok) throw new Error(`${url} answered ${response.status}: ${await response.text()}`);
  return (await response.json()) as T;
}

/** Waits; for what has no event to wait for. */
export const pause = (ms: number) => sleep(ms);
