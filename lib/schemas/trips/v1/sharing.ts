import { type Static, Type } from "typebox";
import { InstantSchema } from "./photo.ts";
import { TOKEN_PATTERN } from "./stream.ts";

/** A circle in which nobody is shown anything. */
export const ZoneSchema = Type.Object({
  lat: Type.Number({ minimum: -90, maximum: 90 }),
  lng: Type.Number({ minimum: -180, maximum: 180 }),
  radiusM: Type.Number({ minimum: 1, maximum: 100_000, description: "metres" }),
});

/** A privacy zone; see {@link ZoneSchema}. */
export type Zone = Static<typeof ZoneSchema>;

/** Privacy zones, at most so many that every read can look at each. */
export const ZonesSchema = Type.Array(ZoneSchema, { maxItems: 32 });

/** How long after it was taken a point is shown, in seconds; a week at most. */
export const DelaySchema = Type.Integer({ minimum: 0, maximum: 604_800, description: "seconds" });

/**
 * The event `trips.v1.share.<id>`: a link that shows part of the history to whoever has its token. The last one of an
 * id counts. Only the SHA-256 of the token is ever stored. Null for `trip`, `from` or `to` sets no limit.
 */
export const ShareSchema = Type.Object({
  id: Type.String({ pattern: TOKEN_PATTERN }),
  tokenSha256: Type.String({ pattern: "^[0-9a-f]{64}$" }),
  trip: Type.Union([Type.String({ pattern: TOKEN_PATTERN }), Type.Null()]),
  from: Type.Union([InstantSchema, Type.Null()]),
  to: Type.Union([InstantSchema, Type.Null()]),
  expiresAt: InstantSchema,
  delayS: DelaySchema,
  zones: ZonesSchema,
  revoked: Type.Optional(Type.Boolean()),
});

/** A share event; see {@link ShareSchema}. */
export type Share = Static<typeof ShareSchema>;

/** All shares, as a subject prefix. */
export const SHARE_SUBJECT_PREFIX = "trips.v1.share.";

/** The subject that a share is published to. */
export function shareSubject(share: Pick<Share, "id">): string {
  return `${SHARE_SUBJECT_PREFIX}${share.id}`;
}

/** The event `trips.v1.settings.main`: what the owner hides from everybody who comes without an API key. The last counts. */
export const SettingsSchema = Type.Object({ zones: ZonesSchema, delayS: DelaySchema });

/** The settings of the owner; see {@link SettingsSchema}. */
export type Settings = Static<typeof SettingsSchema>;

/** The subject of the settings. */
export const SETTINGS_SUBJECT = "trips.v1.settings.main";
