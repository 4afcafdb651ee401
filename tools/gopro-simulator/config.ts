import { type Static, Type } from "typebox";
import { Host, LogLevel, port } from "#lib/service/variables.ts";

/** The environment of the simulator. */
export const ConfigSchema = Type.Object({
  HOST: Host,
  PORT: port(8081),
  LOG_LEVEL: LogLevel,
  STATE_DIR: Type.String({ minLength: 1, description: "a folder for the SD card and what the camera remembers" }),
  SIM_SPEED: Type.Number({
    default: 20,
    exclusiveMinimum: 0,
    maximum: 10_000,
    description: "times as fast as the drive is",
  }),
  SIM_MODEL: Type.Union([Type.Literal("HERO13"), Type.Literal("HERO12")], { default: "HERO13" }),
  SIM_SEED: Type.Integer({ default: 1, minimum: 0, maximum: 4_294_967_295, description: "of what happens by chance" }),
  SIM_HISTORY_DAYS: Type.Integer({
    default: 0,
    minimum: 0,
    maximum: 60,
    description: "days whose pictures are on the card when the camera is new",
  }),
  SIM_FAULTS: Type.String({ default: "{}", description: "JSON as for POST /simulator/faults" }),
  CAPTURE_WIDTH: Type.Integer({ default: 1024, minimum: 16, maximum: 8192, description: "pixels" }),
  CAPTURE_HEIGHT: Type.Integer({ default: 768, minimum: 16, maximum: 8192, description: "pixels" }),
  BUSY_MS: Type.Integer({ default: 400, minimum: 0, maximum: 60_000, description: "milliseconds" }),
});

/** The configuration of the simulator; see {@link ConfigSchema}. */
export type Config = Readonly<Static<typeof ConfigSchema>>;
