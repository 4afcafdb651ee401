import FitParser from "fit-file-parser";
import { Type } from "typebox";
import { Compile } from "typebox/compile";
import { fitFilesOf } from "./fit-frame.ts";
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

/** Reads the `record` messages of a FIT file that have a position; what was recorded in several files that stand behind each other is several tracks; sessions and laps are left alone. */
export async function readFit(bytes: Uint8Array, collector: Collector): Promise<void> {
  for (const file of fitFilesOf(bytes)) {
    if (file.fault !== null) collector.fault(file.fault, null);
    collector.track(null);
    for (const record of await recordsOf(file.bytes)) readRecord(record, collector);
  }
}

function readRecord(record: unknown, collector: Collector): void {
  if (!Fix.Check(record)) return;
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

async function recordsOf(bytes: Buffer<ArrayBuffer>): Promise<readonly unknown[]> {
  const parser = new FitParser({
    force: true,
    mode: "list",
    lengthUnit: "m",
    speedUnit: "m/s",
    elapsedRecordField: false,
  });
  try {
    const { records } = await parser.parseAsync(bytes);
    return records ?? [];
  } catch (cause) {
    throw new Refusal(
      "broken",
      `The FIT file cannot be read: ${cause instanceof Error ? cause.message : String(cause)}.`,
      { cause },
    );
  }
}
