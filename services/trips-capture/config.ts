import { type Static, Type } from "typebox";
import { Host, LogLevel, NatsUrl, objectStoreVariables, port } from "#lib/service/variables.ts";

const seconds = (fallback: number, minimum: number, description: string) =>
  Type.Number({ default: fallback, minimum, maximum: 86_400, description: `seconds; ${description}` });
const megabytes = (fallback: number, description: string) =>
  Type.Integer({ default: fallback, minimum: 0, maximum: 100_000_000, description: `MB; ${description}` });
const workers = (fallback: number) => Type.Integer({ default: fallback, minimum: 1, maximum: 16 });

/** STATE_DIR: where the queue and the spool are. */
export const StateDir = Type.String({ minLength: 1, description: "a folder for the queue and the spool" });

/** The environment of trips-capture. */
export const ConfigSchema = Type.Object({
  HOST: Host,
  PORT: port(8082),
  LOG_LEVEL: LogLevel,
  CAMERA: Type.String({ default: "", description: "wifi, usb:<serial number> or a base URL" }),
  CAMERA_URL: Type.String({ default: "", description: "the same as CAMERA" }),
  CAMERA_USER: Type.String({ default: "", description: "for a camera in the home network (COHN)" }),
  CAMERA_PASSWORD: Type.String({ default: "", secret: true }),
  CAMERA_NAME: Type.String({
    default: "gopro",
    pattern: "^[A-Za-z0-9_-]{1,64}$",
    description: "letters, digits, _ and -, since it becomes a part of the subject",
  }),
  CAMERA_TIME_ZONE: Type.String({ default: "auto", minLength: 1, description: "an IANA zone, or auto" }),
  CAPTURE_INTERVAL_S: seconds(30, 0, "0 switches the trigger off"),
  CAPTURE_DISTANCE_M: Type.Number({ default: 0, minimum: 0, maximum: 1e6, description: "metres; 0 switches it off" }),
  CAPTURE_MIN_INTERVAL_S: seconds(2, 0.1, "at least, by distance"),
  CAPTURE_MAX_INTERVAL_S: seconds(120, 0.1, "at most, by distance"),
  SCAN_INTERVAL_S: seconds(30, 0.1, "the card is read at least so often"),
  CAPTURE_RAW: Type.Boolean({ default: false, description: "RAW beside JPG, while the card has room" }),
  RAW_MIN_FREE_MB: megabytes(4_096, "with less on the card pictures are JPG only"),
  BATTERY_WARN_PERCENT: Type.Integer({ default: 20, minimum: 0, maximum: 100 }),
  DELETE_AFTER_UPLOAD: Type.Boolean({ default: false, description: "delete from the card what is published" }),
  TURBO_FROM: Type.Integer({ default: 20, minimum: 0, maximum: 1e6, description: "waiting files; 0: never" }),
  DOWNLOADS: workers(1),
  UPLOADS: workers(2),
  SPOOL_MAX_MB: megabytes(4_096, "at most in the spool"),
  SPOOL_MIN_FREE_MB: megabytes(256, "of the disk stay free"),
  STATE_DIR: StateDir,
  TRIPS_CAPTURE_FAILPOINT: Type.String({
    default: "",
    description: "for tests: the boundary at which it kills itself",
  }),
  NATS_URL: NatsUrl,
  ...objectStoreVariables("trips"),
});

/** The configuration of trips-capture; see {@link ConfigSchema}. */
export type Config = Readonly<Static<typeof ConfigSchema>>;
