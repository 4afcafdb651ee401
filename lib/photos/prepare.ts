import type { Image, Photo } from "#lib/schemas/trips/v1/photo.ts";
import { type Identity, identityOf } from "./identity.ts";
import { isRaw, kindOf, KINDS } from "./kind.ts";
import { type Metadata, readMetadata } from "./metadata.ts";
import type { Place } from "./place.ts";
import { PreviewError, previewOf } from "./preview.ts";
import { readJpeg } from "./jpeg.ts";
import { ASIDE, type AsideReason, judge, type Locate, MOST_BYTES } from "./verdict.ts";

/** What is known of a picture besides its bytes, and what decides about it. */
export interface Origin {
  /** A subject token: letters, digits, `_` and `-`. */
  readonly camera: string;
  readonly source: "camera" | "import";
  readonly tags?: readonly string[];
  readonly trip?: string;
  /** The file's name, for people. */
  readonly name?: string;
  /** Zone of local times without an offset; see `instantOf`. */
  readonly zone?: string;
  readonly mostBytes?: number;
  /** Where pictures without a place were taken. */
  readonly locate?: Locate;
  /** The elevation of a place whose picture tells none, or null. */
  readonly elevate?: (place: Place) => Promise<{ metres: number; source: "dem" | "service" } | null>;
  /** The JPEG that the camera wrote beside a RAW file; used when the RAW file holds none. */
  readonly beside?: Uint8Array;
}

/** An object that has to be in the store before the event may name it. */
export interface Upload {
  readonly key: string;
  readonly type: string;
  readonly sha256: string;
  readonly bytes: Uint8Array;
}

/** What a picture becomes. `original` is null for bytes that are not stored under any name. */
export type Prepared =
  | { readonly kind: "photo"; readonly photo: Photo; readonly uploads: readonly Upload[] }
  | {
      readonly kind: "aside";
      readonly reason: AsideReason;
      readonly message: string;
      readonly original: Upload | null;
    };

/**
 * Turns a picture's bytes into its event and the objects that the event names, without storing or publishing anything.
 * The same bytes give the same id and keys, whatever the file is called.
 *
 * @param nowMs the publisher's clock
 */
export async function preparePhoto(bytes: Uint8Array, origin: Origin, nowMs: number): Promise<Prepared> {
  if (bytes.length > (origin.mostBytes ?? MOST_BYTES)) return aside("too-large", null);
  const kind = kindOf(bytes);
  if (!kind) return aside("not-a-picture", null);
  const identity = identityOf(bytes, kind);
  const original = uploadOf(bytes, identity, KINDS[kind].type);
  const metadata = await readMetadata(bytes, origin.zone ? { zone: origin.zone } : {});
  const verdict = judge(metadata, { nowMs, ...(origin.locate ? { locate: origin.locate } : {}) });
  if (!verdict.ok) return aside(verdict.reason, original);

  const { size } = metadata!;
  let shown: Awaited<ReturnType<typeof shownJpeg>>;
  try {
    shown = await shownJpeg(bytes, metadata!, origin.beside);
  } catch (error) {
    if (!(error instanceof PreviewError)) throw error;
    return aside("damaged", original, error.message);
  }
  const elevated = verdict.place.elevation === null ? await origin.elevate?.(verdict.place) : null;
  const image: Image = {
    key: identity.key,
    ...size!,
    bytes: bytes.length,
    type: KINDS[kind].type,
    sha256: identity.sha256,
    ...(shown ? { preview: shown.preview } : {}),
  };
  const photo: Photo = {
    id: identity.id,
    takenAt: verdict.takenAt,
    lat: verdict.place.lat,
    lng: verdict.place.lng,
    elevation: verdict.place.elevation ?? (elevated ? Math.round(elevated.metres * 10) / 10 : null),
    image,
    camera: origin.camera,
    tags: [...(origin.tags ?? [])],
    exposure: metadata!.exposure,
    source: origin.source,
    timeSource: verdict.timeSource,
    ...(origin.name ? { name: origin.name.slice(-255) } : {}),
    ...(origin.trip ? { trip: origin.trip } : {}),
    ...elevationSource(verdict.place, elevated?.source),
    ...verdict.motion,
  };
  return { kind: "photo", photo, uploads: [original, ...(shown ? [shown.upload] : [])] };
}

async function shownJpeg(bytes: Uint8Array, { kind, size }: Metadata, beside: Uint8Array | undefined) {
  if (kind === "jpeg") return null;
  const companion = isRaw(kind) && beside ? readJpeg(beside) : null;
  const preview =
    beside && companion && !companion.truncated ? besideOf(beside, companion, size!) : await previewOf(bytes, kind);
  const identity = identityOf(preview.bytes, "jpeg");
  const { width, height } = preview;
  return {
    preview: { key: identity.key, width, height, bytes: preview.bytes.length },
    upload: uploadOf(preview.bytes, identity, KINDS.jpeg.type),
  };
}

/** The JPEG beside a RAW file is seen as the RAW file is: turned when that is. */
function besideOf(
  bytes: Uint8Array,
  stored: { width: number; height: number },
  seen: { width: number; height: number },
) {
  const turned = stored.width > stored.height !== seen.width > seen.height;
  return { bytes, width: turned ? stored.height : stored.width, height: turned ? stored.width : stored.height };
}

function uploadOf(bytes: Uint8Array, { key, sha256 }: Identity, type: string): Upload {
  return { key, sha256, type, bytes };
}

function elevationSource(place: Place, added: "dem" | "service" | undefined): Pick<Photo, "elevationSource"> {
  if (place.elevation !== null) return { elevationSource: "gps" };
  return added ? { elevationSource: added } : {};
}

function aside(reason: AsideReason, original: Upload | null, message: string = ASIDE[reason]): Prepared {
  return { kind: "aside", reason, message, original };
}
