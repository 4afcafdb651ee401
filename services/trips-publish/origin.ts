import { readFile } from "node:fs/promises";
import path from "node:path";
import { readMetadata } from "#lib/photos/metadata.ts";
import { checkedPlace, type Place } from "#lib/photos/place.ts";
import type { Origin } from "#lib/photos/prepare.ts";
import type { Locate } from "#lib/photos/verdict.ts";
import { readTracks } from "#lib/tracks/formats/read.ts";
import { type CameraPhoto, type ClockOffset, solveClockOffset } from "#lib/tracks/geotag/clock-offset.ts";
import { placeAt } from "#lib/tracks/geotag/place-at.ts";
import { type TimedPlace, timedPlaces } from "#lib/tracks/track.ts";
import type { PhotoOptions } from "./command.ts";
import { openElevation } from "./elevation.ts";

/** Thrown when what was told of photos cannot be used: a track that cannot be read, a clock that cannot be found. */
export class OptionsError extends Error {
  override readonly name = "OptionsError";
}

/** Makes what is known of each file from the options of its import. */
export interface Origins {
  originOf(file: { readonly path: string }): Origin;
  /** What the clock's offset was found to be, in words; null when it was told. */
  readonly found: string | null;
}

const SAMPLE = 300;

/**
 * Prepares the options of an import: reads tracks, finds the clock's offset from `files` where that is asked for, and opens
 * elevation tiles.
 *
 * @throws OptionsError
 */
export async function openOrigins(
  options: PhotoOptions,
  files: readonly string[],
  source: Origin["source"],
  mostBytes: number,
): Promise<Origins> {
  const places = await readPlaces(options.tracks);
  const solved = options.offset === "auto" ? await solve(places, files) : null;
  const offsetMs = solved ? solved.offsetMs : Number(options.offset) * 1_000;
  const elevate = options.elevation.length > 0 ? openElevation(options.elevation) : null;
  const zone = options.zone ?? (places.length > 0 ? "+00:00" : null);
  const shared = {
    camera: options.camera,
    source,
    tags: options.tags,
    mostBytes,
    ...(options.trip === null ? {} : { trip: options.trip }),
    ...(zone === null ? {} : { zone }),
    ...(places.length > 0 ? { locate: locateOn(places, offsetMs) } : {}),
    ...(elevate ? { elevate: async (place: Place) => (await elevate([place]))[0] ?? null } : {}),
  };
  return {
    originOf: ({ path: file }) => ({ ...shared, name: path.basename(file) }),
    found: solved ? inWords(solved) : null,
  };
}

/** Places a picture on a track; `offsetMs` is added to its time first. */
export function locateOn(places: readonly TimedPlace[], offsetMs: number): Locate {
  return (takenAt) => {
    const atMs = Date.parse(takenAt) + offsetMs;
    const found = placeAt(places, atMs);
    if (found.kind !== "placed") return null;
    const { lat, lng, elevation, accuracyM } = found.place;
    const place = checkedPlace(lat, lng, elevation);
    if (typeof place === "string") return null;
    return { takenAt: new Date(atMs).toISOString(), place, motion: accuracyM === undefined ? {} : { accuracyM } };
  };
}

async function readPlaces(files: readonly string[]): Promise<TimedPlace[]> {
  const tracks = [];
  for (const file of files) {
    const bytes = await readFile(file).catch((cause: Error) => {
      throw new OptionsError(`The track ${file} could not be read (${cause.message}).`, { cause });
    });
    const read = await readTracks(bytes);
    if (read.kind === "refused") throw new OptionsError(`The track ${file} was refused: ${read.message}`);
    tracks.push(...read.tracks);
  }
  const places = timedPlaces(tracks);
  if (files.length > 0 && places.length === 0)
    throw new OptionsError(
      `There is no place with a time in ${files.join(", ")}; expected a recorded track, not a planned route.`,
    );
  return places;
}

async function solve(
  places: readonly TimedPlace[],
  files: readonly string[],
): Promise<ClockOffset & { kind: "solved" }> {
  const step = Math.max(1, files.length / SAMPLE);
  const photos: CameraPhoto[] = [];
  for (let at = 0; at < files.length; at += step) {
    const photo = await cameraPhoto(files[Math.floor(at)]!);
    if (photo) photos.push(photo);
  }
  const offset = solveClockOffset(photos, places);
  if (offset.kind === "solved") return offset;
  const near = offset.candidates.slice(0, 3).map(({ offsetMs }) => `${Math.round(offsetMs / 1_000)} s`);
  throw new OptionsError(
    `The offset of the camera's clock could not be found from ${photos.length} photos (${offset.reason}${near.length > 0 ? `; it might be ${near.join(" or ")}` : ""}); tell it with --offset <seconds>.`,
  );
}

async function cameraPhoto(file: string): Promise<CameraPhoto | null> {
  try {
    const metadata = await readMetadata(await readFile(file), { zone: "+00:00" });
    if (!metadata?.instant) return null;
    const cameraMs = Date.parse(metadata.instant.takenAt);
    return { cameraMs, ...(typeof metadata.placing === "string" ? {} : { position: metadata.placing }) };
  } catch {
    return null;
  }
}

function inWords({ offsetMs, plusMinusMs, agreeing, confidence }: ClockOffset & { kind: "solved" }): string {
  const seconds = (ms: number) => `${Math.round(ms / 100) / 10} s`;
  return `The camera's clock is off by ${seconds(offsetMs)} ± ${seconds(plusMinusMs)} (${agreeing} photos agree, confidence ${confidence.toFixed(2)}).`;
}
