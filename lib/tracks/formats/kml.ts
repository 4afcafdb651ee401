import { type Collector, instantOf, type RawPlace } from "./reading.ts";
import { numberOf, type OpenElement, readXml } from "./xml.ts";

interface Part {
  readonly kind: "point" | "line";
  readonly places: readonly RawPlace[];
  readonly line: number;
}

interface Draft {
  name: string | null;
  href: string | null;
  atMs: number | null;
  readonly parts: Part[];
  whens: number[];
  coords: string[];
}

/**
 * Reads KML 2.2 and 2.3: every Placemark with lines or with Track elements of Google's or OGC's namespace is a track (a line has
 * no times), every one with points a waypoint at the time of its TimeStamp or of the begin of its TimeSpan.
 * Polygons, overlays and network links are left alone; nothing is loaded.
 */
export function readKml(text: string, collector: Collector): void {
  let draft: Draft | undefined;
  readXml(
    text,
    {
      open({ name, attributes }) {
        if (name === "Placemark") draft = { name: null, href: null, atMs: null, parts: [], whens: [], coords: [] };
        else if (name === "Track" && draft) [draft.whens, draft.coords] = [[], []];
        else if (name === "link" && draft) draft.href = attributes["href"] ?? null;
      },
      close(element, content, parents) {
        if (!draft) return;
        if (element.name === "Placemark") {
          finish(draft, collector);
          draft = undefined;
        } else closeWithin(draft, element, content, parents.at(-1)?.name, collector);
      },
    },
    collector,
  );
  if (draft) finish(draft, collector);
}

function closeWithin(
  draft: Draft,
  element: OpenElement,
  text: string,
  parent: string | undefined,
  collector: Collector,
): void {
  const { name, line } = element;
  if (name === "name" && parent === "Placemark") draft.name = text || null;
  else if (name === "when" && parent === "Track") draft.whens.push(text === "" ? -Infinity : instantOf(text));
  else if (name === "when" && parent === "TimeStamp") draft.atMs = instantOf(text);
  else if (name === "begin" && parent === "TimeSpan") draft.atMs = instantOf(text);
  else if (name === "coord" && parent === "Track") draft.coords.push(text);
  else if (name === "Track") draft.parts.push({ kind: "line", places: trackPlaces(draft, line, collector), line });
  else if (name === "coordinates" && parent === "LineString")
    draft.parts.push({ kind: "line", places: tuples(text).map((tuple) => placeOf(tuple, ",", null)), line });
  else if (name === "coordinates" && parent === "Point")
    draft.parts.push({ kind: "point", places: tuples(text).map((tuple) => placeOf(tuple, ",", null)), line });
}

/** The places of a Track: its n-th `coord` at its n-th `when`; what has no partner is a bad place. */
function trackPlaces({ whens, coords }: Draft, line: number, collector: Collector): RawPlace[] {
  const spare = Math.abs(whens.length - coords.length);
  for (let i = 0; i < spare; i++)
    collector.badPlace(`A track has ${whens.length} times for ${coords.length} places.`, line);
  const count = Math.min(whens.length, coords.length);
  return coords.slice(0, count).map((coord, i) => placeOf(coord, " ", whens[i] === -Infinity ? null : whens[i]!));
}

const tuples = (text: string) => (text === "" ? [] : text.split(/\s+/));

function placeOf(tuple: string, separator: "," | " ", atMs: number | null): RawPlace {
  const [lng, lat, elevation] = separator === "," ? tuple.split(",") : tuple.split(/\s+/);
  return { lat: numberOf(lat), lng: numberOf(lng), elevation: numberOf(elevation), atMs };
}

function finish(draft: Draft, collector: Collector): void {
  const lines = draft.parts.filter(({ kind }) => kind === "line");
  if (lines.length > 0) collector.track(draft.name);
  for (const { places, line } of lines) {
    collector.segment();
    for (const place of places) collector.place(place, line);
  }
  for (const { kind, places, line } of draft.parts) {
    if (kind !== "point") continue;
    for (const place of places) collector.waypoint({ ...place, atMs: draft.atMs }, draft.name, draft.href, line);
  }
}
