import { createHash } from "node:crypto";
import type { Published } from "#lib/messaging/events.ts";
import type { Objects } from "#lib/objects/objects.ts";
import type { Photo } from "#lib/schemas/trips/v1/photo.ts";
import { backoffMs } from "#lib/service/retry.ts";
import { type CameraClient, CameraError } from "./camera.ts";
import { type Metadata, readMetadata } from "./metadata.ts";
import type { Item, Queue } from "./store.ts";

/** What an upload needs. */
export interface UploadDeps {
  readonly camera: Pick<CameraClient, "download">;
  readonly cameraName: string;
  readonly objects: Pick<Objects, "head" | "put">;
  readonly publish: (photo: Photo) => Promise<Published>;
  readonly queue: Queue;
  readonly now: () => number;
}

/** How an upload ended. `retry` is for what can heal: a camera, a store or a server that is away. */
export type Outcome =
  | { readonly kind: "done"; readonly photo: Photo; readonly published: Published }
  | { readonly kind: "failed"; readonly reason: string }
  | { readonly kind: "retry"; readonly error: Error; readonly waitMs: number };

/**
 * Takes one begun picture from the card into the store and the stream, and settles it in the queue.
 * Every step may be done twice without harm: the object's key and the point's id come from its bytes.
 * A picture that cannot become a point is stored all the same, and kept aside with the reason.
 */
export async function upload(item: Item, deps: UploadDeps): Promise<Outcome> {
  const { queue, objects } = deps;
  try {
    const bytes = await deps.camera.download(item);
    const metadata = await readMetadata(bytes);
    if (!metadata) return fail("it is no JPEG", null);
    const hash = createHash("sha256").update(bytes).digest("hex");
    const key = `photos/${hash.slice(0, 2)}/${hash}.jpg`;
    const stored = await objects.head(key);
    if (stored?.bytes !== bytes.length) await objects.put(key, bytes, "image/jpeg");

    const { takenAt, place } = metadata;
    if (!place) return fail("no GPS fix", key);
    if (!takenAt) return fail("no time zone", key);
    const photo = photoOf({ ...metadata, takenAt, place }, { hash, key, bytes: bytes.length, camera: deps.cameraName });
    const published = await deps.publish(photo);
    queue.done(item.id, { key, pointId: photo.id });
    return { kind: "done", photo, published };
  } catch (thrown) {
    const error = thrown as Error;
    if (error instanceof CameraError && error.code === "gone") return fail("no longer on the card", null);
    const waitMs = backoffMs(item.attempts, 1_000, 60_000);
    queue.retry(item.id, error.message, deps.now() + waitMs);
    return { kind: "retry", error, waitMs };
  }

  function fail(reason: string, key: string | null): Outcome {
    queue.fail(item.id, reason, key);
    return { kind: "failed", reason };
  }
}

/** The event of a picture whose place and time are known. Its id is the first half of the hash of its bytes. */
export function photoOf(
  metadata: Metadata & { takenAt: string; place: NonNullable<Metadata["place"]> },
  file: { hash: string; key: string; bytes: number; camera: string },
): Photo {
  return {
    id: file.hash.slice(0, 32),
    takenAt: metadata.takenAt,
    ...metadata.place,
    image: { key: file.key, width: metadata.width, height: metadata.height, bytes: file.bytes },
    camera: file.camera,
    tags: [],
    exposure: metadata.exposure,
  };
}
