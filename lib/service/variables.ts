import { Type } from "typebox";

/** HOST: the address to listen on; loopback unless told. */
export const Host = Type.String({ default: "127.0.0.1", minLength: 1, description: "an address to listen on" });

/** PORT: the TCP port to listen on; 0 takes a free one. */
export const port = (fallback: number) => Type.Integer({ default: fallback, minimum: 0, maximum: 65535 });

/** LOG_LEVEL: the least level that is written. */
export const LogLevel = Type.Union(
  [
    Type.Literal("fatal"),
    Type.Literal("error"),
    Type.Literal("warn"),
    Type.Literal("info"),
    Type.Literal("debug"),
    Type.Literal("trace"),
    Type.Literal("silent"),
  ],
  { default: "info" },
);

/** NATS_URL: where the NATS server is; may hold a user and a password, which logs leave out. */
export const NatsUrl = Type.String({ pattern: "^(nats|tls)://.+", description: "such as nats://127.0.0.1:4222" });

/** An HTTP base URL, such as http://127.0.0.1:7070. */
export const HttpUrl = Type.String({ pattern: "^https?://[^/]+", description: "such as http://127.0.0.1:7070" });

/** The variables of the object store, to be spread into a schema. The bucket is `trips` unless told. */
export const objectStoreVariables = (bucket: string) => ({
  S3_ENDPOINT: HttpUrl,
  S3_REGION: Type.String({ default: "us-east-1", minLength: 1 }),
  S3_BUCKET: Type.String({
    default: bucket,
    pattern: "^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$",
    description: "a bucket name",
  }),
  S3_ACCESS_KEY_ID: Type.String({ minLength: 1, secret: true }),
  S3_SECRET_ACCESS_KEY: Type.String({ minLength: 1, secret: true }),
});
