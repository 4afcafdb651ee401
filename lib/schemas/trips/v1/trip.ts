import { type Static, Type } from "typebox";
import { InstantSchema } from "./photo.ts";
import { TOKEN_PATTERN } from "./stream.ts";

/**
 * The event `trips.v1.trip.<id>`: a trip that somebody named. The last one of an id counts; `deleted` takes it away.
 *
 * A point belongs to the trip that its own event names; else to the first trip, by `from` and then `id`, whose window
 * (`from` up to and with `to`, open without it) and cameras fit; else to an automatic trip: such points by time, split
 * where the pause is longer than 72 hours, called `auto-<UTC day of the first point>`.
 */
export const TripSchema = Type.Object({
  id: Type.String({ pattern: TOKEN_PATTERN }),
  title: Type.String({ minLength: 1, maxLength: 200 }),
  from: InstantSchema,
  to: Type.Union([InstantSchema, Type.Null()]),
  cameras: Type.Optional(Type.Array(Type.String({ pattern: TOKEN_PATTERN }), { minItems: 1, maxItems: 32 })),
  deleted: Type.Optional(Type.Boolean()),
});

/** A trip event; see {@link TripSchema}. */
export type Trip = Static<typeof TripSchema>;

/** All trips, as a subject prefix. */
export const TRIP_SUBJECT_PREFIX = "trips.v1.trip.";

/** The subject that a trip is published to. */
export function tripSubject(trip: Pick<Trip, "id">): string {
  return `${TRIP_SUBJECT_PREFIX}${trip.id}`;
}
