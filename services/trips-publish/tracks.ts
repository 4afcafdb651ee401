import { readFile } from "node:fs/promises";
import type { Messaging } from "#lib/messaging/connection.ts";
import { trackPointId } from "#lib/photos/identity.ts";
import { checkedPlace, type Place } from "#lib/photos/place.ts";
import { FIRST_MS } from "#lib/photos/verdict.ts";
import type { Photo } from "#lib/schemas/trips/v1/photo.ts";
import { readTracks } from "#lib/tracks/formats/read.ts";
import { type TimedPlace, timedPlaces } from "#lib/tracks/track.ts";
import type { ImportCommand } from "./command.ts";
import { type Elevated, openElevation } from "./elevation.ts";
import { publishPhoto } from "./events.ts";
import { EXIT } from "./help.ts";
import type { Report } from "./report.ts";

type PointOptions = Pick<ImportCommand, "camera" | "trip" | "tags" | "elevation">;

const AT_ONCE = 64;
const DAY_MS = 86_400_000;

/** Publishes the places of tracks as points without pictures. Without a connection it only says what it would do. */
export async function importTracks(
  command: ImportCommand,
  deps: { messaging: Messaging | null; report: Report; signal: AbortSignal },
): Promise<number> {
  const { messaging, report, signal } = deps;
  const totals = { published: 0, duplicates: 0, "left out": 0, "files refused": 0 };
  for (const file of command.files) {
    const reading = await readTracks(await readFile(file));
    if (reading.kind === "refused") {
      totals["files refused"]++;
      report.note(`refused  ${file}${reading.line === null ? "" : `, line ${reading.line}`}: ${reading.message}`);
      continue;
    }
    for (const { line, message } of reading.faults)
      report.note(`left out  ${file}${line === null ? "" : `, line ${line}`}: ${message}`);
    const all = reading.tracks.flatMap(({ segments }) => segments).reduce((sum, { length }) => sum + length, 0);
    const places = thinned(timedPlaces(reading.tracks), command.everyS);
    const points = (await pointsOf(places, command)).filter(({ takenAt }) => inTime(takenAt));
    totals["left out"] += reading.badPlaces + all - points.length;
    report.note(`${file}: ${reading.format}, ${points.length} of ${all} places become points`);
    for (let at = 0; at < points.length && !signal.aborted; at += AT_ONCE) {
      const some = points.slice(at, at + AT_ONCE);
      const published = messaging ? await Promise.all(some.map((point) => publishPhoto(messaging, point))) : [];
      const duplicates = published.filter(({ duplicate }) => duplicate).length;
      totals.duplicates += duplicates;
      totals.published += some.length - duplicates;
    }
  }
  report.end(totals);
  if (signal.aborted) return EXIT.interrupted;
  return totals["files refused"] > 0 ? EXIT.aside : EXIT.done;
}

/** Leaves out places less than `everyS` seconds after the last one that was kept. */
export function thinned(places: readonly TimedPlace[], everyS: number): TimedPlace[] {
  let last = -Infinity;
  return places.filter(({ atMs }) => {
    if (atMs - last < everyS * 1_000) return false;
    last = atMs;
    return true;
  });
}

/** The events of places; those at no place of the globe are left out. */
export async function pointsOf(places: readonly TimedPlace[], command: PointOptions): Promise<Photo[]> {
  const checked = places.flatMap((place) => {
    const found = checkedPlace(place.lat, place.lng, place.elevation);
    return typeof found === "string" ? [] : [{ place, checked: found }];
  });
  const flat = checked.filter(({ checked }) => checked.elevation === null).map(({ checked }) => checked);
  const heights = command.elevation.length > 0 && flat.length > 0 ? await openElevation(command.elevation)(flat) : [];
  const known = new Map(flat.map((place, index) => [place, heights[index] ?? null]));
  return checked.map(({ place, checked }) => pointOf(place, checked, known.get(checked) ?? null, command));
}

function pointOf(place: TimedPlace, checked: Place, added: Elevated | null, command: PointOptions): Photo {
  const takenAt = new Date(place.atMs).toISOString();
  return {
    id: trackPointId({ ...checked, camera: command.camera, takenAt }),
    takenAt,
    lat: checked.lat,
    lng: checked.lng,
    elevation: checked.elevation ?? (added ? Math.round(added.metres * 10) / 10 : null),
    image: null,
    camera: command.camera,
    tags: [...command.tags],
    exposure: { iso: null, shutter: null, aperture: null, focalLength35mm: null, ev: null },
    source: "track",
    timeSource: "gps",
    ...(command.trip === null ? {} : { trip: command.trip }),
    ...(checked.elevation !== null
      ? { elevationSource: "gps" as const }
      : added
        ? { elevationSource: added.source }
        : {}),
    ...motionOf(place),
  };
}

function motionOf({
  speedMps,
  headingDeg,
  accuracyM,
  dop,
}: TimedPlace): Pick<Photo, "speedMps" | "headingDeg" | "accuracyM" | "dop"> {
  const known = Object.entries({ speedMps, headingDeg, accuracyM, dop }).filter(
    ([, value]) => value !== undefined && value >= 0,
  );
  return Object.fromEntries(known);
}

function inTime(takenAt: string): boolean {
  const ms = Date.parse(takenAt);
  return ms >= FIRST_MS && ms <= Date.now() + DAY_MS;
}
