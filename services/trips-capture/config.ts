import { type Static, Type } from "typebox";
import { Host, HttpUrl, LogLevel, NatsUrl, objectStoreVariables, port } from "#lib/service/variables.ts";

/** The environment of trips-capture. */
export const ConfigSchema = Type.Object({
  HOST: Host,
  PORT: port(8082),
  LOG_LEVEL: LogLevel,
  CAMERA_URL: HttpUrl,
  CAMERA_NAME: Type.String({
    default: "gopro",
    pattern: "^[A-Za-z0-9_-]{1,64}$",
    description: "letters, digits, _ and -, since it becomes a part of the subject",
  }),
  CAPTURE_INTERVAL_S: Type.Number({ default: 30, minimum: 0.1, maximum: 86_400, description: "seconds" }),
  STATE_DIR: Type.String({ minLength: 1, description: "a folder for the queue" }),
  NATS_URL: NatsUrl,
  ...objectStoreVariables("trips"),
});

/** The configuration of trips-capture; see {@link ConfigSchema}. */
export type Config = Readonly<Static<typeof ConfigSchema>>;
