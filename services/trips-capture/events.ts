import { publishEvent, type Published } from "#lib/messaging/events.ts";
import type { Messaging } from "#lib/messaging/connection.ts";
import { type Photo, PhotoSchema, photoSubject } from "#lib/schemas/trips/v1/photo.ts";

/** Publishes a photo; its id is the message id, so that a second publication is stored once. */
export function publishPhoto(messaging: Messaging, photo: Photo): Promise<Published> {
  return publishEvent(messaging, { subject: photoSubject(photo), id: photo.id, schema: PhotoSchema, value: photo });
}
