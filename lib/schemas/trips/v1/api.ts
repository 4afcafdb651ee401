import { type Static, Type } from "typebox";
import { InstantSchema } from "./photo.ts";
import { PointSchema } from "./point.ts";

/** Stream sequence: 0 stands before the first event. */
export const SeqSchema = Type.Integer({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER });

/** Answer of `GET /api/points`: points by `takenAt`, and the last sequence that they include. */
export const PointsReplySchema = Type.Object({ points: Type.Array(PointSchema), seq: SeqSchema });

/** Answer of `GET /api/points`; see {@link PointsReplySchema}. */
export type PointsReply = Static<typeof PointsReplySchema>;

/** Answer of `GET /api/stats`. The instants are null while there is no point. */
export const StatsReplySchema = Type.Object({
  points: Type.Integer({ minimum: 0 }),
  firstAt: Type.Union([InstantSchema, Type.Null()]),
  lastAt: Type.Union([InstantSchema, Type.Null()]),
  viewers: Type.Integer({ minimum: 0 }),
  seq: SeqSchema,
});

/** Answer of `GET /api/stats`; see {@link StatsReplySchema}. */
export type StatsReply = Static<typeof StatsReplySchema>;

/** Body of every answer that is not a success. */
export const ErrorReplySchema = Type.Object({
  error: Type.Object({ code: Type.String(), message: Type.String() }),
});

/** Body of every answer that is not a success; see {@link ErrorReplySchema}. */
export type ErrorReply = Static<typeof ErrorReplySchema>;
