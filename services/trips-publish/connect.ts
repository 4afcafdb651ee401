import { openMessaging, type Messaging } from "#lib/messaging/connection.ts";
import { ensureStream } from "#lib/messaging/stream.ts";
import { type Objects, openObjects } from "#lib/objects/objects.ts";
import type { Origin } from "#lib/photos/prepare.ts";
import { type Outcome, storeAndPublish } from "#lib/photos/publish.ts";
import { TRIPS_STREAM, TRIPS_SUBJECTS } from "#lib/schemas/trips/v1/stream.ts";
import type { Config } from "./config.ts";
import { publishPhoto } from "./events.ts";

/** Thrown when the store or the stream does not answer at all; the same command may work later. */
export class UnavailableError extends Error {
  override readonly name = "UnavailableError";
}

/** The stream of trips, connected. */
export async function openStream(
  url: string,
  onConnection?: (state: "connected" | "disconnected") => void,
): Promise<Messaging> {
  const messaging = await openMessaging({
    url,
    name: "trips-publish",
    ...(onConnection ? { onConnection } : {}),
  }).catch(unavailable);
  try {
    await ensureStream(messaging, { name: TRIPS_STREAM, subjects: TRIPS_SUBJECTS });
    return messaging;
  } catch (error) {
    await messaging.close();
    return unavailable(error as Error);
  }
}

/** The bucket, not asked for anything yet. */
export function openBucket(config: Omit<Config, "NATS_URL" | "STATE_DIR">): Objects {
  return openObjects({
    endpoint: config.S3_ENDPOINT,
    region: config.S3_REGION,
    bucket: config.S3_BUCKET,
    accessKeyId: config.S3_ACCESS_KEY_ID,
    secretAccessKey: config.S3_SECRET_ACCESS_KEY,
  });
}

/** Where pictures go. */
export interface Destination {
  publish(bytes: Uint8Array, origin: Origin): Promise<Outcome>;
  close(): Promise<void>;
}

/**
 * Connects to the store and the stream, and makes bucket and stream where they are not there.
 *
 * @throws UnavailableError when either does not answer
 */
export async function openDestination(config: Config): Promise<Destination> {
  const objects = openBucket(config);
  await objects.ensureBucket().catch(unavailable);
  const messaging = await openStream(config.NATS_URL);
  return { publish: publisherTo(objects, messaging), close: () => messaging.close() };
}

/** Stores and publishes by a bucket and a connection. */
export function publisherTo(objects: Objects, messaging: Messaging): Destination["publish"] {
  const deps = {
    objects,
    now: Date.now,
    storeAside: false,
    publish: (photo: Parameters<typeof publishPhoto>[1]) => publishPhoto(messaging, photo),
  };
  return (bytes, origin) => storeAndPublish(bytes, origin, deps);
}

function unavailable(cause: Error): never {
  throw new UnavailableError(cause.message, { cause });
}
