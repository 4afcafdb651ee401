import Value from "typebox/value";
import { ClientMessageSchema } from "#lib/schemas/trips/v1/live.ts";
import type { Entry } from "./log.ts";
import { pointText } from "./points.ts";
import type { Reader } from "./reader.ts";

/** A change as the socket tells it, in JSON. The settings are not told. */
export function written(reader: Reader, entry: Entry): string {
  if (entry.kind === "point") {
    return `{"type":"point","seq":${entry.seq},"point":${pointText(reader, entry.row)}}`;
  }
  if (entry.kind === "deletion") return JSON.stringify({ type: "deletion", seq: entry.seq, id: entry.id });
  if (entry.kind === "trip") return JSON.stringify({ type: "trip", seq: entry.seq, trip: entry.trip });
  throw new Error(`The event ${entry.seq} says nothing to viewers.`);
}

/** Whether a client says the one thing that it may say. */
export function isPing(text: string): boolean {
  try {
    return Value.Check(ClientMessageSchema, JSON.parse(text));
  } catch {
    return false;
  }
}
