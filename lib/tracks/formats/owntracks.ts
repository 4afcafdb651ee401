import { Type } from "typebox";
import { Compile } from "typebox/compile";
import type { Collector } from "./reading.ts";

const OptionalNumber = Type.Optional(Type.Number());
const Message = Compile(Type.Object({ _type: Type.String() }));
const Location = Compile(
  Type.Object({
    _type: Type.Literal("location"),
    lat: Type.Number(),
    lon: Type.Number(),
    tst: Type.Number(),
    alt: OptionalNumber,
    acc: OptionalNumber,
    vel: OptionalNumber,
    cog: OptionalNumber,
  }),
);
const Reply = Compile(Type.Object({ data: Type.Array(Type.Unknown()) }));

/** Whether a JSON value comes from OwnTracks: one message, an array of them, or an answer of the recorder (`{"data": […]}`). */
export function isOwnTracks(value: unknown): boolean {
  return messagesOf(value).some((message) => Message.Check(message));
}

/** Whether lines look like a `.rec` file of the recorder (`<instant> TAB <kind> TAB <JSON>`) or like JSON messages, one a line. */
export function isOwnTracksLines(text: string): boolean {
  const first = text
    .slice(0, 20_000)
    .split("\n")
    .find((line) => line.trim() !== "");
  return first !== undefined && Message.Check(jsonOf(first));
}

/** Reads messages of OwnTracks as one track; those of other types (cards, transitions, last wills) are no places. */
export function readOwnTracks(value: unknown, collector: Collector): void {
  collector.track("OwnTracks");
  for (const message of messagesOf(value)) readMessage(message, null, collector);
}

/** Reads lines; see {@link isOwnTracksLines}. */
export function readOwnTracksLines(text: string, collector: Collector): void {
  collector.track("OwnTracks");
  let line = 0;
  for (const part of linesOf(text)) {
    line++;
    if (part.trim() !== "") readMessage(jsonOf(part), line, collector);
  }
}

function readMessage(message: unknown, line: number | null, collector: Collector): void {
  if (Location.Check(message)) {
    const { lat, lon: lng, tst, alt, acc, vel, cog } = message;
    const speedMps = vel === undefined ? undefined : vel / 3.6;
    collector.place(
      { lat, lng, atMs: tst * 1_000, elevation: alt ?? null, accuracyM: acc, speedMps, headingDeg: cog },
      line,
    );
  } else if (!Message.Check(message) || message._type === "location")
    collector.badPlace("This is no location of OwnTracks (_type, lat, lon, tst as numbers).", line);
}

function messagesOf(value: unknown): readonly unknown[] {
  if (Reply.Check(value)) return value.data;
  return Array.isArray(value) ? value : [value];
}

function jsonOf(line: string): unknown {
  const start = line.indexOf("{");
  try {
    return start < 0 ? undefined : (JSON.parse(line.slice(start)) as unknown);
  } catch {
    return undefined;
  }
}

function* linesOf(text: string): Generator<string> {
  for (let start = 0; start <= text.length;) {
    const end = text.indexOf("\n", start);
    yield text.slice(start, end < 0 ? text.length : end);
    if (end < 0) return;
    start = end + 1;
  }
}
