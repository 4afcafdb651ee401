import { Type } from "typebox";
import { Host, HttpUrl, LogLevel, port } from "#lib/service/variables.ts";

/** The environment of the console. */
export const ConfigSchema = Type.Object({
  HOST: Host,
  PORT: port(8180),
  LOG_LEVEL: LogLevel,
  KUBECONFIG: Type.String({ minLength: 1, description: "the file of the cluster's administrator" }),
  CLOUDFLARE_URL: HttpUrl,
  OPERATOR_URL: HttpUrl,
  LEASE_NAMESPACE: Type.String({ minLength: 1 }),
  LEASE_NAME: Type.String({ minLength: 1 }),
  HOMELAB_UP: Type.Optional(Type.String({ description: "the mark by which up finds what it has started" })),
  SITE: Type.String({ minLength: 1, description: "the folder of the built page" }),
});
