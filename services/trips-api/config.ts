import { type Static, Type } from "typebox";
import { Host, LogLevel, NatsUrl, objectStoreVariables, port } from "#lib/service/variables.ts";

/** The environment of trips-api. */
export const ConfigSchema = Type.Object({
  HOST: Host,
  PORT: port(8083),
  LOG_LEVEL: LogLevel,
  NATS_URL: NatsUrl,
  ...objectStoreVariables("trips"),
});

/** The configuration of trips-api; see {@link ConfigSchema}. */
export type Config = Readonly<Static<typeof ConfigSchema>>;
