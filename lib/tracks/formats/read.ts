import { unzipOne, ZIP_LIMITS } from "../zip/zip.ts";
import { readFit } from "./fit.ts";
import { isFit } from "./fit-frame.ts";
import { isGeoJson, readGeoJson } from "./geojson.ts";
import {
  isGoogleRecords,
  isGoogleSemantic,
  isGoogleTimeline,
  readGoogleRecords,
  readGoogleSemantic,
  readGoogleTimeline,
} from "./google.ts";
import { readGpx } from "./gpx.ts";
import { readKml } from "./kml.ts";
import { isOwnTracks, isOwnTracksLines, readOwnTracks, readOwnTracksLines } from "./owntracks.ts";
import {
  Collector,
  DEFAULT_LIMITS,
  type ReadLimits,
  Refusal,
  type TrackFormat,
  type TracksReading,
} from "./reading.ts";
import { xmlText } from "./xml.ts";

/**
 * Reads a file of tracks of any known format, which is told by its content: names play no part.
 * Places that make no sense are left out and counted; of a file that is cut off, what stands before the cut is read.
 * Elevations are kept as they are (GPX and most receivers: metres above sea level).
 */
export async function readTracks(bytes: Uint8Array, limits: Partial<ReadLimits> = {}): Promise<TracksReading> {
  const all = { ...DEFAULT_LIMITS, ...limits };
  try {
    return await readAny(bytes, all);
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    return { kind: "refused", reason: error.reason, message: error.message, line: error.line };
  }
}

async function readAny(bytes: Uint8Array, limits: ReadLimits): Promise<TracksReading> {
  if (bytes.length > limits.maxBytes)
    throw new Refusal(
      "too-large",
      `The file has ${bytes.length} bytes, more than the ${limits.maxBytes} that are read.`,
    );
  const collector = new Collector(limits);
  const format = await readInto(bytes, collector, limits);
  const read = collector.result(format);
  if (read.tracks.length > 0 || read.waypoints.length > 0) return read;
  const [fault] = read.faults;
  if (fault) throw new Refusal("broken", fault.message, fault.line === null ? {} : { line: fault.line });
  throw new Refusal("empty", `The file is ${format}, but has no places.`);
}

async function readInto(bytes: Uint8Array, collector: Collector, limits: ReadLimits): Promise<TrackFormat> {
  if (isFit(bytes)) {
    await readFit(bytes, collector);
    return "fit";
  }
  if (bytes[0] === 0x50 && bytes[1] === 0x4b) {
    readKml(xmlText(await unpackKmz(bytes, limits)), collector);
    return "kmz";
  }
  const head = xmlText(bytes.subarray(0, 4_096)).trimStart();
  if (head.startsWith("<")) return readXmlInto(xmlText(bytes), collector);
  return readJsonInto(new TextDecoder().decode(bytes), collector);
}

const unknown = () =>
  new Refusal(
    "unknown-format",
    "The file is none of GPX, KML, KMZ, GeoJSON, FIT, Google Timeline (Records.json, Timeline.json) and OwnTracks.",
  );

function readXmlInto(text: string, collector: Collector): TrackFormat {
  const root = /<(?:[\w.-]+:)?(gpx|kml)[\s>/]/i.exec(text)?.[1]?.toLowerCase();
  if (root === "gpx") readGpx(text, collector);
  else if (root === "kml") readKml(text, collector);
  else throw unknown();
  return root;
}

function readJsonInto(text: string, collector: Collector): TrackFormat {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    if (isOwnTracksLines(text)) {
      readOwnTracksLines(text, collector);
      return "owntracks";
    }
    if (!/^\s*[[{]/.test(text)) throw unknown();
    const message = cause instanceof Error ? cause.message : String(cause);
    const line = /\(line (\d+) /.exec(message)?.[1];
    throw new Refusal("broken", `The JSON is broken: ${message.slice(0, 300)}.`, {
      ...(line ? { line: Number(line) } : {}),
      cause,
    });
  }
  for (const { format, is, read } of JSON_FORMATS) {
    if (!is(value)) continue;
    read(value, collector);
    return format;
  }
  throw unknown();
}

const JSON_FORMATS: readonly {
  format: TrackFormat;
  is: (value: unknown) => boolean;
  read: (value: unknown, collector: Collector) => void;
}[] = [
  { format: "geojson", is: isGeoJson, read: readGeoJson },
  { format: "google-records", is: isGoogleRecords, read: readGoogleRecords },
  { format: "google-semantic", is: isGoogleSemantic, read: readGoogleSemantic },
  { format: "google-timeline", is: isGoogleTimeline, read: readGoogleTimeline },
  { format: "owntracks", is: isOwnTracks, read: readOwnTracks },
];

/** The document of a KMZ: `doc.kml`, else the first `.kml` at its top, else the first one anywhere. */
async function unpackKmz(bytes: Uint8Array, limits: ReadLimits): Promise<Uint8Array> {
  const rank = (name: string) =>
    !/\.kml$/i.test(name) ? null : name.toLowerCase() === "doc.kml" ? 0 : name.includes("/") ? 2 : 1;
  const unzipped = await unzipOne(bytes, rank, { ...ZIP_LIMITS, maxBytes: limits.maxBytes });
  if (unzipped.kind === "member") return unzipped.bytes;
  if (unzipped.kind === "none")
    throw new Refusal("unknown-format", "The ZIP archive has no .kml file, so it is no KMZ.");
  if (unzipped.kind === "bomb") throw new Refusal("hostile", unzipped.message);
  throw new Refusal("broken", unzipped.message, { cause: unzipped.cause });
}
