import { type Static, Type } from "typebox";
import Value from "typebox/value";

const times = () => Type.Integer({ minimum: 0, maximum: 1_000_000 });
const secondsOrNever = () => Type.Union([Type.Number({ minimum: 0 }), Type.Null()]);

/** What can be switched wrong by `POST /simulator/faults` or `SIM_FAULTS`; absent properties stay as they are. */
export const FaultsSchema = Type.Object(
  {
    /** Every `/gopro` and `/videos` request fails with "Unknown error". */
    unknownError: Type.Boolean(),
    /** So long after power-on "Unknown error" begins by itself; null: never. In one case of five it ends by itself. */
    unknownErrorAfterS: secondsOrNever(),
    /** How long it lasts when it ends by itself; else until `POST /simulator/power`. */
    unknownErrorForS: Type.Number({ minimum: 0 }),
    /** No connection: sockets are closed without an answer. */
    unreachable: Type.Boolean(),
    /** So many next downloads lose the connection in the middle, with status 200 and the full length promised. */
    truncateDownloads: times(),
    /** So many next downloads end early in good order, with status 200. */
    shortDownloads: times(),
    /** The chance of each request to fail in one of these ways: no answer, 500, broken off, ended early. */
    chaos: Type.Number({ minimum: 0, maximum: 0.9 }),
    /** Without a request for so many seconds the camera sleeps until `POST /simulator/wake`; null: never. */
    sleepAfterS: secondsOrNever(),
    /** While the camera is busy or encoding, commands are refused. */
    strictBusy: Type.Boolean(),
    /** Range headers are ignored: always 200 with the whole file. */
    ignoreRange: Type.Boolean(),
    /** `media/last_captured` says 204, whatever is on the card. */
    noLastCaptured: Type.Boolean(),
    storage: Type.Union([
      Type.Literal("ok"),
      Type.Literal("full"),
      Type.Literal("removed"),
      Type.Literal("format error"),
    ]),
    /** Free space on the card in KiB (status 54). */
    freeKb: Type.Integer({ minimum: 0 }),
    overheated: Type.Boolean(),
    batteryPercent: Type.Integer({ minimum: 0, maximum: 100 }),
    /** False: no satellite fix; pictures carry no GPS block. */
    gpsLock: Type.Boolean(),
    /** Pictures say that they were taken at 0, 0. */
    zeroPlace: Type.Boolean(),
    /** The clock of the pictures is so many seconds wrong, whatever it is set to. */
    clockOffsetS: Type.Integer({ minimum: -2_000_000_000, maximum: 2_000_000_000 }),
    /** Pictures carry no time zone and, without a fix, no time in UTC either. */
    timeZoneUnset: Type.Boolean(),
    /** Pictures carry no EXIF at all. */
    noExif: Type.Boolean(),
    /** Pictures are written to the card without their last third. */
    cutPictures: Type.Boolean(),
    /** A press takes so many pictures; more than one become a group. */
    burst: Type.Integer({ minimum: 1, maximum: 30 }),
  },
  { additionalProperties: false },
);

/** The switched faults; see {@link FaultsSchema}. */
export type Faults = Static<typeof FaultsSchema>;

/** A camera that works. */
export const NO_FAULTS: Faults = {
  unknownError: false,
  unknownErrorAfterS: null,
  unknownErrorForS: 60,
  unreachable: false,
  truncateDownloads: 0,
  shortDownloads: 0,
  chaos: 0,
  sleepAfterS: null,
  strictBusy: false,
  ignoreRange: false,
  noLastCaptured: false,
  storage: "ok",
  freeKb: 61_234_567,
  overheated: false,
  batteryPercent: 87,
  gpsLock: true,
  zeroPlace: false,
  clockOffsetS: 0,
  timeZoneUnset: false,
  noExif: false,
  cutPictures: false,
  burst: 1,
};

const Switched = Type.Partial(FaultsSchema, { additionalProperties: false });

/**
 * Reads the text of `SIM_FAULTS`.
 * @throws when it is not JSON or names something else than faults.
 */
export function parseFaults(text: string): Partial<Faults> {
  const value: unknown = JSON.parse(text);
  if (Value.Check(Switched, value)) return value;
  const [problem] = Value.Errors(Switched, value);
  throw new Error(
    `SIM_FAULTS ${problem?.instancePath} ${problem?.message}; expected what POST /simulator/faults takes.`,
  );
}
