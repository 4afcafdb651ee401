import { createWriteStream } from "node:fs";
import { rename, rm } from "node:fs/promises";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import type { TSchema, Static } from "typebox";
import Value from "typebox/value";
import { ErrorReplySchema, PointsReplySchema } from "#lib/schemas/trips/v1/api.ts";
import type { Point } from "#lib/schemas/trips/v1/point.ts";
import { TripReplySchema } from "#lib/schemas/trips/v1/summary.ts";
import type { ExportCommand } from "./command.ts";
import { EXIT } from "./help.ts";
import { pageOf } from "./page/document.ts";
import type { Streams } from "./report.ts";
import { thumbnail } from "./thumbnail.ts";

const AT_ONCE = 4;

/** Writes a trip to a file or to standard output, by what trips-api at `api` answers. Returns the exit status. */
export async function exportTrip(
  command: ExportCommand,
  api: string,
  streams: Streams,
  signal: AbortSignal,
): Promise<number> {
  const base = api.replace(/\/+$/, "");
  const { trip, format, out } = command;
  const text =
    format === "html"
      ? Readable.from([await htmlOf(base, trip, streams, signal)])
      : Readable.fromWeb((await ask(`${base}/api/trips/${trip}/export.${format}`, signal)).body as never);
  if (out === null) {
    await pipeline(text, streams.out, { end: false });
    return EXIT.done;
  }
  const unfinished = `${out}.part`;
  try {
    await pipeline(text, createWriteStream(unfinished));
    await rename(unfinished, out);
  } catch (cause) {
    await rm(unfinished, { force: true });
    throw new Error(`${out} could not be written: ${(cause as Error).message}`, { cause });
  }
  return EXIT.done;
}

async function htmlOf(base: string, trip: string, { err }: Streams, signal: AbortSignal): Promise<string> {
  const reply = await askJson(`${base}/api/trips/${trip}`, TripReplySchema, signal);
  const { points } = await askJson(`${base}/api/points?trip=${trip}`, PointsReplySchema, signal);
  const photos = points.filter(({ image }) => image !== null);
  const pictures = new Map<string, string>();
  let done = 0;
  const waiting = photos.values();
  const work = async () => {
    for (const photo of waiting) {
      const picture = await pictureOf(base, photo, signal).catch(
        (error: Error) => void err.write(`left out  ${photo.id}: ${error.message}\n`),
      );
      if (picture) pictures.set(photo.id, picture);
      if (++done % 25 === 0) err.write(`${done} of ${photos.length} photos\n`);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  signal.throwIfAborted();
  return pageOf({ reply, points, pictures });
}

async function pictureOf(base: string, { image }: Point, signal: AbortSignal): Promise<string> {
  const key = image?.preview?.key ?? image?.key;
  const response = await ask(`${base}/api/images/${key}`, signal);
  return thumbnail(new Uint8Array(await response.arrayBuffer()));
}

async function askJson<Schema extends TSchema>(
  url: string,
  schema: Schema,
  signal: AbortSignal,
): Promise<Static<Schema>> {
  const body: unknown = await (await ask(url, signal)).json();
  if (Value.Check(schema, body)) return body as Static<Schema>;
  const [problem] = Value.Errors(schema, body);
  throw new Error(`${url} answered something else than was expected: ${problem?.instancePath} ${problem?.message}.`);
}

async function ask(url: string, signal: AbortSignal): Promise<Response> {
  let response: Response;
  try {
    response = await fetch(url, { signal });
  } catch (cause) {
    throw new Error(`${url} got no answer; expected trips-api there. Check TRIPS_API_URL and that it runs.`, { cause });
  }
  if (response.ok) return response;
  const body: unknown = await response.json().catch(() => null);
  const reason = Value.Check(ErrorReplySchema, body)
    ? (body as Static<typeof ErrorReplySchema>).error.message
    : response.statusText;
  throw new Error(`${url} was refused with ${response.status}: ${reason}`);
}
