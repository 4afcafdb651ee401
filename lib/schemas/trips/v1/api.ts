import { type Static, Type } from "typebox";
import { InstantSchema } from "./photo.ts";
import { PointSchema } from "./point.ts";
import { SeqSchema } from "./seq.ts";
import { ShareSchema } from "./sharing.ts";
import { TripSchema } from "./trip.ts";

/** Answer of `GET /api/points`: points by `takenAt`, and the last sequence that they include. */
export const PointsReplySchema = Type.Object({ points: Type.Array(PointSchema), seq: SeqSchema });

/** Answer of `GET /api/points`; see {@link PointsReplySchema}. */
export type PointsReply = Static<typeof PointsReplySchema>;

/**
 * Fingerprint of everything that was folded up to a sequence: equal on all replicas, and equal to what a full
 * replay up to that sequence gives. services/trips-api/digest.ts says how it is made.
 */
export const DigestSchema = Type.Object({ seq: SeqSchema, sha256: Type.String({ pattern: "^[0-9a-f]{64}$" }) });

/** Fingerprint of the folded state; see {@link DigestSchema}. */
export type Digest = Static<typeof DigestSchema>;

/** Answer of `GET /api/stats`. The instants are null while there is no point. */
export const StatsReplySchema = Type.Object({
  points: Type.Integer({ minimum: 0 }),
  firstAt: Type.Union([InstantSchema, Type.Null()]),
  lastAt: Type.Union([InstantSchema, Type.Null()]),
  viewers: Type.Integer({ minimum: 0 }),
  seq: SeqSchema,
  unreadable: Type.Integer({ minimum: 0, description: "events that were skipped" }),
  digest: DigestSchema,
});

/** Answer of `GET /api/stats`; see {@link StatsReplySchema}. */
export type StatsReply = Static<typeof StatsReplySchema>;

/** Answer of `GET /api/unreadable`: the latest events that were skipped, and why; the newest first. */
export const UnreadableReplySchema = Type.Object({
  total: Type.Integer({ minimum: 0 }),
  events: Type.Array(Type.Object({ seq: SeqSchema, subject: Type.String(), reason: Type.String() })),
});

/** Answer of `GET /api/unreadable`; see {@link UnreadableReplySchema}. */
export type UnreadableReply = Static<typeof UnreadableReplySchema>;

/** Body of `PUT /api/trips/<id>`: the trip without what the address says. */
export const TripBodySchema = Type.Omit(TripSchema, ["id", "deleted"], { additionalProperties: false });

/** Body of `POST /api/shares`: what the link shows, and until when. */
export const ShareBodySchema = Type.Object(
  {
    trip: Type.Optional(ShareSchema.properties.trip),
    from: Type.Optional(ShareSchema.properties.from),
    to: Type.Optional(ShareSchema.properties.to),
    expiresAt: ShareSchema.properties.expiresAt,
    delayS: Type.Optional(ShareSchema.properties.delayS),
    zones: Type.Optional(ShareSchema.properties.zones),
  },
  { additionalProperties: false },
);

/** A share as its owner sees it: everything but the hash of its token. */
export const ShareViewSchema = Type.Omit(ShareSchema, ["tokenSha256"]);

/** A share as its owner sees it; see {@link ShareViewSchema}. */
export type ShareView = Static<typeof ShareViewSchema>;

/** Answer of `POST /api/shares`. The token is told here once and is nowhere kept. */
export const ShareCreatedSchema = Type.Object({ share: ShareViewSchema, token: Type.String() });

/** Answer of `GET /api/shares`: those that are not revoked. */
export const SharesReplySchema = Type.Object({ shares: Type.Array(ShareViewSchema) });

/** Body of every answer that is not a success. */
export const ErrorReplySchema = Type.Object({
  error: Type.Object({ code: Type.String(), message: Type.String() }),
});

/** Body of every answer that is not a success; see {@link ErrorReplySchema}. */
export type ErrorReply = Static<typeof ErrorReplySchema>;
