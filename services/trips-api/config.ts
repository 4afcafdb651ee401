import { type Static, Type } from "typebox";
import { Host, LogLevel, NatsUrl, objectStoreVariables, port } from "#lib/service/variables.ts";
import { LIMITS } from "./limits.ts";

/** The environment of trips-api. */
export const ConfigSchema = Type.Object({
  HOST: Host,
  PORT: port(8083),
  LOG_LEVEL: LogLevel,
  NATS_URL: NatsUrl,
  ...objectStoreVariables("trips"),
  API_KEYS: Type.Optional(
    Type.String({ secret: true, description: "keys that may write, separated by commas or lines; none: nobody may" }),
  ),
  READS: Type.Union([Type.Literal("public"), Type.Literal("shared")], { default: "public" }),
  PUBLIC_URL: Type.Optional(
    Type.String({
      pattern: "^https?://[^/]+",
      description: "where others reach this service, such as https://host/trips",
    }),
  ),
  REQUESTS_PER_MINUTE: Type.Integer({ default: LIMITS.requestsPerMinute, minimum: 1 }),
  SOCKETS_PER_ADDRESS: Type.Integer({ default: LIMITS.sockets, minimum: 1 }),
  PROXIES: Type.Integer({ default: LIMITS.proxies, minimum: 0, maximum: 10 }),
  SNAPSHOT_EVENTS: Type.Integer({
    default: 10_000,
    minimum: 1,
    description: "events after which a snapshot is written",
  }),
  RECHECK_MINUTES: Type.Integer({
    default: 60,
    minimum: 1,
    description: "minutes between two full hashes of the state",
  }),
});

/** The configuration of trips-api; see {@link ConfigSchema}. */
export type Config = Readonly<Static<typeof ConfigSchema>>;
