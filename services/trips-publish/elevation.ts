import type { Place } from "#lib/photos/place.ts";
import { hgtFolder } from "#lib/tracks/elevation/hgt-folder.ts";
import { elevationService } from "#lib/tracks/elevation/service.ts";
import { elevationsOf } from "#lib/tracks/elevation/source.ts";

/** An elevation in metres above EGM96, and who says so. */
export interface Elevated {
  readonly metres: number;
  readonly source: "dem" | "service";
}

/** Asks for elevations; null where no source knows one. */
export type Elevate = (places: readonly Place[]) => Promise<(Elevated | null)[]>;

/**
 * Opens sources of elevations in the order in which they are asked: folders of HGT tiles, and services by their URL.
 * Asking fails when a source could not look: without that, a place would stay without an elevation for good.
 */
export function openElevation(from: readonly string[]): Elevate {
  const sources = from.map((each) => (/^https?:\/\//.test(each) ? elevationService({ url: each }) : hgtFolder(each)));
  return async (places) => {
    const { elevations, failures } = await elevationsOf(places, sources);
    if (failures.length > 0) throw new Error(`No elevation: ${failures.map(({ message }) => message).join("; ")}`);
    return elevations.map((each) =>
      each.source === "unknown" ? null : { metres: each.elevation, source: each.source },
    );
  };
}
