import { type Static, Type } from "typebox";
import { SeqSchema } from "./api.ts";
import { PointSchema } from "./point.ts";

/** First message of the live socket: the sequence that the service has folded, and who watches. */
export const HelloSchema = Type.Object({
  type: Type.Literal("hello"),
  seq: SeqSchema,
  viewers: Type.Integer({ minimum: 0 }),
});

/** A point was added or replaced. */
export const PointMessageSchema = Type.Object({
  type: Type.Literal("point"),
  seq: SeqSchema,
  point: PointSchema,
});

/** A point was deleted. Also sent for points that the client never saw. */
export const DeletionMessageSchema = Type.Object({
  type: Type.Literal("deletion"),
  seq: SeqSchema,
  id: Type.String(),
});

/** The number of open live sockets changed. */
export const ViewersMessageSchema = Type.Object({
  type: Type.Literal("viewers"),
  count: Type.Integer({ minimum: 0 }),
});

/** Answer to a client's ping. */
export const PongMessageSchema = Type.Object({ type: Type.Literal("pong") });

/** Everything that trips-api says on `/api/live`. */
export const LiveMessageSchema = Type.Union([
  HelloSchema,
  PointMessageSchema,
  DeletionMessageSchema,
  ViewersMessageSchema,
  PongMessageSchema,
]);

/** A message of the server on the live socket; see {@link LiveMessageSchema}. */
export type LiveMessage = Static<typeof LiveMessageSchema>;

/** A message that carries a change of the points. */
export type Change = Static<typeof PointMessageSchema> | Static<typeof DeletionMessageSchema>;

/** Everything that a client may say on `/api/live`. */
export const ClientMessageSchema = Type.Object({ type: Type.Literal("ping") });

/** A message of the client on the live socket; see {@link ClientMessageSchema}. */
export type ClientMessage = Static<typeof ClientMessageSchema>;
