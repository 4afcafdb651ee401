import { type Static, Type } from "typebox";
import { DigestSchema } from "./api.ts";
import { PointSchema } from "./point.ts";
import { SeqSchema } from "./seq.ts";
import { TripSchema } from "./trip.ts";

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

/** A trip was named, changed or deleted: points may belong to other trips now; ask for the trips again. */
export const TripMessageSchema = Type.Object({ type: Type.Literal("trip"), seq: SeqSchema, trip: TripSchema });

/** What the client may see has changed (the owner's settings): forget everything and load again. */
export const ReloadMessageSchema = Type.Object({ type: Type.Literal("reload"), seq: SeqSchema });

/** The number of open live sockets changed. */
export const ViewersMessageSchema = Type.Object({
  type: Type.Literal("viewers"),
  count: Type.Integer({ minimum: 0 }),
});

/** The fingerprint of the folded state: after hello, and then at most once a second while it changes. */
export const DigestMessageSchema = Type.Object({ type: Type.Literal("digest"), ...DigestSchema.properties });

/** Answer to a client's ping. */
export const PongMessageSchema = Type.Object({ type: Type.Literal("pong") });

/** Everything that trips-api says on `/api/live`. */
export const LiveMessageSchema = Type.Union([
  HelloSchema,
  PointMessageSchema,
  DeletionMessageSchema,
  TripMessageSchema,
  ReloadMessageSchema,
  ViewersMessageSchema,
  DigestMessageSchema,
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
