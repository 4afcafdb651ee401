import { type Collector, instantOf } from "./reading.ts";
import { numberOf, type OpenElement, readXml } from "./xml.ts";

const PLACES = new Set(["trkpt", "rtept", "wpt"]);
/** Where the source keeps the circle of its uncertainty, by local name. */
const ACCURACY = new Set(["accuracy", "hacc"]);

interface Draft {
  lat: number;
  lng: number;
  elevation?: number;
  atMs?: number;
  speedMps?: number;
  headingDeg?: number;
  accuracyM?: number;
  dop?: number;
}

/**
 * Reads GPX 1.0 and 1.1: tracks, routes (without times) and waypoints; of extensions speed, course or bearing, and accuracy,
 * whatever namespace they are in (Garmin's TrackPointExtension 2, OsmAnd and others agree on these names and units).
 */
export function readGpx(text: string, collector: Collector): void {
  let draft: Draft | undefined;
  let [name, href]: [string | null, string | null] = [null, null];
  readXml(
    text,
    {
      open({ name: element, attributes }) {
        if (element === "trk" || element === "rte") collector.track(null);
        else if (element === "trkseg") collector.segment();
        else if (PLACES.has(element)) {
          draft = { lat: numberOf(attributes["lat"]), lng: numberOf(attributes["lon"]) };
          [name, href] = [null, null];
        } else if (element === "link" && draft) href = attributes["href"] ?? null;
      },
      close(element, content, parents) {
        const parent = parents.at(-1)?.name;
        if (element.name === "name" && (parent === "trk" || parent === "rte")) collector.name(content);
        if (!draft) return;
        if (PLACES.has(element.name)) {
          if (element.name === "wpt") collector.waypoint(draft, name, href, element.line);
          else collector.place(draft, element.line);
          draft = undefined;
        } else if (element.name === "name") name = content;
        else if (element.name === "url") href = content;
        else addTo(draft, element, content);
      },
    },
    collector,
  );
}

function addTo(draft: Draft, { name }: OpenElement, text: string): void {
  if (name === "ele") draft.elevation = numberOf(text);
  else if (name === "time") draft.atMs = instantOf(text);
  else if (name === "speed") draft.speedMps = numberOf(text);
  else if (name === "course" || name === "bearing") draft.headingDeg = numberOf(text);
  else if (name === "hdop") draft.dop = numberOf(text);
  else if (name === "pdop") draft.dop ??= numberOf(text);
  else if (ACCURACY.has(name)) draft.accuracyM = numberOf(text);
}
