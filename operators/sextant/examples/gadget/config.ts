import { type Static, Type } from "typebox";
import { Host, HttpUrl, LogLevel, port } from "#lib/service/variables.ts";

/** The environment of the operator. */
export const ConfigSchema = Type.Object({
  HOST: Host,
  PORT: port(8090),
  LOG_LEVEL: LogLevel,
  API_URL: HttpUrl,
  LEASE_NAMESPACE: Type.Optional(
    Type.String({ minLength: 1, description: "where the Lease of the leader is; none: this is the only replica" }),
  ),
  POD_NAME: Type.String({ default: "gadget-operator", minLength: 1 }),
});

/** The configuration of the operator; see {@link ConfigSchema}. */
export type Config = Readonly<Static<typeof ConfigSchema>>;
