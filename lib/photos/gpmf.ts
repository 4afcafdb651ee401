import { GoProTelemetry } from "gopro-telemetry";
import type { Instant } from "./instant.ts";
import { checkedPlace, definedMotion, type Motion, type Placing } from "./place.ts";

/** What the telemetry of a picture says: the best of its GPS samples. */
export interface Telemetry {
  readonly placing: Placing;
  readonly instant: Instant | null;
  readonly motion: Motion;
}

interface Sample {
  readonly value?: unknown;
  readonly date?: unknown;
  readonly fix?: unknown;
  readonly precision?: unknown;
}

const MARK = Buffer.from("GoPro\0", "latin1");
/** Dilution of precision from which a position is not to be trusted, by GoPro's own advice (GPSP below 500 is good). */
const POOR_DOP = 5;

/**
 * Reads the GPMF that GoPro writes into APP6 segments of its photos (streams GPS5 and GPS9); null when there is none that
 * can be read. Samples without a fix do not count; the one with the least dilution of precision does.
 */
export async function readTelemetry(app6: readonly Uint8Array[]): Promise<Telemetry | null> {
  const parts = app6.filter((body) => MARK.equals(body.subarray(0, MARK.length)));
  if (parts.length === 0) return null;
  const rawData = new Uint8Array(Buffer.concat(parts.map((body) => body.subarray(MARK.length))));
  try {
    const options = { stream: "GPS", repeatSticky: true, ellipsoid: true };
    const devices = (await GoProTelemetry({ rawData } as never, options as never)) as unknown as Record<
      string,
      unknown
    >;
    return bestOf(Object.values(devices).flatMap(samplesOf));
  } catch {
    return null;
  }
}

function samplesOf(device: unknown): Reading[] {
  const streams = (device as { streams?: Record<string, { samples?: Sample[] }> }).streams ?? {};
  const read = (name: string, reading: (sample: Sample, values: number[]) => Reading) =>
    (streams[name]?.samples ?? []).flatMap((sample) =>
      Array.isArray(sample.value) ? [reading(sample, sample.value.map(Number))] : [],
    );
  const gps9 = read("GPS9", (sample, values) => ({ ...common(sample, values), dop: values[7]!, fix: values[8]! }));
  const gps5 = read("GPS5", (sample, values) => ({
    ...common(sample, values),
    dop: Number(sample.precision ?? 9999) / 100,
    fix: Number(sample.fix ?? 0),
  }));
  return [...gps9, ...gps5];
}

interface Reading {
  readonly lat: number;
  readonly lng: number;
  readonly altitude: number;
  readonly speed: number;
  readonly at: Date;
  readonly dop: number;
  readonly fix: number;
}

function common({ date }: Sample, [lat, lng, altitude, speed]: number[]): Omit<Reading, "dop" | "fix"> {
  return { lat: lat!, lng: lng!, altitude: altitude!, speed: speed!, at: new Date(date as Date) };
}

function bestOf(readings: readonly Reading[]): Telemetry | null {
  const [best] = readings
    .filter(({ fix, lat, lng }) => fix >= 2 && Number.isFinite(lat) && Number.isFinite(lng))
    .sort((a, b) => a.dop - b.dop);
  if (!best) return readings.length === 0 ? null : { placing: "no-place", instant: null, motion: {} };
  const trusted = best.dop < POOR_DOP;
  const told = Number.isFinite(best.at.getTime());
  return {
    placing: trusted ? checkedPlace(best.lat, best.lng, best.fix === 3 ? best.altitude : null) : "no-place",
    instant: told ? { takenAt: best.at.toISOString(), timeSource: "gps" } : null,
    motion: definedMotion({ accuracyM: null, headingDeg: null, speedMps: best.speed, dop: best.dop }),
  };
}
