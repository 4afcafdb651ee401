import type { Messaging } from "#lib/messaging/connection.ts";
import { publishEvent, type Published } from "#lib/messaging/events.ts";
import { type Deletion, DeletionSchema, deletionSubject } from "#lib/schemas/trips/v1/deletion.ts";
import { type Photo, PhotoSchema, photoSubject } from "#lib/schemas/trips/v1/photo.ts";
import { type Trip, TripSchema, tripSubject } from "#lib/schemas/trips/v1/trip.ts";

/** Publishes a photo, or a point without one; its id is the message id, so that a second publication is stored once. */
export function publishPhoto(messaging: Messaging, photo: Photo): Promise<Published> {
  return publishEvent(messaging, { subject: photoSubject(photo), id: photo.id, schema: PhotoSchema, value: photo });
}

/** Publishes the tombstone of a point. */
export function publishDeletion(messaging: Messaging, deletion: Deletion): Promise<Published> {
  const id = `deletion-${deletion.id}`;
  return publishEvent(messaging, { subject: deletionSubject(deletion), id, schema: DeletionSchema, value: deletion });
}

/** Publishes what a trip is called and spans; the last publication of an id counts, so each has a message id of its own. */
export function publishTrip(messaging: Messaging, trip: Trip): Promise<Published> {
  const id = `trip-${trip.id}-${crypto.randomUUID()}`;
  return publishEvent(messaging, { subject: tripSubject(trip), id, schema: TripSchema, value: trip });
}
