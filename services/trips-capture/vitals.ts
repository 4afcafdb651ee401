import { Type } from "typebox";
import Value from "typebox/value";

const Field = Type.Optional(Type.Number());
const StateReply = Type.Object({
  status: Type.Object({
    "6": Field,
    "8": Field,
    "10": Field,
    "33": Field,
    "34": Field,
    "38": Field,
    "54": Field,
    "68": Field,
    "70": Field,
    "82": Field,
  }),
  settings: Type.Optional(Type.Record(Type.String(), Type.Unknown())),
});

/** How a camera is. Numbers are null where it says nothing. */
export interface Vitals {
  /** Neither busy (status 8) nor encoding (10). */
  readonly idle: boolean;
  readonly overheated: boolean;
  readonly storage: "ok" | "full" | "removed" | "format error" | "busy" | "swapped" | "unknown";
  readonly photosLeft: number | null;
  readonly photos: number | null;
  /** Free space on the card, in KiB. */
  readonly freeKb: number | null;
  readonly gpsLock: boolean | null;
  readonly batteryPercent: number | null;
  /** Setting 125, or null: 0 standard, 1 RAW. */
  readonly output: number | null;
}

const STORAGE: Readonly<Record<number, Vitals["storage"]>> = {
  0: "ok",
  1: "full",
  2: "removed",
  3: "format error",
  4: "busy",
  8: "swapped",
};

/** Reads the answer of `/gopro/camera/state` (Open GoPro 2.0); null when it has another shape. */
export function vitalsOf(answer: unknown): Vitals | null {
  if (!Value.Check(StateReply, answer)) return null;
  const { status, settings } = answer;
  const output = settings?.["125"];
  return {
    idle: status["8"] === 0 && status["10"] === 0,
    overheated: status["6"] === 1,
    storage: STORAGE[status["33"] ?? -1] ?? "unknown",
    photosLeft: status["34"] ?? null,
    photos: status["38"] ?? null,
    freeKb: status["54"] ?? null,
    gpsLock: status["68"] === undefined ? null : status["68"] === 1,
    batteryPercent: status["70"] ?? null,
    output: typeof output === "number" ? output : null,
  };
}

/** From where on the owner hears of it. */
export interface VitalLimits {
  /** Whether pictures are to be taken in RAW. */
  readonly raw: boolean;
  /** Below so much free space on the card, in KiB, RAW falls back to JPG. */
  readonly rawMinFreeKb: number;
  readonly batteryWarnPercent: number;
}

/** What follows from how the camera is. */
export interface Verdict {
  /** Why no picture is to be taken, or null. */
  readonly holdCapture: string | null;
  /** Setting 125 as it should be: 0 standard, 1 RAW. */
  readonly output: 0 | 1;
  /** Sentences for the owner. */
  readonly warnings: readonly string[];
}

/** RAW returns when the card has a tenth more than the limit, so that it does not flutter. */
const RAW_RETURN = 1.1;

/** Decides what to do about a camera's state. `output` is the one in force. */
export function judge(vitals: Vitals, output: number | null, limits: VitalLimits): Verdict {
  const { overheated, storage, freeKb, photosLeft, batteryPercent, gpsLock } = vitals;
  const held = overheated
    ? "the camera is overheated; capture goes on when it has cooled down"
    : storage === "full" || photosLeft === 0
      ? "the card is full; delete pictures, or set DELETE_AFTER_UPLOAD=true"
      : storage === "removed"
        ? "there is no card in the camera"
        : storage === "format error"
          ? "the camera cannot read its card; format it"
          : null;
  const enough = limits.rawMinFreeKb * (output === 1 ? 1 : RAW_RETURN);
  const raw = limits.raw && (freeKb === null || freeKb >= enough);
  const warnings = [
    held,
    limits.raw && !raw ? `RAW is off while the card has ${Math.round((freeKb ?? 0) / 1024)} MB free` : null,
    batteryPercent !== null && batteryPercent < limits.batteryWarnPercent
      ? `the battery is at ${batteryPercent} %`
      : null,
    gpsLock === false ? "no satellites: pictures carry no place" : null,
  ];
  return { holdCapture: held, output: raw ? 1 : 0, warnings: warnings.filter((warning) => warning !== null) };
}
