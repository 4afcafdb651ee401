import { availableParallelism } from "node:os";
import { type Static, Type } from "typebox";
import { Host, HttpUrl, LogLevel, objectStoreVariables, port } from "#lib/service/variables.ts";

const MIB = 1024 * 1024;

/** The environment of images. */
export const ConfigSchema = Type.Object({
  HOST: Host,
  PORT: port(8084),
  LOG_LEVEL: LogLevel,
  ...objectStoreVariables("trips"),
  ORIGINALS: Type.Boolean({
    default: false,
    description: "whether /original/* answers: originals tell where they were taken",
  }),
  VISIBILITY_URL: Type.Optional({
    ...HttpUrl,
    description: "trips-api, which says what may be seen; without it every picture of the bucket may",
  }),
  AVIF: Type.Boolean({ default: true, description: "whether browsers that take AVIF get it: small, and slow to make" }),
  ENCODES: Type.Integer({
    default: availableParallelism(),
    minimum: 1,
    maximum: 256,
    description: "pictures made at once",
  }),
  QUEUE: Type.Integer({ default: 64, minimum: 0, maximum: 10_000, description: "requests that may wait for that" }),
  TIME_LIMIT_S: Type.Integer({ default: 20, minimum: 1, maximum: 300, description: "for one picture" }),
  MAX_MEGAPIXELS: Type.Number({ default: 64, minimum: 0.01, maximum: 1_000, description: "of an input" }),
  MAX_INPUT_MIB: Type.Number({ default: 64, minimum: 0.01, maximum: 1_024, description: "of an input" }),
  DERIVED_FOLDER: Type.Optional(
    Type.String({ minLength: 1, description: "where made pictures are kept; a new folder when it is not set" }),
  ),
  DERIVED_MIB: Type.Integer({
    default: 512,
    minimum: 0,
    maximum: 1_048_576,
    description: "kept there at most; 0 keeps none",
  }),
});

/** The configuration of images; see {@link ConfigSchema}. */
export type Config = Readonly<Static<typeof ConfigSchema>>;

/** What bounds the making of one picture; bytes, pixels and seconds. */
export interface Limits {
  readonly inputBytes: number;
  readonly inputPixels: number;
  readonly seconds: number;
}

/** The limits that a configuration sets. */
export function limitsOf(config: Pick<Config, "MAX_INPUT_MIB" | "MAX_MEGAPIXELS" | "TIME_LIMIT_S">): Limits {
  return {
    inputBytes: Math.floor(config.MAX_INPUT_MIB * MIB),
    inputPixels: Math.floor(config.MAX_MEGAPIXELS * 1e6),
    seconds: config.TIME_LIMIT_S,
  };
}

/** How many bytes of made pictures are kept. */
export const derivedBytes = (config: Pick<Config, "DERIVED_MIB">): number => config.DERIVED_MIB * MIB;
