import type { ExportFormat, Journey } from "./journey.ts";
import { geoJsonOf } from "./write-geojson.ts";
import { gpxOf } from "./write-gpx.ts";
import { kmlOf } from "./write-kml.ts";

/** How a journey is written in each format: media type of the answer, and the text in chunks (for `Readable.from`). */
export const EXPORTS: Readonly<
  Record<ExportFormat, { readonly mediaType: string; readonly write: (journey: Journey) => Generator<string> }>
> = {
  gpx: { mediaType: "application/gpx+xml", write: gpxOf },
  geojson: { mediaType: "application/geo+json", write: geoJsonOf },
  kml: { mediaType: "application/vnd.google-earth.kml+xml", write: kmlOf },
};
