import { type Static, Type } from "typebox";
import { Host, LogLevel, port } from "#lib/service/variables.ts";

/** The environment of the simulator. */
export const ConfigSchema = Type.Object({
  HOST: Host,
  PORT: port(8081),
  LOG_LEVEL: LogLevel,
  STATE_DIR: Type.String({ minLength: 1, description: "a folder for the SD card and what the camera remembers" }),
  SIM_SPEED: Type.Number({ default: 20, exclusiveMinimum: 0, maximum: 10_000, description: "times 60 km/h" }),
  CAPTURE_WIDTH: Type.Integer({ default: 1024, minimum: 16, maximum: 8192, description: "pixels" }),
  CAPTURE_HEIGHT: Type.Integer({ default: 768, minimum: 16, maximum: 8192, description: "pixels" }),
  BUSY_MS: Type.Integer({ default: 400, minimum: 0, maximum: 60_000, description: "milliseconds" }),
});

/** The configuration of the simulator; see {@link ConfigSchema}. */
export type Config = Readonly<Static<typeof ConfigSchema>>;
