import { createHash } from "node:crypto";
import type { Published } from "#lib/messaging/events.ts";
import type { ObjectHead, Objects } from "#lib/objects/objects.ts";
import type { Photo } from "#lib/schemas/trips/v1/photo.ts";
import { type Origin, preparePhoto, type Upload } from "./prepare.ts";
import type { AsideReason } from "./verdict.ts";

/** What storing and publishing needs. */
export interface PublishDeps {
  readonly objects: Pick<Objects, "head" | "put" | "get">;
  /** Publishes with the photo's id as message id, and fails when the stream did not store it. */
  readonly publish: (photo: Photo) => Promise<Published>;
  readonly now: () => number;
  /** Whether the bytes of pictures that are kept aside are stored too; for sources that will lose them. */
  readonly storeAside: boolean;
}

/**
 * What happened to a picture.
 * `published`: it is in the store and in the stream; `stored` tells whether its bytes were new there.
 * `aside`: it cannot become a point; `key` is where its bytes are, when they were stored.
 * `later`: the store or the stream did not take it; doing all of it again is safe.
 */
export type Outcome =
  | {
      readonly kind: "published";
      readonly photo: Photo;
      readonly published: Published;
      readonly stored: "new" | "there";
    }
  | { readonly kind: "aside"; readonly reason: AsideReason; readonly message: string; readonly key: string | null }
  | { readonly kind: "later"; readonly part: "objects" | "stream"; readonly error: Error };

/**
 * Brings a picture into the store and then into the stream, never the other way round: an event never names an object that
 * is not there whole. Every step may be done again, also after a kill between any two of them.
 */
export async function storeAndPublish(bytes: Uint8Array, origin: Origin, deps: PublishDeps): Promise<Outcome> {
  const prepared = await preparePhoto(bytes, origin, deps.now());
  const wanted = prepared.kind === "photo" ? prepared.uploads : deps.storeAside ? [prepared.original] : [];
  let stored: "new" | "there" = "there";
  try {
    for (const upload of wanted) if (upload && (await storeVerified(deps.objects, upload)) === "new") stored = "new";
  } catch (error) {
    return { kind: "later", part: "objects", error: error as Error };
  }
  if (prepared.kind === "aside") {
    const { kind, reason, message, original } = prepared;
    return { kind, reason, message, key: deps.storeAside ? (original?.key ?? null) : null };
  }
  try {
    const published = await deps.publish(prepared.photo);
    return { kind: "published", photo: prepared.photo, published, stored };
  } catch (error) {
    return { kind: "later", part: "stream", error: error as Error };
  }
}

/**
 * Makes sure that an object is in the store with exactly these bytes: looks, puts when it is not there or differs, and
 * looks again.
 *
 * @throws when the store fails, or holds other bytes after they were put
 */
export async function storeVerified(objects: PublishDeps["objects"], upload: Upload): Promise<"new" | "there"> {
  if (await holds(objects, upload)) return "there";
  await objects.put(upload.key, upload.bytes, upload.type);
  if (await holds(objects, upload)) return "new";
  throw new Error(
    `The store holds other bytes at ${upload.key} than were put there; look at the store before trying again.`,
  );
}

async function holds(objects: PublishDeps["objects"], upload: Upload): Promise<boolean> {
  const head = await objects.head(upload.key);
  if (head?.bytes !== upload.bytes.length) return false;
  return sameByChecksum(head, upload) ?? (await sameByReading(objects, upload));
}

/** Whether the checksums agree; null when the store tells none (an ETag need not be an MD5). */
function sameByChecksum(head: ObjectHead, { sha256, bytes }: Upload): boolean | null {
  if (head.sha256 !== null) return head.sha256 === sha256;
  // nosemgrep: weak-hash -- S3's ETag of an object that was put in one piece is its MD5; a SHA-256 was looked for first
  return head.etag === `"${createHash("md5").update(bytes).digest("hex")}"` ? true : null;
}

async function sameByReading(objects: PublishDeps["objects"], upload: Upload): Promise<boolean> {
  const found = await objects.get(upload.key);
  if (!found) return false;
  const hash = createHash("sha256");
  for await (const chunk of found.body) hash.update(chunk);
  return hash.digest("hex") === upload.sha256;
}
