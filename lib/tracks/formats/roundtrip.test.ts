import { DOMParser } from "@xmldom/xmldom";
import { gpx as gpxOracle, kml as kmlOracle } from "@tmcw/togeojson";
import fc from "fast-check";
import { expect, test } from "vitest";
import type { Place, Track, Waypoint } from "../track.ts";
import type { Journey, PhotoPlace } from "./journey.ts";
import { readTracks } from "./read.ts";
import { EXPORTS } from "./write.ts";

const steps = (min: number, max: number, digits: number) =>
  fc.integer({ min: Math.round(min * 10 ** digits), max: Math.round(max * 10 ** digits) }).map((n) => n / 10 ** digits);
const optional = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { nil: null });
const text = fc.string({ unit: "binary", minLength: 1, maxLength: 12 }).map((part) => `n${part}n`);

const basics = {
  lat: steps(-90, 90, 7),
  lng: steps(-180, 180, 7),
  elevation: optional(steps(-400, 9_000, 2)),
  atMs: optional(fc.integer({ min: 1_420_070_400_000, max: 1_900_000_000_000 })),
};
const place: fc.Arbitrary<Place> = fc.record(
  { ...basics, speedMps: steps(0, 90, 3), headingDeg: steps(0, 359.99, 2), dop: steps(0, 50, 2) },
  { requiredKeys: ["lat", "lng", "elevation", "atMs"] },
);
const photo: fc.Arbitrary<PhotoPlace> = fc.record({ ...basics, name: text, href: optional(fc.webUrl()) });
const journey: fc.Arbitrary<Journey> = fc.record({
  name: text,
  days: fc.array(
    fc.record({
      name: text,
      segments: fc.array(fc.array(place, { minLength: 1, maxLength: 5 }), { minLength: 1, maxLength: 3 }),
    }),
    { minLength: 1, maxLength: 3 },
  ),
  photos: fc.array(photo, { maxLength: 3 }),
});

const writable = (name: string) =>
  name.replace(/[^\t\n\r\u0020-\ufffd\u{10000}-\u{10ffff}]|\p{Surrogate}/gu, "\ufffd").trim();
const bytesOf = (chunks: Iterable<string>) => Buffer.from([...chunks].join(""));
const bare = ({ lat, lng, elevation, atMs }: Place) => ({ lat: lat + 0, lng: lng + 0, elevation, atMs });
const whole = ({ speedMps, headingDeg, dop, ...rest }: Place) => ({
  ...bare(rest),
  ...(speedMps === undefined ? {} : { speedMps }),
  ...(headingDeg === undefined ? {} : { headingDeg }),
  ...(dop === undefined ? {} : { dop }),
});

async function reread(format: keyof typeof EXPORTS, written: Journey) {
  const read = await readTracks(bytesOf(EXPORTS[format].write(written)));
  if (read.kind === "refused") throw new Error(read.message);
  expect(read).toMatchObject({ format, badPlaces: 0, faults: [] });
  return read;
}

const parse = (chunks: Iterable<string>) =>
  new DOMParser({
    onError: (level, message) => {
      if (level !== "warning") throw new Error(message);
    },
  }).parseFromString(bytesOf(chunks).toString(), "text/xml");

const segmentsOf = (tracks: readonly Pick<Track, "segments">[]) => tracks.flatMap(({ segments }) => segments);
const withPlace = ({ name, href, ...rest }: Waypoint | PhotoPlace) => ({
  ...bare(rest),
  name: writable(name ?? ""),
  href,
});

test("GPX keeps days, segments, photos and all that it has a field for", async () => {
  await fc.assert(
    fc.asyncProperty(journey, async (written) => {
      const { tracks, waypoints } = await reread("gpx", written);
      expect(tracks.map(({ name, segments }) => ({ name, segments }))).toEqual(
        written.days.map(({ name, segments }) => ({
          name: writable(name),
          segments: segments.map((s) => s.map(whole)),
        })),
      );
      expect(waypoints.map(withPlace)).toEqual(written.photos.map(withPlace));
    }),
  );
});

test("GeoJSON keeps segments, times and photos", async () => {
  await fc.assert(
    fc.asyncProperty(journey, async (written) => {
      const { tracks, waypoints } = await reread("geojson", written);
      for (const { geometry } of JSON.parse(bytesOf(EXPORTS.geojson.write(written)).toString()).features)
        if (geometry.type === "LineString") expect(geometry.coordinates.length).toBeGreaterThanOrEqual(2);
      expect(segmentsOf(tracks)).toEqual(segmentsOf(written.days).map((segment) => segment.map(bare)));
      expect(waypoints.map(bare)).toEqual(written.photos.map(bare));
      expect(waypoints.map(({ href }) => href)).toEqual(written.photos.map(({ href }) => href));
    }),
  );
});

test("KML keeps segments, times and photos", async () => {
  await fc.assert(
    fc.asyncProperty(journey, async (written) => {
      const { tracks, waypoints } = await reread("kml", written);
      expect(segmentsOf(tracks)).toEqual(segmentsOf(written.days).map((segment) => segment.map(bare)));
      expect(waypoints.map(withPlace)).toEqual(written.photos.map(withPlace));
    }),
  );
});

test("another reader finds the same lines and times in the GPX and KML that are written", () => {
  const timed = fc.record({
    ...basics,
    elevation: steps(0, 9_000, 2),
    atMs: fc.integer({ min: 1_420_070_400_000, max: 1_900_000_000_000 }),
  });
  const one = fc.array(timed, { minLength: 2, maxLength: 6 });
  fc.assert(
    fc.property(one, (segment) => {
      const written: Journey = { name: "trip", days: [{ name: "day", segments: [segment] }], photos: [] };
      for (const features of [
        gpxOracle(parse(EXPORTS.gpx.write(written))),
        kmlOracle(parse(EXPORTS.kml.write(written))),
      ]) {
        const [line] = features.features;
        expect(line?.geometry).toEqual({
          type: "LineString",
          coordinates: segment.map(({ lat, lng, elevation }) => [lng + 0, lat + 0, elevation + 0]),
        });
        expect(line?.properties?.["coordinateProperties"].times).toEqual(
          segment.map(({ atMs }) => new Date(atMs).toISOString()),
        );
      }
    }),
  );
});

/** The order of the children of a point and of the document, from the GPX 1.1 schema. */
const ORDER: Readonly<Record<string, readonly string[]>> = {
  gpx: ["metadata", "wpt", "rte", "trk", "extensions"],
  trk: ["name", "cmt", "desc", "src", "link", "number", "type", "extensions", "trkseg"],
  trkseg: ["trkpt", "extensions"],
  link: ["text", "type"],
  metadata: ["name", "desc", "author", "copyright", "link", "time", "keywords", "bounds", "extensions"],
};
const POINT =
  "ele time magvar geoidheight name cmt desc src link sym type fix sat hdop vdop pdop ageofdgpsdata dgpsid extensions".split(
    " ",
  );
const DECIMAL = /^-?\d+(\.\d+)?$/;

test("GPX has its elements in the order of the schema, and numbers without exponents", () => {
  fc.assert(
    fc.property(journey, (written) => {
      const document = parse(EXPORTS.gpx.write(written));
      for (const element of document.getElementsByTagName("*")) {
        const order =
          ORDER[element.localName!] ??
          (element.localName === "trkpt" || element.localName === "wpt" ? POINT : undefined);
        if (!order) continue;
        const ranks = [...element.childNodes]
          .filter(({ nodeType }) => nodeType === 1)
          .map((child) => order.indexOf(child.localName!));
        expect(ranks).toEqual([...ranks].sort((a, b) => a - b));
        expect(ranks).not.toContain(-1);
      }
      for (const name of ["ele", "hdop", "tpx:speed", "tpx:course"])
        for (const element of document.getElementsByTagName(name)) expect(element.textContent).toMatch(DECIMAL);
      for (const element of document.getElementsByTagName("trkpt"))
        for (const name of ["lat", "lon"]) expect(element.getAttribute(name)).toMatch(DECIMAL);
    }),
    { numRuns: 30 },
  );
});
