import type { Place } from "../track.ts";
import { decimal, escapeXml, inChunks, isoOf, type Journey, type PhotoPlace } from "./journey.ts";

const HEAD = `<?xml version="1.0" encoding="UTF-8"?>
<kml xmlns="http://www.opengis.net/kml/2.2" xmlns:gx="http://www.google.com/kml/ext/2.2" xmlns:atom="http://www.w3.org/2005/Atom">
`;

/**
 * A journey as KML 2.2, in chunks: each day is a folder with a placemark for each segment (a gx:Track, or a line where it has no
 * times at all), the photos are a folder of placemarks with links.
 */
export function kmlOf(journey: Journey): Generator<string> {
  return inChunks(pieces(journey));
}

function* pieces({ name, days, photos }: Journey): Generator<string> {
  yield `${HEAD}<Document><name>${escapeXml(name)}</name>\n`;
  for (const day of days) {
    yield `<Folder><name>${escapeXml(day.name)}</name>\n`;
    for (const segment of day.segments) if (segment.length > 0) yield* segmentOf(day.name, segment);
    yield "</Folder>\n";
  }
  if (photos.length > 0) yield "<Folder><name>Photos</name>\n";
  for (const photo of photos) yield photoOf(photo);
  if (photos.length > 0) yield "</Folder>\n";
  yield "</Document></kml>\n";
}

function* segmentOf(name: string, segment: readonly Place[]): Generator<string> {
  yield `<Placemark><name>${escapeXml(name)}</name>`;
  if (segment.some(({ atMs }) => atMs !== null)) {
    yield "<gx:Track>\n";
    for (const { atMs } of segment) yield atMs === null ? "<when/>\n" : `<when>${isoOf(atMs)}</when>\n`;
    for (const place of segment) yield `<gx:coord>${tuple(place, " ")}</gx:coord>\n`;
    yield "</gx:Track>";
  } else {
    yield "<LineString><tessellate>1</tessellate><coordinates>";
    for (const place of segment) yield `${tuple(place, ",")}\n`;
    yield "</coordinates></LineString>";
  }
  yield "</Placemark>\n";
}

function photoOf(photo: PhotoPlace): string {
  const link = photo.href === null ? "" : `<atom:link href="${escapeXml(photo.href)}"/>`;
  const picture =
    photo.href === null
      ? ""
      : `<description>${escapeXml(`<img src="${escapeXml(photo.href)}" width="480">`)}</description>`;
  const time = photo.atMs === null ? "" : `<TimeStamp><when>${isoOf(photo.atMs)}</when></TimeStamp>`;
  return `<Placemark><name>${escapeXml(photo.name)}</name>${link}${picture}${time}<Point><coordinates>${tuple(photo, ",")}</coordinates></Point></Placemark>\n`;
}

const tuple = ({ lat, lng, elevation }: Place, separator: string) =>
  [decimal(lng, 7), decimal(lat, 7), ...(elevation === null ? [] : [decimal(elevation, 2)])].join(separator);
