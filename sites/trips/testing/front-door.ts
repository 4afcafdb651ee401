import { resolve } from "node:path";
import { eventually, freePort, type Program, startProgram } from "#lib/testing/process.ts";

/** A running front door that serves the built site at `url` and hands its api to trips-api. */
export interface FrontDoor {
  readonly url: string;
  stop(): Promise<void>;
}

/** Starts the front door; `FRONT_DOOR_MAIN` names its bundle, the sources run where it is not set. */
export async function startFrontDoor(site: string, api: string): Promise<FrontDoor> {
  const port = await freePort();
  const systems = [{ name: "trips", title: "Trips", about: "Photos on the map.", site: resolve(site), api }];
  const main = process.env["FRONT_DOOR_MAIN"] ?? "services/front-door/main.ts";
  const env = { ...process.env, PORT: String(port), SYSTEMS: JSON.stringify(systems) };
  const program: Program = startProgram(process.execPath, [main], { env });
  const url = `http://127.0.0.1:${port}`;
  await eventually("the front door is ready", async () => (await fetch(`${url}/readyz`)).ok).catch((cause: Error) => {
    throw new Error(`${main} did not start:\n${program.output()}`, { cause });
  });
  return { url: `${url}/trips/`, stop: async () => void (await program.stop()) };
}
