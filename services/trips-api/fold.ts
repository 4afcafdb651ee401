import type { Change } from "#lib/schemas/trips/v1/live.ts";
import type { Photo } from "#lib/schemas/trips/v1/photo.ts";

/** An event of the stream TRIPS with its sequence. */
export type TripEvent =
  | { readonly kind: "photo"; readonly seq: number; readonly photo: Photo }
  | { readonly kind: "deletion"; readonly seq: number; readonly id: string };

/**
 * What an event changes, given whether its point was deleted before; null when nothing.
 * The rule of the fold: the last photo of an id counts, and a deletion is final, so that the
 * same set of points comes out wherever the deletion stands among the photos of its id.
 */
export function changeOf(event: TripEvent, deletedBefore: boolean): Change | null {
  if (deletedBefore) return null;
  if (event.kind === "deletion") return { type: "deletion", seq: event.seq, id: event.id };
  return { type: "point", seq: event.seq, point: { ...event.photo, seq: event.seq } };
}
