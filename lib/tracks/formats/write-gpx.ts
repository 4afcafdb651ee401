import type { Place } from "../track.ts";
import { decimal, escapeXml, inChunks, isoOf, type Journey, type PhotoPlace } from "./journey.ts";

const HEAD = `<?xml version="1.0" encoding="UTF-8"?>
<gpx version="1.1" creator="trips" xmlns="http://www.topografix.com/GPX/1/1" xmlns:tpx="http://www.garmin.com/xmlschemas/TrackPointExtension/v2" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:schemaLocation="http://www.topografix.com/GPX/1/1 http://www.topografix.com/GPX/1/1/gpx.xsd">
`;

/**
 * A journey as GPX 1.1, in chunks: photos are waypoints with links, each day is a track. Speed and heading stand in Garmin's
 * TrackPointExtension 2; GPX has no field for accuracy, so it is not written.
 */
export function gpxOf(journey: Journey): Generator<string> {
  return inChunks(pieces(journey));
}

function* pieces({ name, days, photos }: Journey): Generator<string> {
  yield `${HEAD}<metadata><name>${escapeXml(name)}</name></metadata>\n`;
  for (const photo of photos) yield `<wpt${coordinates(photo)}>${waypointFields(photo)}</wpt>\n`;
  for (const day of days) {
    yield `<trk><name>${escapeXml(day.name)}</name>\n`;
    for (const segment of day.segments) {
      yield "<trkseg>\n";
      for (const place of segment) yield `<trkpt${coordinates(place)}>${fields(place)}${precision(place)}</trkpt>\n`;
      yield "</trkseg>\n";
    }
    yield "</trk>\n";
  }
  yield "</gpx>\n";
}

const coordinates = ({ lat, lng }: Place) => ` lat="${decimal(lat, 7)}" lon="${decimal(lng, 7)}"`;

const fields = ({ elevation, atMs }: Place) =>
  (elevation === null ? "" : `<ele>${decimal(elevation, 2)}</ele>`) +
  (atMs === null ? "" : `<time>${isoOf(atMs)}</time>`);

function precision({ dop, speedMps, headingDeg }: Place): string {
  const hdop = dop === undefined ? "" : `<hdop>${decimal(dop, 2)}</hdop>`;
  if (speedMps === undefined && headingDeg === undefined) return hdop;
  const speed = speedMps === undefined ? "" : `<tpx:speed>${decimal(speedMps, 3)}</tpx:speed>`;
  const course = headingDeg === undefined ? "" : `<tpx:course>${decimal(headingDeg, 2)}</tpx:course>`;
  return `${hdop}<extensions><tpx:TrackPointExtension>${speed}${course}</tpx:TrackPointExtension></extensions>`;
}

function waypointFields(photo: PhotoPlace): string {
  const type = photo.type === undefined ? "" : `<type>${escapeXml(photo.type)}</type>`;
  const link = photo.href === null ? "" : `<link href="${escapeXml(photo.href)}">${type}</link>`;
  return `${fields(photo)}<name>${escapeXml(photo.name)}</name>${link}`;
}
