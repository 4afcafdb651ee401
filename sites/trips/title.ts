import { formatTime, ZONE } from "./format.ts";

interface TitleFacts {
  readonly loaded: boolean;
  readonly failed: boolean;
  readonly live: boolean;
  readonly photos: number;
  /** Instant of the opened photo. */
  readonly openedAt: string | undefined;
}

/** The tab's title: what is open, or else how things stand. */
export function pageTitle({ loaded, failed, live, photos, openedAt }: TitleFacts): string {
  if (openedAt !== undefined) return `Photo of ${formatTime(openedAt, ZONE)} · Trips`;
  if (!loaded) return failed ? "Not loaded · Trips" : "Trips";
  const count = `${photos.toLocaleString("en")} ${photos === 1 ? "photo" : "photos"}`;
  return `${count}, ${live ? "live" : "not live"} · Trips`;
}
