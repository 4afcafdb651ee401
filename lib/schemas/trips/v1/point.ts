import { type Static, Type } from "typebox";
import { PhotoSchema } from "./photo.ts";

/** A photo event together with its place in the stream: what clients of trips-api see. */
export const PointSchema = Type.Object({
  ...PhotoSchema.properties,
  seq: Type.Integer({ minimum: 1, description: "sequence in the stream TRIPS" }),
});

/** A point of a trip; see {@link PointSchema}. */
export type Point = Static<typeof PointSchema>;
