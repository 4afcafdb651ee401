import { type Static, Type } from "typebox";
import { ImageSchema, InstantSchema } from "./photo.ts";
import { SeqSchema } from "./seq.ts";
import { TOKEN_PATTERN } from "./stream.ts";

const Count = Type.Integer({ minimum: 0 });
const Maybe = Type.Union([Type.Number(), Type.Null()]);

/** Figures of a stretch of points, noise left out. Metres, milliseconds, metres a second. */
export const FiguresSchema = Type.Object({
  meters: Type.Number({ minimum: 0, description: "driven; gaps count for nothing" }),
  movingMs: Type.Number({ minimum: 0 }),
  stoppedMs: Type.Number({ minimum: 0 }),
  elapsedMs: Type.Number({ minimum: 0, description: "moving and stopped; gaps are left out" }),
  ascentM: Maybe,
  descentM: Maybe,
  maxSpeedMps: Maybe,
  avgMovingSpeedMps: Maybe,
  minElevation: Maybe,
  maxElevation: Maybe,
  filtered: Type.Object({ jump: Count, accuracy: Count, clock: Count }),
});

/** Figures of a stretch of points; see {@link FiguresSchema}. */
export type Figures = Static<typeof FiguresSchema>;

/** A trip in the list. The instants are null, and `bbox` too, while it has no point. */
export const TripSummarySchema = Type.Object({
  id: Type.String({ pattern: TOKEN_PATTERN }),
  title: Type.String(),
  automatic: Type.Boolean({ description: "found by time, named by nobody" }),
  from: Type.Union([InstantSchema, Type.Null()]),
  to: Type.Union([InstantSchema, Type.Null()]),
  points: Count,
  photos: Count,
  days: Count,
  bbox: Type.Union([
    Type.Array(Type.Number(), { minItems: 4, maxItems: 4, description: "west, south, east, north" }),
    Type.Null(),
  ]),
  cover: Type.Union([ImageSchema, Type.Null()]),
  stats: FiguresSchema,
});

/** A trip in the list; see {@link TripSummarySchema}. */
export type TripSummary = Static<typeof TripSummarySchema>;

/** One local day of a trip. Its zone is that of the place where the day begins. */
export const DaySchema = Type.Object({
  date: Type.String({ pattern: "^\\d{4}-\\d{2}-\\d{2}$" }),
  zone: Type.String({ description: "IANA time zone" }),
  offsetMinutes: Type.Integer({ description: "of the zone from UTC, at the first point" }),
  from: InstantSchema,
  to: InstantSchema,
  points: Count,
  photos: Count,
  stats: FiguresSchema,
  firstId: Type.String(),
  lastId: Type.String(),
  spark: Type.Array(Type.Number(), { maxItems: 48, description: "metres in each slice of the day's time" }),
});

/** One local day of a trip; see {@link DaySchema}. */
export type Day = Static<typeof DaySchema>;

/** Somebody stayed: a place, from when, until when. */
export const StopSchema = Type.Object({
  from: InstantSchema,
  to: InstantSchema,
  lat: Type.Number(),
  lng: Type.Number(),
  ms: Type.Number({ minimum: 0 }),
});

/** A stop; see {@link StopSchema}. */
export type Stop = Static<typeof StopSchema>;

/** Two points between which nobody knows the way: to be drawn dashed, and counted for nothing. */
export const GapSchema = Type.Object({
  fromId: Type.String(),
  toId: Type.String(),
  meters: Type.Number({ minimum: 0 }),
  ms: Type.Number({ minimum: 0 }),
});

/** A gap; see {@link GapSchema}. */
export type Gap = Static<typeof GapSchema>;

/** Answer of `GET /api/trips`: the newest trip first. */
export const TripsReplySchema = Type.Object({ trips: Type.Array(TripSummarySchema), seq: SeqSchema });

/** Answer of `GET /api/trips`; see {@link TripsReplySchema}. */
export type TripsReply = Static<typeof TripsReplySchema>;

/** Answer of `GET /api/trips/<id>`. */
export const TripReplySchema = Type.Object({
  trip: TripSummarySchema,
  days: Type.Array(DaySchema),
  stops: Type.Array(StopSchema),
  gaps: Type.Array(GapSchema),
  seq: SeqSchema,
});

/** Answer of `GET /api/trips/<id>`; see {@link TripReplySchema}. */
export type TripReply = Static<typeof TripReplySchema>;
