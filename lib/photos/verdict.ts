import type { Metadata } from "./metadata.ts";
import type { Instant } from "./instant.ts";
import type { Motion, Place } from "./place.ts";

/** Why a picture is kept aside instead of becoming a point. */
export type AsideReason =
  | "not-a-picture"
  | "too-large"
  | "truncated"
  | "damaged"
  | "no-exif"
  | "no-place"
  | "null-island"
  | "out-of-range"
  | "no-time"
  | "clock";

/** Each reason in words, for people. */
export const ASIDE: Readonly<Record<AsideReason, string>> = {
  "not-a-picture": "it is no JPEG, HEIC, PNG, WebP, AVIF, TIFF, DNG or GPR",
  "too-large": "it is larger than the limit",
  truncated: "the file ends before the picture does",
  damaged: "it cannot be decoded",
  "no-exif": "it says nothing of where and when it was taken",
  "no-place": "no GPS fix",
  "null-island": "its place is exactly 0, 0, which a GPS without a fix writes",
  "out-of-range": "its place is outside the globe",
  "no-time": "no time, or a local time without a zone",
  clock: "taken before 2015 or after today, so the camera's clock was wrong",
};

/** The largest picture that is taken, unless told: 512 MiB. */
export const MOST_BYTES = 512 * 1024 * 1024;

/** Before 2015 no picture was taken for a trip: a clock that says so is wrong. */
export const FIRST_MS = Date.UTC(2015, 0, 1);
const DAY_MS = 86_400_000;

/** A picture's place by something else than itself, and its instant by that: a track also knows how wrong the clock was. */
export interface Located {
  readonly takenAt: string;
  readonly place: Place;
  /** What is known of the movement besides. */
  readonly motion?: Motion;
}

/** Places a picture by its instant in ISO 8601. Gives null where that knows nothing. */
export type Locate = (takenAt: string) => Located | null;

/** When and where a picture counts as taken, or why it does not count. */
export type Verdict =
  | {
      readonly ok: true;
      readonly takenAt: string;
      readonly timeSource: Instant["timeSource"];
      readonly place: Place;
      readonly motion: Motion;
    }
  | { readonly ok: false; readonly reason: AsideReason };

/**
 * Whether a picture can become a point. Its own place counts; else that of `locate`.
 *
 * @param nowMs the publisher's clock: a picture that is more than a day ahead of it has a wrong one
 */
export function judge(metadata: Metadata | null, context: { nowMs: number; locate?: Locate }): Verdict {
  if (!metadata) return no("not-a-picture");
  if (metadata.truncated) return no("truncated");
  if (!metadata.size) return no("damaged");
  if (!metadata.described) return no("no-exif");
  const { instant, placing } = metadata;
  if (typeof placing === "string" && !(context.locate && instant)) return no(context.locate ? "no-time" : placing);
  if (!instant) return no("no-time");
  const located = typeof placing === "string" ? (context.locate?.(instant.takenAt) ?? null) : null;
  const takenAt = located?.takenAt ?? instant.takenAt;
  const ms = Date.parse(takenAt);
  if (ms < FIRST_MS || ms > context.nowMs + DAY_MS) return no("clock");
  if (located) {
    const timeSource = takenAt === instant.takenAt ? instant.timeSource : "assumed";
    return { ok: true, takenAt, timeSource, place: located.place, motion: { ...metadata.motion, ...located.motion } };
  }
  if (typeof placing === "string") return no(placing);
  return { ok: true, ...instant, place: placing, motion: metadata.motion };
}

function no(reason: AsideReason): Verdict {
  return { ok: false, reason };
}
