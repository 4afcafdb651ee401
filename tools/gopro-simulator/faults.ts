import { type Static, Type } from "typebox";

/** What can be switched wrong by `POST /simulator/faults`; absent properties stay as they are. */
export const FaultsSchema = Type.Object(
  {
    /** Every `/gopro` and `/videos` request fails with "Unknown error". */
    unknownError: Type.Boolean(),
    /** So many next downloads end in the middle, with status 200 and the full length promised. */
    truncateDownloads: Type.Integer({ minimum: 0, maximum: 1_000_000 }),
    /** Without a request for so many seconds the camera sleeps until `POST /simulator/wake`; null: never. */
    sleepAfterS: Type.Union([Type.Number({ minimum: 0 }), Type.Null()]),
    /** False: no satellite fix; pictures carry no GPS block. */
    gpsLock: Type.Boolean(),
    /** Range headers are ignored: always 200 with the whole file. */
    ignoreRange: Type.Boolean(),
    /** Pictures carry no time zone and, without a fix, no time in UTC either. */
    timeZoneUnset: Type.Boolean(),
  },
  { additionalProperties: false },
);

/** The switched faults; see {@link FaultsSchema}. */
export type Faults = Static<typeof FaultsSchema>;

/** A camera that works. */
export const NO_FAULTS: Faults = {
  unknownError: false,
  truncateDownloads: 0,
  sleepAfterS: null,
  gpsLock: true,
  ignoreRange: false,
  timeZoneUnset: false,
};
