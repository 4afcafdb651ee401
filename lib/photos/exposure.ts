import type { Exposure } from "#lib/schemas/trips/v1/photo.ts";
import { numberOf, type Tags } from "./tags.ts";

/** The exposure of a picture; the exposure value is log2(N²/t) − log2(ISO/100), to one decimal. */
export function exposureOf(tags: Tags): Exposure {
  const positive = (name: string) => {
    const value = numberOf(tags[name]);
    return value !== null && value > 0 ? value : null;
  };
  const sensitivity = positive("ISO") ?? positive("RecommendedExposureIndex") ?? positive("ISOSpeed");
  const iso = sensitivity !== null && sensitivity >= 1 ? Math.round(sensitivity) : null;
  const [shutter, aperture] = [positive("ExposureTime"), positive("FNumber")];
  const known = iso !== null && shutter !== null && aperture !== null;
  const ev = known ? Math.round((Math.log2(aperture ** 2 / shutter) - Math.log2(iso / 100)) * 10) / 10 : null;
  return { iso, shutter, aperture, focalLength35mm: positive("FocalLengthIn35mmFormat"), ev };
}
