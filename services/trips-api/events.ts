import type { Static, TSchema } from "typebox";
import Value from "typebox/value";
import { decodeEvent } from "#lib/messaging/events.ts";
import type { StreamMessage } from "#lib/messaging/follow.ts";
import { DELETION_SUBJECT_PREFIX, DeletionSchema } from "#lib/schemas/trips/v1/deletion.ts";
import { PHOTO_SUBJECT_PREFIX, PhotoSchema } from "#lib/schemas/trips/v1/photo.ts";
import { SETTINGS_SUBJECT, SettingsSchema, SHARE_SUBJECT_PREFIX, ShareSchema } from "#lib/schemas/trips/v1/sharing.ts";
import { TRIP_SUBJECT_PREFIX, TripSchema } from "#lib/schemas/trips/v1/trip.ts";
import type { TripEvent } from "./fold.ts";

/** What a message of the stream is when it is no event. */
export interface Unreadable {
  readonly kind: "unreadable";
  readonly problem: string;
}

/** The event that a message of the stream holds, or why it holds none. Other subjects hold none. */
export function eventOf({ seq, subject, data }: StreamMessage): TripEvent | Unreadable {
  if (subject.startsWith(PHOTO_SUBJECT_PREFIX)) {
    const photo = decodeEvent(PhotoSchema, data);
    return photo.ok ? { kind: "photo", seq, photo: photo.value } : { kind: "unreadable", problem: photo.problem };
  }
  if (subject.startsWith(DELETION_SUBJECT_PREFIX)) {
    return small(DeletionSchema, data, ({ id }) => ({ kind: "deletion", seq, id }));
  }
  if (subject.startsWith(TRIP_SUBJECT_PREFIX)) {
    return small(TripSchema, data, (trip) => ({ kind: "trip", seq, trip }));
  }
  if (subject.startsWith(SHARE_SUBJECT_PREFIX)) {
    return small(ShareSchema, data, (share) => ({ kind: "share", seq, share }));
  }
  if (subject === SETTINGS_SUBJECT) {
    return small(SettingsSchema, data, (settings) => ({ kind: "settings", seq, settings }));
  }
  return { kind: "unreadable", problem: `the subject ${subject} is unknown` };
}

function small<Schema extends TSchema>(
  schema: Schema,
  data: Uint8Array,
  make: (value: Static<Schema>) => TripEvent,
): TripEvent | Unreadable {
  const decoded = decodeEvent(schema, data);
  if (!decoded.ok) return { kind: "unreadable", problem: decoded.problem };
  return make(Value.Clean(schema, decoded.value) as Static<Schema>);
}
