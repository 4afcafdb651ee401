import { zipSync } from "fflate";
import { FitBaseType, FitEncoder } from "fit-file-parser/encoder";
import { expect, test } from "vitest";
import type { Track } from "../track.ts";
import { readTracks } from "./read.ts";
import { instantOf } from "./reading.ts";

const bytes = (text: string) => new TextEncoder().encode(text);
const at = (text: string) => Date.parse(text);

async function read(file: Uint8Array | string) {
  const reading = await readTracks(typeof file === "string" ? bytes(file) : file);
  if (reading.kind === "refused") throw new Error(reading.message);
  return reading;
}

const placesOf = (tracks: readonly Track[]) => tracks.flatMap(({ segments }) => segments.flat());

test("GPX 1.0: speed and course are elements of their own", async () => {
  const { format, tracks } =
    await read(`<gpx version="1.0" xmlns="http://www.topografix.com/GPX/1/0"><trk><name>A</name><trkseg>
    <trkpt lat="57.5" lon="-4.25"><ele>12.5</ele><time>2026-05-01T12:00:00+01:00</time><course>90</course><speed>3.5</speed><hdop>1.2</hdop></trkpt>
  </trkseg><trkseg/></trk></gpx>`);
  expect(format).toBe("gpx");
  expect(tracks).toEqual([
    {
      name: "A",
      segments: [
        [
          {
            lat: 57.5,
            lng: -4.25,
            elevation: 12.5,
            atMs: at("2026-05-01T11:00:00Z"),
            headingDeg: 90,
            speedMps: 3.5,
            dop: 1.2,
          },
        ],
      ],
    },
  ]);
});

test("GPX 1.1: extensions of any namespace, routes without times, waypoints with links", async () => {
  const { tracks, waypoints } = await read(`<?xml version="1.0"?><x:gpx xmlns:x="http://www.topografix.com/GPX/1/1">
    <x:wpt lat="1" lon="2"><x:name>mark</x:name><x:link href="https://example.org/a.jpg"><x:text>no name</x:text></x:link></x:wpt>
    <x:rte><x:rtept lat="3" lon="4"/></x:rte>
    <x:trk><x:trkseg><x:trkpt lat="5" lon="6"><x:extensions><o:speed xmlns:o="o">2</o:speed><accuracy>8</accuracy></x:extensions></x:trkpt></x:trkseg></x:trk></x:gpx>`);
  expect(waypoints).toEqual([
    { lat: 1, lng: 2, elevation: null, atMs: null, name: "mark", href: "https://example.org/a.jpg" },
  ]);
  expect(placesOf(tracks)).toEqual([
    { lat: 3, lng: 4, elevation: null, atMs: null },
    { lat: 5, lng: 6, elevation: null, atMs: null, speedMps: 2, accuracyM: 8 },
  ]);
});

test("bad places are left out and told with their lines, good ones stay", async () => {
  const { tracks, badPlaces, faults } = await read(`<gpx><trk><trkseg>
<trkpt lat="91" lon="0"/>
<trkpt lat="" lon="0"/>
<trkpt lat="1" lon="1"><time>yesterday</time></trkpt>
<trkpt lat="2" lon="2"/>
</trkseg></trk></gpx>`);
  expect(placesOf(tracks)).toHaveLength(1);
  expect(badPlaces).toBe(3);
  expect(faults.map(({ line }) => line)).toEqual([2, 3, 4]);
});

test("of a file that is cut off, what stands before the cut is read and the line of the cut is told", async () => {
  const { tracks, faults } = await read(
    `<gpx><trk><trkseg>\n<trkpt lat="1" lon="1"/>\n<trkpt lat="2" lon="2"/>\n<trkpt la`,
  );
  expect(placesOf(tracks)).toHaveLength(2);
  expect(faults).toMatchObject([{ line: 4, message: expect.stringContaining("unclosed") }]);
});

test("GeoJSON: lines with times of all three spellings, points, collections of geometries", async () => {
  const line = (properties: object) => ({
    type: "Feature",
    properties,
    geometry: {
      type: "LineString",
      coordinates: [
        [-4, 57, 10],
        [-5, 58],
      ],
    },
  });
  const times = ["2026-05-01T12:00:00Z", 1_777_000_000_000];
  const { tracks, waypoints, badPlaces, faults } = await read(
    JSON.stringify({
      type: "FeatureCollection",
      features: [
        line({ coordTimes: times }),
        line({ times }),
        line({ coordinateProperties: { times } }),
        {
          type: "Feature",
          properties: null,
          geometry: {
            type: "MultiLineString",
            coordinates: [
              [[1, 2]],
              [
                [3, 4],
                ["x", 1],
              ],
            ],
          },
        },
        {
          type: "Feature",
          properties: { name: "P", time: times[0] },
          geometry: { type: "GeometryCollection", geometries: [{ type: "Point", coordinates: [7, 8] }] },
        },
        { type: "Feature", properties: {}, geometry: { type: "Polygon", coordinates: [] } },
        null,
      ],
    }),
  );
  const timed = [
    { lat: 57, lng: -4, elevation: 10, atMs: at("2026-05-01T12:00:00Z") },
    { lat: 58, lng: -5, elevation: null, atMs: 1_777_000_000_000 },
  ];
  expect(tracks.slice(0, 3).map(({ segments }) => segments)).toEqual([[timed], [timed], [timed]]);
  expect(tracks[3]?.segments.map((segment) => segment.length)).toEqual([1, 1]);
  expect(waypoints).toMatchObject([{ lat: 8, lng: 7, name: "P", atMs: at("2026-05-01T12:00:00Z") }]);
  expect([badPlaces, faults.length]).toEqual([1, 3]);
});

const KML = `<kml xmlns="http://www.opengis.net/kml/2.2" xmlns:gx="http://www.google.com/kml/ext/2.2"><Document><name>not a track</name>
<Placemark><name>walk</name><gx:MultiTrack><gx:Track><when>2026-05-01T12:00:00Z</when><when/><when>2026-05-01T12:00:02Z</when>
<gx:coord>-4 57 10</gx:coord><gx:coord>-4.1 57.1 11</gx:coord></gx:Track></gx:MultiTrack></Placemark>
<Placemark><TimeSpan><begin>2026-05</begin></TimeSpan></Placemark>
<Placemark><MultiGeometry><LineString><coordinates>1,2,3 4,5</coordinates></LineString><Point><coordinates>6,7</coordinates></Point></MultiGeometry><TimeStamp><when>2026-05-01</when></TimeStamp><name><![CDATA[a & b]]></name></Placemark>
<Placemark><Polygon><outerBoundaryIs><LinearRing><coordinates>0,0 1,1 2,2 0,0</coordinates></LinearRing></outerBoundaryIs></Polygon></Placemark>
</Document></kml>`;

test("KML: tracks of Google's extension, lines, points with times; polygons are left alone", async () => {
  const { tracks, waypoints, badPlaces } = await read(KML);
  expect(tracks).toEqual([
    {
      name: "walk",
      segments: [
        [
          { lat: 57, lng: -4, elevation: 10, atMs: at("2026-05-01T12:00:00Z") },
          { lat: 57.1, lng: -4.1, elevation: 11, atMs: null },
        ],
      ],
    },
    {
      name: "a & b",
      segments: [
        [
          { lat: 2, lng: 1, elevation: 3, atMs: null },
          { lat: 5, lng: 4, elevation: null, atMs: null },
        ],
      ],
    },
  ]);
  expect(waypoints).toMatchObject([{ lat: 7, lng: 6, name: "a & b", atMs: at("2026-05-01T00:00:00Z") }]);
  expect(badPlaces).toBe(1);
});

test("KMZ: doc.kml counts, whatever else is in the archive", async () => {
  const other = bytes("<kml/>");
  const { format, tracks } = await read(
    zipSync({ "files/a.kml": other, "a.png": other, "doc.kml": bytes(KML), "z.kml": other }),
  );
  expect(format).toBe("kmz");
  expect(tracks).toHaveLength(2);
});

const START = new Date("2026-05-01T12:00:00Z");
const field = (number: number, size: number, baseType: FitBaseType, value: number) => ({
  number,
  size,
  baseType,
  value,
});

/** A FIT file with records a second apart, the last one without a position. */
function fit(count: number): Buffer {
  const degrees = (value: number) => Math.round((value * 2 ** 31) / 180);
  const encoder = new FitEncoder();
  const time = (i: number) => field(253, 4, FitBaseType.Uint32, FitEncoder.toFitTimestamp(START) + i);
  encoder.writeMessage(0, [field(0, 1, FitBaseType.Enum, 4)], 0);
  for (let i = 0; i < count; i++) {
    encoder.writeMessage(
      20,
      [
        time(i),
        field(0, 4, FitBaseType.Sint32, degrees(57.5)),
        field(1, 4, FitBaseType.Sint32, degrees(-4.25)),
        field(2, 2, FitBaseType.Uint16, (123 + 500) * 5),
        field(6, 2, FitBaseType.Uint16, 12_500),
        field(31, 1, FitBaseType.Uint8, 4),
      ],
      1,
    );
  }
  encoder.writeMessage(20, [time(count)], 2);
  return Buffer.from(encoder.close());
}

test("FIT: records with a position, in degrees, metres and metres a second", async () => {
  const { format, tracks, faults } = await read(fit(1));
  expect([format, faults]).toEqual(["fit", []]);
  const [place] = placesOf(tracks);
  expect(placesOf(tracks)).toHaveLength(1);
  expect(place).toMatchObject({ elevation: 123, atMs: START.getTime(), speedMps: 12.5, accuracyM: 4 });
  expect(place?.lat).toBeCloseTo(57.5, 6);
  expect(place?.lng).toBeCloseTo(-4.25, 6);
});

test("FIT: a file that is cut off, or was never ended, is read up to its last whole record", async () => {
  const whole = fit(50);
  const cut = whole.subarray(0, whole.length - 100);
  const unended = Buffer.from(cut);
  unended.writeUInt32LE(0, 4);
  for (const file of [cut, unended]) {
    const { tracks, faults } = await read(file);
    expect(placesOf(tracks).length).toBeGreaterThan(40);
    expect(placesOf(tracks).length).toBeLessThan(50);
    expect(faults).toMatchObject([{ message: expect.stringContaining("cut off") }]);
  }
});

test("FIT: files behind each other are tracks of their own", async () => {
  const { tracks, faults } = await read(Buffer.concat([fit(3), fit(4)]));
  expect(tracks.map(({ segments }) => segments.flat().length)).toEqual([3, 4]);
  expect(faults).toEqual([]);
});

test("Google's Records.json: numbers in 1e-7 degrees, also those that overflowed; both spellings of the time", async () => {
  const { format, tracks, badPlaces } = await read(
    JSON.stringify({
      locations: [
        {
          latitudeE7: 574_778_000,
          longitudeE7: -42_247_000,
          timestamp: "2020-01-02T03:04:05.678Z",
          accuracy: 20,
          velocity: 5,
          altitude: 7,
          heading: 360,
        },
        { latitudeE7: 574_778_000, longitudeE7: -42_247_000 + 2 ** 32, timestampMs: "1577934245678" },
        { longitudeE7: 1 },
      ],
    }),
  );
  expect(format).toBe("google-records");
  const atMs = at("2020-01-02T03:04:05.678Z");
  expect(placesOf(tracks)).toEqual([
    { lat: 57.4778, lng: -4.2247, elevation: 7, atMs, accuracyM: 20, speedMps: 5, headingDeg: 0 },
    { lat: 57.4778, lng: -4.2247, elevation: null, atMs },
  ]);
  expect(badPlaces).toBe(1);
});

test("Google's Semantic Location History: the recorded path of an activity", async () => {
  const points = [{ latE7: 574_778_000, lngE7: -42_247_000, accuracyMeters: 9, timestamp: "2020-01-02T03:04:05Z" }];
  const { format, tracks } = await read(
    JSON.stringify({ timelineObjects: [{ placeVisit: {} }, { activitySegment: { simplifiedRawPath: { points } } }] }),
  );
  expect(format).toBe("google-semantic");
  expect(placesOf(tracks)).toEqual([
    { lat: 57.4778, lng: -4.2247, elevation: null, atMs: at("2020-01-02T03:04:05Z"), accuracyM: 9 },
  ]);
});

test("Google's Timeline.json of Android: paths, visits and raw signals", async () => {
  const { format, tracks, waypoints } = await read(
    JSON.stringify({
      semanticSegments: [
        {
          startTime: "2026-05-01T12:00:00.000+01:00",
          timelinePath: [{ point: "57.4778°, -4.2247°", time: "2026-05-01T12:07:00.000+01:00" }],
        },
        {
          startTime: "2026-05-01T13:00:00.000+01:00",
          visit: { topCandidate: { placeLocation: { latLng: "57.5°, -4.3°" } } },
        },
      ],
      rawSignals: [
        {
          position: {
            LatLng: "57.6°, -4.4°",
            accuracyMeters: 13,
            altitudeMeters: 8.5,
            timestamp: "2026-05-01T12:10:00Z",
            speedMetersPerSecond: 1.5,
          },
        },
        { wifiScan: {} },
      ],
    }),
  );
  expect(format).toBe("google-timeline");
  expect(placesOf(tracks)).toEqual([
    { lat: 57.4778, lng: -4.2247, elevation: null, atMs: at("2026-05-01T11:07:00Z") },
    { lat: 57.6, lng: -4.4, elevation: 8.5, atMs: at("2026-05-01T12:10:00Z"), accuracyM: 13, speedMps: 1.5 },
  ]);
  expect(waypoints).toMatchObject([{ lat: 57.5, lng: -4.3, atMs: at("2026-05-01T12:00:00Z") }]);
});

test("Google's timeline of iOS: an array, geo: places, minutes since the start", async () => {
  const { format, tracks, waypoints, badPlaces } = await read(
    JSON.stringify([
      {
        startTime: "2026-05-01T12:00:00.000+01:00",
        timelinePath: [
          { point: "geo:57.4778,-4.2247", durationMinutesOffsetFromStartTime: "7" },
          { point: "somewhere", durationMinutesOffsetFromStartTime: "8" },
        ],
      },
      { startTime: "2026-05-01T13:00:00Z", visit: { topCandidate: { placeLocation: "geo:57.5,-4.3" } } },
    ]),
  );
  expect(format).toBe("google-timeline");
  expect(placesOf(tracks)).toEqual([{ lat: 57.4778, lng: -4.2247, elevation: null, atMs: at("2026-05-01T11:07:00Z") }]);
  expect(waypoints).toHaveLength(1);
  expect(badPlaces).toBe(1);
});

const OWNTRACKS = {
  _type: "location",
  lat: 57.5,
  lon: -4.25,
  tst: 1_777_636_800,
  alt: 20,
  acc: 5,
  vel: 36,
  cog: 180,
  tid: "ph",
};

test("OwnTracks: the recorder's .rec lines, JSON lines, one message, an answer of the recorder", async () => {
  const expected = [
    { lat: 57.5, lng: -4.25, elevation: 20, atMs: 1_777_636_800_000, accuracyM: 5, speedMps: 10, headingDeg: 180 },
  ];
  const json = JSON.stringify(OWNTRACKS);
  const rec = `2026-05-01T12:00:00Z\t*                 \t${json}\n2026-05-01T12:00:01Z\tlwt               \t{"_type":"lwt","tst":1}\n`;
  for (const file of [rec, `${json}\n{"_type":"lwt"}`, json, `{"count":1,"data":[${json}]}`, `[${json}]`]) {
    const { format, tracks, badPlaces } = await read(file);
    expect({ format, places: placesOf(tracks), badPlaces }).toEqual({
      format: "owntracks",
      places: expected,
      badPlaces: 0,
    });
  }
  const { badPlaces, faults } = await read(`${rec}2026-05-01T12:00:02Z\t*                 \t{"_type":"loc`);
  expect([badPlaces, faults[0]?.line]).toEqual([1, 3]);
});

test("text of other encodings is read as it says", async () => {
  const text = `<gpx><trk><name>Café</name><trkseg><trkpt lat="1" lon="2"/></trkseg></trk></gpx>`;
  const latin = Buffer.from(`<?xml version="1.0" encoding="ISO-8859-1"?>${text}`, "latin1");
  const utf16 = Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from(text, "utf16le")]);
  for (const file of [latin, utf16]) expect((await read(file)).tracks[0]?.name).toBe("Café");
});

test("instants have a zone or are UTC", () => {
  const expected = at("2026-05-01T12:00:00Z");
  for (const text of [
    "2026-05-01T12:00:00Z",
    "2026-05-01T14:00:00+0200",
    "2026-05-01T14:00:00+02",
    "2026-05-01 12:00",
    " 2026-05-01T12:00:00,000 ",
  ])
    expect(instantOf(text)).toBe(expected);
  for (const text of ["", "now", "1.5.2026", "2026-13-01T00:00:00Z", "2026-05-01T25:00:00Z", "12"])
    expect(instantOf(text)).toBeNaN();
});
