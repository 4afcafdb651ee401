import FitParser from "fit-file-parser";
import { Type } from "typebox";
import { Compile } from "typebox/compile";
import { type Collector, Refusal } from "./reading.ts";

const OptionalNumber = Type.Optional(Type.Number());
const Fix = Compile(
  Type.Object({
    position_lat: Type.Number(),
    position_long: Type.Number(),
    altitude: OptionalNumber,
    enhanced_altitude: OptionalNumber,
    speed: OptionalNumber,
    enhanced_speed: OptionalNumber,
    gps_accuracy: OptionalNumber,
    heading: OptionalNumber,
  }),
);

/** The FIT file of more than this would need gigabytes to be taken apart; a day of records a second has 5 MB. */
const MAX_BYTES = 64 * 1024 * 1024;

/** Whether bytes start with the header of a FIT file. */
export function isFit(bytes: Uint8Array): boolean {
  return (bytes[0] === 12 || bytes[0] === 14) && Buffer.from(bytes.subarray(8, 12)).toString("latin1") === ".FIT";
}

/** Reads the `record` messages of a FIT file that have a position; sessions and laps are left alone. */
export async function readFit(bytes: Uint8Array, collector: Collector): Promise<void> {
  if (bytes.length > MAX_BYTES)
    throw new Refusal("too-large", `A FIT file of ${bytes.length} bytes is more than the ${MAX_BYTES} that are read.`);
  const records = await recordsOf(bytes);
  collector.track(null);
  for (const record of records) {
    if (!Fix.Check(record)) continue;
    const at: unknown = "timestamp" in record ? record.timestamp : null;
    collector.place(
      {
        lat: record.position_lat,
        lng: record.position_long,
        elevation: record.enhanced_altitude ?? record.altitude ?? null,
        atMs: at instanceof Date ? at.getTime() : null,
        speedMps: record.enhanced_speed ?? record.speed,
        accuracyM: record.gps_accuracy,
        headingDeg: record.heading,
      },
      null,
    );
  }
}

async function recordsOf(bytes: Uint8Array): Promise<readonly unknown[]> {
  const parser = new FitParser({
    force: true,
    mode: "list",
    lengthUnit: "m",
    speedUnit: "m/s",
    elapsedRecordField: false,
  });
  try {
    const { records } = await parser.parseAsync(Buffer.from(bytes));
    return records ?? [];
  } catch (cause) {
    throw new Refusal(
      "broken",
      `The FIT file cannot be read: ${cause instanceof Error ? cause.message : String(cause)}.`,
      { cause },
    );
  }
}
