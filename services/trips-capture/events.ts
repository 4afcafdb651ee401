import type { Messaging } from "#lib/messaging/connection.ts";
import { publishEvent, type Published } from "#lib/messaging/events.ts";
import { type Photo, PhotoSchema, photoSubject } from "#lib/schemas/trips/v1/photo.ts";
import { TRIPS_STREAM } from "#lib/schemas/trips/v1/stream.ts";

/** So long the stream surely knows a message's id; its duplicate window is a day. */
const KNOWN_MS = 12 * 3_600_000;

/** The last sequence of the stream. */
export async function lastSequence(messaging: Messaging): Promise<number> {
  return (await messaging.manager.streams.info(TRIPS_STREAM)).state.last_seq;
}

/**
 * Publishes a photo; its id is the message id, so that a second publication is stored once.
 * When the first try is longer ago than the stream remembers ids, the stream is read from where it ended then.
 *
 * @param since where the stream ended before the first try, and when that was; null for a first try
 */
export async function publishPhoto(
  messaging: Messaging,
  photo: Photo,
  since: { seq: number; ms: number } | null,
  now: number = Date.now(),
): Promise<Published> {
  if (since !== null && now - since.ms > KNOWN_MS) {
    const seq = await findPhoto(messaging, photo, since.seq + 1);
    if (seq !== null) return { seq, duplicate: true };
  }
  return publishEvent(messaging, { subject: photoSubject(photo), id: photo.id, schema: PhotoSchema, value: photo });
}

/** The sequence of a photo's event at or after a sequence, or null when it is not there. */
export async function findPhoto(messaging: Messaging, photo: Photo, fromSeq: number): Promise<number | null> {
  const end = await lastSequence(messaging);
  for (let seq = fromSeq; seq <= end;) {
    const message = await messaging.manager.direct.getMessage(TRIPS_STREAM, {
      seq,
      next_by_subj: photoSubject(photo),
    });
    if (!message) return null;
    if (message.header.get("Nats-Msg-Id") === photo.id) return message.seq;
    seq = message.seq + 1;
  }
  return null;
}
