import { connect } from "node:net";
import { once } from "node:events";
import path from "node:path";
import { eventually, freePort, type Program, startProgram, temporaryFolder, toolPath } from "./process.ts";

/** A real nats-server with JetStream on a free port, with a folder of its own. */
export interface NatsServer {
  readonly url: string;
  /** Stops the server (SIGTERM unless told) and leaves its data. */
  stop(signal?: NodeJS.Signals): Promise<void>;
  /** Starts it again on the same port with the same data. */
  start(): Promise<void>;
  /** Stops the server and deletes its data. */
  close(): Promise<void>;
}

/** Starts the server that `NATS_SERVER_BIN` names and waits until it greets. */
export async function startNats(): Promise<NatsServer> {
  const binary = toolPath("NATS_SERVER_BIN");
  const folder = await temporaryFolder();
  const port = await freePort();
  let program: Program | undefined;

  const start = async () => {
    const started = startProgram(binary, [
      "-a",
      "127.0.0.1",
      "-p",
      String(port),
      "-js",
      "-sd",
      path.join(folder.path, "js"),
    ]);
    program = started;
    await eventually("nats-server greets", () => started.output().includes("Server is ready") && greets(port)).catch(
      (cause) => {
        throw new Error(`nats-server did not start:\n${started.output()}`, { cause });
      },
    );
  };
  const stop = async (signal?: NodeJS.Signals) => {
    await program?.stop(signal);
    program = undefined;
  };
  await start();
  return {
    url: `nats://127.0.0.1:${port}`,
    start,
    stop,
    close: async () => {
      await stop();
      await folder.remove();
    },
  };
}

async function greets(port: number): Promise<boolean> {
  const socket = connect(port, "127.0.0.1");
  try {
    const [greeting] = await once(socket, "data");
    return String(greeting).startsWith("INFO ");
  } finally {
    socket.destroy();
  }
}
