import fc from "fast-check";
import { zipSync } from "fflate";
import { expect, test } from "vitest";
import { readTracks } from "./read.ts";

const bytes = (text: string) => new TextEncoder().encode(text);
const point = `<trkpt lat="1" lon="2"/>`;
const gpx = (content: string, prolog = "") => bytes(`${prolog}<gpx><trk><trkseg>${content}</trkseg></trk></gpx>`);

test.each([
  ["a document type", `<!DOCTYPE gpx>`],
  ["a billion laughs", `<!DOCTYPE gpx [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;">]>`],
  ["an external entity", `<?xml version="1.0"?><!DOCTYPE gpx [<!ENTITY x SYSTEM "file:///etc/hostname">]>`],
  ["one behind a long comment", `<!-- ${" ".repeat(200_000)} --><!DOCTYPE gpx [ ]>`],
  ["a document type of parameter entities", `<!DOCTYPE gpx [<!ENTITY % p SYSTEM "https://example.org/evil.dtd">%p;]>`],
])("XML with %s is refused", async (_, prolog) => {
  expect(await readTracks(gpx(point, prolog))).toMatchObject({ kind: "refused", reason: "hostile" });
});

test("an entity that nobody defined ends the reading, and is not looked for", async () => {
  const reading = await readTracks(gpx(`${point}<name>&x;</name>${point}`));
  expect(reading).toMatchObject({ kind: "read", faults: [{ message: expect.stringContaining("undefined entity") }] });
});

test("elements in endless others are refused, whoever closes them", async () => {
  for (const close of ["", "</x>".repeat(200_000)])
    expect(await readTracks(gpx("<x>".repeat(200_000) + close))).toMatchObject({
      kind: "refused",
      reason: "hostile",
    });
});

test("endless attributes are refused, one huge attribute is only text", async () => {
  const many = Array.from({ length: 10_000 }, (_, i) => `a${i}=""`).join(" ");
  expect(await readTracks(gpx(`<x ${many}/>`))).toMatchObject({ kind: "refused", reason: "hostile" });
  const huge = `<trkpt lat="1" lon="2" x="${"x".repeat(4_000_000)}"/>`;
  expect(await readTracks(gpx(huge))).toMatchObject({ kind: "read", badPlaces: 0 });
});

test("files and places over the limits are refused", async () => {
  const three = gpx(point.repeat(3));
  expect(await readTracks(three, { maxPlaces: 3 })).toMatchObject({ kind: "read" });
  expect(await readTracks(three, { maxPlaces: 2 })).toMatchObject({ kind: "refused", reason: "too-large" });
  expect(await readTracks(three, { maxBytes: 50 })).toMatchObject({ kind: "refused", reason: "too-large" });
});

test("a zip bomb in a KMZ is refused, and an archive without KML is none", async () => {
  const bomb = zipSync({ "doc.kml": bytes(`<kml>${" ".repeat(10_000_000)}</kml>`) });
  expect(bomb.length).toBeLessThan(20_000);
  expect(await readTracks(bomb)).toMatchObject({ kind: "refused", reason: "hostile" });
  expect(await readTracks(zipSync({ "a.txt": bytes("a") }))).toMatchObject({ reason: "unknown-format" });
  const hostile = zipSync({ "doc.kml": bytes("<!DOCTYPE kml []><kml/>") });
  expect(await readTracks(hostile)).toMatchObject({ kind: "refused", reason: "hostile" });
});

test("JSON in endless arrays, with __proto__, or with wrong types does no harm", async () => {
  const deep = `{"type":"FeatureCollection","features":${"[".repeat(200_000)}${"]".repeat(200_000)}}`;
  expect(await readTracks(bytes(deep))).toMatchObject({ kind: "refused", reason: "broken" });
  let nested: object = { type: "Point", coordinates: [1, 2] };
  for (let i = 0; i < 1_000; i++) nested = { type: "GeometryCollection", geometries: [nested] };
  expect(await readTracks(bytes(JSON.stringify(nested)))).toMatchObject({ kind: "refused", reason: "broken" });
  const proto = `{"type":"Feature","__proto__":{"polluted":true},"properties":{"__proto__":{"polluted":true},"name":7},"geometry":{"type":"Point","coordinates":[1,2]}}`;
  expect(await readTracks(bytes(proto))).toMatchObject({ kind: "read", waypoints: [{ name: null }] });
  expect("polluted" in {}).toBe(false);
});

test("broken JSON is told with its line", async () => {
  expect(await readTracks(bytes(`{"type":"FeatureCollection",\n"features":[] "name":""}`))).toMatchObject({
    reason: "broken",
    line: 2,
  });
});

test.each([
  ["nothing", ""],
  ["text", "hello"],
  ["HTML", "<html><body/></html>"],
  ["a number", "42"],
  ["other JSON", `{"a":1}`],
])("%s is no known format", async (_, content) => {
  expect(await readTracks(bytes(content))).toMatchObject({ kind: "refused", reason: "unknown-format" });
});

test("a file of a known format without places is told to be empty", async () => {
  expect(await readTracks(gpx(""))).toMatchObject({ kind: "refused", reason: "empty" });
});

/** A FIT file: a definition of local message 0 as a record with these fields, then so many bytes of content. */
function fit(fields: readonly (readonly [number, number, number])[], content: Buffer): Buffer {
  const definition = Buffer.from([0x40, 0, 0, 20, 0, fields.length, ...fields.flat()]);
  const header = Buffer.from([14, 0x20, 0, 8, 0, 0, 0, 0, 0x2e, 0x46, 0x49, 0x54, 0, 0]);
  header.writeUInt32LE(definition.length + content.length, 4);
  return Buffer.concat([header, definition, content, Buffer.alloc(2)]);
}

test("a FIT file whose messages hold nothing is refused, and one of too many messages", async () => {
  expect(await readTracks(fit([], Buffer.alloc(1_000_000)))).toMatchObject({ kind: "refused", reason: "hostile" });
  expect(await readTracks(fit([[0, 1, 2]], Buffer.alloc(5_000_000)))).toMatchObject({
    kind: "refused",
    reason: "too-large",
  });
});

const SEEDS = [
  gpx(point.repeat(20), `<?xml version="1.0"?>`),
  bytes(`<kml><Placemark><Track><when>2026-05-01T12:00:00Z</when><coord>1 2 3</coord></Track></Placemark></kml>`),
  bytes(
    `{"type":"Feature","properties":{"coordTimes":["2026-05-01T12:00:00Z",null]},"geometry":{"type":"LineString","coordinates":[[1,2],[3,4]]}}`,
  ),
  bytes(
    `{"semanticSegments":[{"startTime":"2026-05-01T12:00:00Z","timelinePath":[{"point":"geo:1,2","time":"2026-05-01T12:00:00Z"}]}]}`,
  ),
  bytes(`2026-05-01T12:00:00Z\t*\t{"_type":"location","lat":1,"lon":2,"tst":1777636800}\n`),
  fit(
    [
      [253, 4, 134],
      [0, 4, 133],
      [1, 4, 133],
    ],
    Buffer.alloc(13 * 20, Buffer.from([0, 1, 2, 3, 64, 1, 2, 3, 30, 1, 2, 3, 30])),
  ),
  zipSync({ "doc.kml": bytes(`<kml><Placemark><Point><coordinates>1,2</coordinates></Point></Placemark></kml>`) }),
];

test("whatever is cut, turned or put in, the answer is a reading and never an exception", async () => {
  const damage = fc.record({
    seed: fc.constantFrom(...SEEDS),
    cut: fc.double({ min: 0, max: 1, noNaN: true }),
    turned: fc.array(fc.tuple(fc.nat(), fc.nat(255)), { maxLength: 8 }),
  });
  await fc.assert(
    fc.asyncProperty(damage, async ({ seed, cut, turned }) => {
      const damaged = Buffer.from(seed.subarray(0, Math.ceil(seed.length * cut)));
      for (const [index, value] of turned) if (damaged.length > 0) damaged[index % damaged.length] = value;
      expect(["read", "refused"]).toContain((await readTracks(damaged)).kind);
    }),
    { numRuns: 1_000 },
  );
});
