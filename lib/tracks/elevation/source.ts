import type { LatLng } from "#lib/geo/geo.ts";

/** Elevations of some places, as far as a source could say. */
export interface Heights {
  /** In the order of the places: metres above EGM96, null where the source has none or could not look. */
  readonly heights: readonly (number | null)[];
  /** Why it could not look everywhere; asking again later may help. */
  readonly failure: string | null;
}

/** Where elevations come from. */
export interface ElevationSource {
  readonly name: "dem" | "service";
  heights(places: readonly LatLng[]): Promise<Heights>;
}

/** The elevation of a place, and who says so: `dem` local tiles, `service` a service on the network. */
export type Elevation =
  | { readonly elevation: number; readonly source: ElevationSource["name"] }
  | { readonly elevation: null; readonly source: "unknown" };

/** What {@link elevationsOf} found out. */
export interface Elevations {
  /** In the order of the places. */
  readonly elevations: readonly Elevation[];
  /** Of sources that could not look everywhere: what is unknown now should be asked for again. */
  readonly failures: readonly { readonly source: ElevationSource["name"]; readonly message: string }[];
}

const UNKNOWN: Elevation = { elevation: null, source: "unknown" };

/** Asks one source after the other for the places that none before it knew. */
export async function elevationsOf(
  places: readonly LatLng[],
  sources: readonly ElevationSource[],
): Promise<Elevations> {
  const elevations: Elevation[] = places.map(() => UNKNOWN);
  const failures: { source: ElevationSource["name"]; message: string }[] = [];
  for (const source of sources) {
    const open = elevations.flatMap(({ source: by }, i) => (by === "unknown" ? [i] : []));
    if (open.length === 0) break;
    const answer = await source.heights(open.map((i) => places[i]!));
    if (answer.failure !== null) failures.push({ source: source.name, message: answer.failure });
    answer.heights.forEach((elevation, i) => {
      if (elevation !== null) elevations[open[i]!] = { elevation, source: source.name };
    });
  }
  return { elevations, failures };
}
