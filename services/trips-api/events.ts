import { decodeEvent } from "#lib/messaging/events.ts";
import type { StreamMessage } from "#lib/messaging/follow.ts";
import { DELETION_SUBJECT_PREFIX, DeletionSchema } from "#lib/schemas/trips/v1/deletion.ts";
import { PHOTO_SUBJECT_PREFIX, PhotoSchema } from "#lib/schemas/trips/v1/photo.ts";
import type { TripEvent } from "./fold.ts";

/** The event that a message of the stream holds, or why it holds none. Other subjects hold none. */
export function eventOf({ seq, subject, data }: StreamMessage): TripEvent | { kind: "unreadable"; problem: string } {
  if (subject.startsWith(PHOTO_SUBJECT_PREFIX)) {
    const photo = decodeEvent(PhotoSchema, data);
    return photo.ok ? { kind: "photo", seq, photo: photo.value } : { kind: "unreadable", problem: photo.problem };
  }
  if (subject.startsWith(DELETION_SUBJECT_PREFIX)) {
    const deletion = decodeEvent(DeletionSchema, data);
    if (deletion.ok) return { kind: "deletion", seq, id: deletion.value.id };
    return { kind: "unreadable", problem: deletion.problem };
  }
  return { kind: "unreadable", problem: `the subject ${subject} is unknown` };
}
