import { type Static, Type } from "typebox";
import { TOKEN_PATTERN } from "./stream.ts";

/**
 * The event `trips.v1.deletion.<id>`: a tombstone.
 * The point stays deleted even when a photo event with its id follows.
 */
export const DeletionSchema = Type.Object({ id: Type.String({ pattern: TOKEN_PATTERN }) });

/** A deletion event; see {@link DeletionSchema}. */
export type Deletion = Static<typeof DeletionSchema>;

/** All deletions, as a subject prefix. */
export const DELETION_SUBJECT_PREFIX = "trips.v1.deletion.";

/** The subject that a deletion is published to. */
export function deletionSubject(deletion: Deletion): string {
  return `${DELETION_SUBJECT_PREFIX}${deletion.id}`;
}
