import type { Place, Track, Waypoint } from "../track.ts";

/** The formats that {@link readTracks} knows, by what is in the file and not by its name. */
export type TrackFormat =
  "gpx" | "kml" | "kmz" | "geojson" | "fit" | "google-records" | "google-semantic" | "google-timeline" | "owntracks";

/** What a file may ask of us. */
export interface ReadLimits {
  /** Bytes of a file, of a KMZ also of what it unpacks to. */
  readonly maxBytes: number;
  readonly maxPlaces: number;
}

/** 256 MB and two million places. */
export const DEFAULT_LIMITS: ReadLimits = { maxBytes: 256 * 1024 * 1024, maxPlaces: 2_000_000 };

/** A part of a file that was left out. The line counts from 1; null where the format has no lines. */
export interface Fault {
  readonly line: number | null;
  readonly message: string;
}

/** What was found in a file that could be read, if only in parts. */
export interface TracksRead {
  readonly kind: "read";
  readonly format: TrackFormat;
  readonly tracks: readonly Track[];
  readonly waypoints: readonly Waypoint[];
  /** How many places were left out because they make no sense. */
  readonly badPlaces: number;
  /** The first of what was left out, in the order of the file. */
  readonly faults: readonly Fault[];
}

/** Why a file was not read at all. `hostile` is what no honest program writes: document types, bombs, endless nesting. */
export interface TracksRefused {
  readonly kind: "refused";
  readonly reason: "unknown-format" | "too-large" | "hostile" | "broken" | "empty";
  readonly message: string;
  readonly line: number | null;
}

/** The result of reading a file; see {@link TracksRead} and {@link TracksRefused}. */
export type TracksReading = TracksRead | TracksRefused;

/** Ends the reading of a file; readers throw it, and readTracks answers with it. */
export class Refusal extends Error {
  readonly reason: TracksRefused["reason"];
  readonly line: number | null;

  constructor(reason: TracksRefused["reason"], message: string, options?: { line?: number; cause?: unknown }) {
    super(message, { cause: options?.cause });
    this.reason = reason;
    this.line = options?.line ?? null;
  }
}

const KEPT_FAULTS = 20;

/** A place as a file spells it, before it was looked at. */
export interface RawPlace {
  readonly lat: number;
  readonly lng: number;
  readonly elevation?: number | null;
  readonly atMs?: number | null;
  readonly speedMps?: number | undefined;
  readonly headingDeg?: number | undefined;
  readonly accuracyM?: number | undefined;
  readonly dop?: number | undefined;
}

/** Collects what a reader finds: checks every place, counts what is left out, keeps the limits. */
export class Collector {
  readonly #maxPlaces: number;
  readonly #tracks: Track[] = [];
  readonly #waypoints: Waypoint[] = [];
  readonly #faults: Fault[] = [];
  #badPlaces = 0;
  #places = 0;
  #name: string | null = null;
  #segments: Place[][] = [];
  #segment: Place[] = [];

  constructor(limits: ReadLimits) {
    this.#maxPlaces = limits.maxPlaces;
  }

  /** Begins a track; the one before ends. */
  track(name: string | null): void {
    this.segment();
    if (this.#segments.length > 0) this.#tracks.push({ name: this.#name, segments: this.#segments });
    this.#segments = [];
    this.#name = name;
  }

  /** Names the track that has begun. */
  name(name: string): void {
    this.#name = name;
  }

  /** Begins a segment of the track; the one before ends. */
  segment(): void {
    if (this.#segment.length > 0) this.#segments.push(this.#segment);
    this.#segment = [];
  }

  /** Adds a place to the segment. */
  place(raw: RawPlace, line: number | null): void {
    const place = this.#checked(raw, line);
    if (place) this.#segment.push(place);
  }

  waypoint(raw: RawPlace, name: string | null, href: string | null, line: number | null): void {
    const place = this.#checked(raw, line);
    if (place) this.#waypoints.push({ ...place, name, href });
  }

  /** Tells of a part that was left out and is not a place. */
  fault(message: string, line: number | null): void {
    if (this.#faults.length < KEPT_FAULTS) this.#faults.push({ line, message });
  }

  /** Counts a place that could not even be taken apart. */
  badPlace(message: string, line: number | null): void {
    this.#badPlaces++;
    this.fault(message, line);
  }

  /** Ends the last track. */
  result(format: TrackFormat): TracksRead {
    this.track(null);
    return {
      kind: "read",
      format,
      tracks: this.#tracks,
      waypoints: this.#waypoints,
      badPlaces: this.#badPlaces,
      faults: this.#faults,
    };
  }

  #checked(raw: RawPlace, line: number | null): Place | undefined {
    if (!(Math.abs(raw.lat) <= 90 && Math.abs(raw.lng) <= 180)) {
      this.badPlace(`A place at latitude ${raw.lat}, longitude ${raw.lng} is not on Earth.`, line);
      return undefined;
    }
    const atMs = raw.atMs ?? null;
    if (Number.isNaN(atMs)) {
      this.badPlace("The time of a place is not an ISO 8601 instant such as 2026-05-01T12:00:00Z.", line);
      return undefined;
    }
    if (++this.#places > this.#maxPlaces)
      throw new Refusal("too-large", `The file has more than ${this.#maxPlaces} places; split it.`);
    const place: { -readonly [Key in keyof Place]: Place[Key] } = {
      lat: raw.lat,
      lng: raw.lng,
      elevation: finite(raw.elevation) ?? null,
      atMs,
    };
    const { speedMps, headingDeg, accuracyM, dop } = raw;
    if (isAmount(speedMps)) place.speedMps = speedMps;
    if (isAmount(headingDeg) && headingDeg <= 360) place.headingDeg = headingDeg % 360;
    if (isAmount(accuracyM)) place.accuracyM = accuracyM;
    if (isAmount(dop)) place.dop = dop;
    return place;
  }
}

const finite = (value: number | null | undefined) => (Number.isFinite(value) ? value : undefined);
const isAmount = (value: number | undefined): value is number => Number.isFinite(value) && value! >= 0;

const INSTANT = /^\s*(\d{4}-\d\d-\d\d)(?:[T ](\d\d:\d\d(?::\d\d)?)([.,]\d{1,12})?\s*(Z|[+-]\d\d(?::?\d\d)?)?)?\s*$/i;

/**
 * The instant of an ISO 8601 date and time in milliseconds since 1970, NaN when it is none.
 * Without a zone it is UTC, as GPX and KML have it; a date alone is its midnight.
 */
export function instantOf(text: string): number {
  const plain = Date.parse(text);
  if (!Number.isNaN(plain) && text.endsWith("Z")) return plain;
  const match = INSTANT.exec(text);
  if (!match) return NaN;
  const [, date, time = "00:00:00", fraction = "", zone = "Z"] = match;
  const offset = /^[+-]\d\d$/.test(zone) ? `${zone}:00` : zone.replace(/^([+-]\d\d)(\d\d)$/, "$1:$2").toUpperCase();
  return Date.parse(`${date}T${time.length === 5 ? `${time}:00` : time}${fraction.replace(",", ".")}${offset}`);
}
