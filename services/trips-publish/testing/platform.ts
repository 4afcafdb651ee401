import { spawn } from "node:child_process";
import { once } from "node:events";
import { createServer, connect, type Socket } from "node:net";
import path from "node:path";
import { openMessaging } from "#lib/messaging/connection.ts";
import { openObjects, type Objects } from "#lib/objects/objects.ts";
import { TRIPS_STREAM } from "#lib/schemas/trips/v1/stream.ts";
import { type NatsServer, startNats } from "#lib/testing/nats.ts";
import { type Program, startProgram, temporaryFolder } from "#lib/testing/process.ts";
import { type S3Server, startS3 } from "#lib/testing/s3.ts";

const MAIN = path.resolve("services/trips-publish/main.ts");
const NODE = [process.execPath, "--disable-warning=ExperimentalWarning", MAIN];

/** How a run of the program ended. */
export interface Ended {
  readonly status: number | NodeJS.Signals;
  readonly output: string;
}

/** A real stream and a real store, and the program that publishes to them, with a journal and a folder of its own. */
export interface Platform {
  readonly nats: NatsServer;
  readonly s3: S3Server;
  readonly objects: Objects;
  /** A folder for pictures. */
  readonly folder: string;
  readonly env: Record<string, string>;
  start(args: readonly string[], env?: Record<string, string>): Program;
  run(args: readonly string[], env?: Record<string, string>): Promise<Ended>;
  /** Runs it with no file allowed to grow beyond so many blocks of 1024 bytes. */
  runWithFullDisk(args: readonly string[], blocks: number): Promise<Ended>;
  /** The ids of all photos in the stream, in the order of the stream. */
  published(): Promise<string[]>;
  close(): Promise<void>;
}

/** Starts all of it. */
export async function startPlatform(): Promise<Platform> {
  const [nats, s3, folder] = await Promise.all([startNats(), startS3(), temporaryFolder()]);
  const env = {
    NATS_URL: nats.url,
    S3_ENDPOINT: s3.endpoint,
    S3_ACCESS_KEY_ID: s3.accessKeyId,
    S3_SECRET_ACCESS_KEY: s3.secretAccessKey,
    STATE_DIR: path.join(folder.path, ".state"),
  };
  const start: Platform["start"] = (args, more = {}) =>
    startProgram(NODE[0]!, [...NODE.slice(1), ...args], {
      env: { ...process.env, BUILD_WORKING_DIRECTORY: "", ...env, ...more },
    });
  const ended = async (program: Program): Promise<Ended> => {
    const status = await program.exited;
    return { status, output: program.output() };
  };
  return {
    nats,
    s3,
    env,
    folder: folder.path,
    objects: openObjects({ ...s3, bucket: "trips" }),
    start,
    run: (args, more) => ended(start(args, more)),
    async runWithFullDisk(args, blocks) {
      const child = spawn("/bin/sh", ["-c", `ulimit -f ${blocks}; exec "$@"`, "sh", ...NODE, ...args], {
        env: { ...process.env, ...env },
      });
      let output = "";
      for (const stream of [child.stdout, child.stderr])
        stream.on("data", (chunk: Buffer) => void (output += chunk.toString()));
      const [code, signal] = (await once(child, "exit")) as [number | null, NodeJS.Signals];
      return { status: code ?? signal, output };
    },
    async published() {
      const messaging = await openMessaging({ url: nats.url, name: "test" });
      try {
        const { messages } = (await messaging.manager.streams.info(TRIPS_STREAM)).state;
        const ids: string[] = [];
        for (let seq = 1; seq <= messages; seq++) {
          const message = await messaging.manager.direct.getMessage(TRIPS_STREAM, { seq });
          ids.push((message!.json() as { id: string }).id);
        }
        return ids;
      } finally {
        await messaging.close();
      }
    },
    close: async () => {
      await Promise.all([nats.close(), s3.close()]);
      await folder.remove();
    },
  };
}

/** A way to a server on the loopback that can be cut in one direction: what is sent arrives, no answer comes back. */
export async function startMuteProxy(port: number): Promise<{ port: number; mute(): void; close(): void }> {
  let muted = false;
  const sockets = new Set<Socket>();
  const server = createServer((client) => {
    const upstream = connect(port, "127.0.0.1");
    for (const socket of [client, upstream]) {
      sockets.add(socket);
      socket.on("error", () => socket.destroy());
      socket.on("close", () => sockets.delete(socket));
    }
    client.on("data", (chunk) => void (muted || upstream.write(chunk)));
    upstream.on("data", (chunk) => void (muted || client.write(chunk)));
    client.on("close", () => upstream.destroy());
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    port: (server.address() as { port: number }).port,
    mute: () => void (muted = true),
    close: () => {
      for (const socket of sockets) socket.destroy();
      server.close();
    },
  };
}
