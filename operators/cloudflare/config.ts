import { type Static, Type } from "typebox";
import { Host, HttpUrl, LogLevel, port } from "#lib/service/variables.ts";

/** The environment of the operator. */
export const ConfigSchema = Type.Object({
  HOST: Host,
  PORT: port(8090),
  LOG_LEVEL: LogLevel,
  CLOUDFLARE_API_TOKEN: Type.String({
    secret: true,
    minLength: 1,
    description:
      "an API token with Zone Read, DNS Edit, Access Apps and Policies Edit, Access Organizations Read, Cloudflare Tunnel Edit",
  }),
  CLOUDFLARE_ACCOUNT_ID: Type.String({ pattern: "^[0-9a-f]{32}$", description: "32 hexadecimal digits" }),
  CLOUDFLARE_API_URL: Type.Optional(HttpUrl),
  TUNNEL_NAME: Type.String({ minLength: 1, description: "the name of a tunnel that this operator has for itself" }),
  OWNER: Type.String({
    default: "homelab",
    pattern: "^[a-z0-9-]{1,15}$",
    description: "the operator's name in marks: letters, digits and -, at most 15 (a tag of Access has 35 characters)",
  }),
  DNS_OWNERSHIP: Type.Union([Type.Literal("comment"), Type.Literal("comment+txt")], { default: "comment" }),
  SESSION_DURATION: Type.String({ default: "24h", pattern: "^\\d+[hm]$", description: "such as 24h or 30m" }),
  PASS_SECONDS: Type.Integer({
    default: 300,
    minimum: 1,
    description: "seconds between two looks for what was changed by hand",
  }),
  SETTLE_SECONDS: Type.Integer({
    default: 60,
    minimum: 1,
    description: "seconds after which a call without an answer has happened or never will, and lists are up to date",
  }),
  CALL_LIMIT: Type.Integer({
    default: 1200,
    minimum: 100,
    description: "calls in five minutes that the token may make",
  }),
  LEASE_NAMESPACE: Type.Optional(
    Type.String({ minLength: 1, description: "where the Lease of the leader is; none: this is the only replica" }),
  ),
  LEASE_NAME: Type.String({ default: "cloudflare-operator", minLength: 1 }),
  POD_NAME: Type.String({ default: "cloudflare-operator", minLength: 1 }),
});

/** The configuration of the operator; see {@link ConfigSchema}. */
export type Config = Readonly<Static<typeof ConfigSchema>>;
