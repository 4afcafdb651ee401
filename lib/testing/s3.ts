import { mkdir } from "node:fs/promises";
import path from "node:path";
import { eventually, freePort, type Program, startProgram, temporaryFolder, toolPath } from "./process.ts";

/** A real S3 server on a free port, with a folder of its own. */
export interface S3Server {
  readonly endpoint: string;
  readonly region: string;
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  /** Stops the server and leaves its objects. */
  stop(): Promise<void>;
  /** Starts it again on the same port with the same objects. */
  start(): Promise<void>;
  /** Stops the server and deletes its objects. */
  close(): Promise<void>;
}

/** Starts the versitygw that `VERSITYGW_BIN` names and waits until it is healthy. */
export async function startS3(): Promise<S3Server> {
  const binary = toolPath("VERSITYGW_BIN");
  const folder = await temporaryFolder();
  const [objects, metadata] = [path.join(folder.path, "objects"), path.join(folder.path, "metadata")];
  await Promise.all([mkdir(objects), mkdir(metadata)]);
  const port = await freePort();
  const endpoint = `http://127.0.0.1:${port}`;
  const keys = { accessKeyId: "test", secretAccessKey: "test-secret" };
  let program: Program | undefined;

  const start = async () => {
    const started = startProgram(
      binary,
      ["--port", `127.0.0.1:${port}`, "--health", "/health", "--quiet", "posix", "--sidecar", metadata, objects],
      { env: { ROOT_ACCESS_KEY: keys.accessKeyId, ROOT_SECRET_KEY: keys.secretAccessKey }, cwd: folder.path },
    );
    program = started;
    await eventually("versitygw is healthy", async () => (await fetch(`${endpoint}/health`)).ok).catch((cause) => {
      throw new Error(`versitygw did not start:\n${started.output()}`, { cause });
    });
  };
  const stop = async () => {
    await program?.stop();
    program = undefined;
  };
  await start();
  return {
    ...keys,
    endpoint,
    region: "us-east-1",
    start,
    stop,
    close: async () => {
      await stop();
      await folder.remove();
    },
  };
}
