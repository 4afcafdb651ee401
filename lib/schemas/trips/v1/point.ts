import { type Static, Type } from "typebox";
import { PhotoSchema } from "./photo.ts";
import { TOKEN_PATTERN } from "./stream.ts";

/**
 * Why a point is left out of lines and figures: `jump` (nobody moves so fast and comes back), `accuracy` (its own
 * accuracy is too poor), `clock` (its time cannot be). Shown only when the filter is off.
 */
export const NoiseSchema = Type.Union([Type.Literal("jump"), Type.Literal("accuracy"), Type.Literal("clock")]);

/** A reason to leave a point out; see {@link NoiseSchema}. */
export type Noise = Static<typeof NoiseSchema>;

/**
 * A photo event together with its place in the stream and the trip that it belongs to: what clients of trips-api see.
 * `noise` is absent on points that count. On the live socket a point comes before its noise is known.
 */
export const PointSchema = Type.Object({
  ...PhotoSchema.properties,
  seq: Type.Integer({ minimum: 1, description: "sequence in the stream TRIPS" }),
  trip: Type.Optional(Type.String({ pattern: TOKEN_PATTERN, description: "the trip that it is counted to" })),
  noise: Type.Optional(Type.Array(NoiseSchema)),
});

/** A point of a trip; see {@link PointSchema}. */
export type Point = Static<typeof PointSchema>;
