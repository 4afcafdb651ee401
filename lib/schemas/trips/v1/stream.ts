/** Name of the JetStream stream that holds the history of all trips. */
export const TRIPS_STREAM = "TRIPS";

/** Subjects that the stream stores: every event of the trips source, version 1. */
export const TRIPS_SUBJECTS = ["trips.v1.>"] as const;

/**
 * A NATS subject token: what a camera, point, trip or share id may look like.
 * Letters, digits, `_` and `-`, so that it never adds a level or a wildcard.
 */
export const TOKEN_PATTERN = "^[A-Za-z0-9_-]{1,64}$";

/** Namespace of the UUIDs (version 5) that name photos and points; see `photo.ts`. */
export const TRIPS_NAMESPACE = "a1b2c3d4-e5f6-7890-abcd-ef1234567890";
