import { setTimeout as sleep } from "node:timers/promises";
import { type NatsServer, startNats } from "#lib/testing/nats.ts";
import { eventually, freePort, type Program, startProgram, temporaryFolder } from "#lib/testing/process.ts";
import { type S3Server, startS3 } from "#lib/testing/s3.ts";

/** A program starts within this time also where other work has the cores. */
const START_MS = 60_000;

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
  /** What every program is told of the stream and the store. */
  readonly env: Readonly<Record<string, string>>;
  /** One program more, not started yet; it is stopped with the others. */
  part(program: OurProgram, env: Record<string, string>): Promise<Part>;
  /** Runs a program of ours to its end. */
  run(program: OurProgram, args: readonly string[], env: Record<string, string>): Promise<Ended>;
  close(): Promise<void>;
}

/** How a program ended, and everything that it wrote. */
export interface Ended {
  readonly status: number | NodeJS.Signals;
  readonly output: string;
}

/** Our programs: the variable that names the bundle of each, and its sources, which run where the variable is not set. */
const PROGRAMS = {
  camera: ["GOPRO_SIMULATOR_MAIN", "tools/gopro-simulator/main.ts"],
  capture: ["TRIPS_CAPTURE_MAIN", "services/trips-capture/main.ts"],
  api: ["TRIPS_API_MAIN", "services/trips-api/main.ts"],
  images: ["IMAGES_MAIN", "services/images/main.ts"],
  door: ["FRONT_DOOR_MAIN", "services/front-door/main.ts"],
  publish: ["TRIPS_PUBLISH_MAIN", "services/trips-publish/main.ts"],
} as const;

/** One of our programs. */
export type OurProgram = keyof typeof PROGRAMS;

const entryPoint = (program: OurProgram): string => process.env[PROGRAMS[program][0]] ?? PROGRAMS[program][1];

/**
 * Prepares the system; the store and the stream run, our own programs are started by the test.
 *
 * @param given environment over that of the camera, of capture and of api
 */
export async function prepareSystem(
  given: { camera?: Record<string, string>; capture?: Record<string, string>; api?: Record<string, string> } = {},
): Promise<System> {
  const [nats, s3, folder] = await Promise.all([startNats(), startS3(), temporaryFolder()]);
  const env = {
    NATS_URL: nats.url,
    S3_ENDPOINT: s3.endpoint,
    S3_REGION: s3.region,
    S3_ACCESS_KEY_ID: s3.accessKeyId,
    S3_SECRET_ACCESS_KEY: s3.secretAccessKey,
  };
  const parts: Part[] = [];
  const part: System["part"] = async (program, own) => {
    const made = await partOf(entryPoint(program), own);
    parts.push(made);
    return made;
  };
  const camera = await part("camera", {
    STATE_DIR: `${folder.path}/camera`,
    CAPTURE_WIDTH: "256",
    CAPTURE_HEIGHT: "192",
    BUSY_MS: "20",
    ...given.camera,
  });
  const capture = await part("capture", {
    ...env,
    CAMERA_URL: camera.url,
    STATE_DIR: `${folder.path}/capture`,
    CAPTURE_INTERVAL_S: "0.3",
    SPOOL_MIN_FREE_MB: "1",
    ...given.capture,
  });
  const api = await part("api", { ...env, ...given.api });
  return {
    ...{ nats, s3, camera, capture, api, env, part },
    async run(program, args, own) {
      const started = startProgram(process.execPath, [entryPoint(program), ...args], {
        env: { ...nodeEnvironment(), STATE_DIR: `${folder.path}/${program}`, ...own },
      });
      return { status: await started.exited, output: started.output() };
    },
    close: async () => {
      await Promise.all(parts.map((each) => each.stop()));
      await Promise.all([nats.close(), s3.close()]);
      await folder.remove();
    },
  };
}

async function partOf(entryPoint: string, env: Record<string, string>): Promise<Part> {
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
      await eventually(`${entryPoint} is live`, async () => (await fetch(`${url}/healthz`)).ok, START_MS).catch(
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
