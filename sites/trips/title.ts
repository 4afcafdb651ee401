import { useEffect } from "react";
import { formatTime, ZONE } from "./format.ts";

interface TitleFacts {
  readonly loaded: boolean;
  readonly failed: boolean;
  readonly live: boolean;
  readonly photos: number;
  /** Instant of the opened photo. */
  readonly openedAt: string | undefined;
  /** Title of the trip; undefined while there is none. */
  readonly trip: string | undefined;
  /** The event up to which history is shown; null for now. */
  readonly seq: number | null;
}

/** The tab's title: what is open, or else how things stand. */
export function pageTitle({ loaded, failed, live, photos, openedAt, trip, seq }: TitleFacts): string {
  if (openedAt !== undefined) return `Photo of ${formatTime(openedAt, ZONE)} · Trips`;
  if (!loaded) return failed ? "Not loaded · Trips" : "Trips";
  const count = `${photos.toLocaleString("en")} ${photos === 1 ? "photo" : "photos"}`;
  const state = seq !== null ? `as of event ${seq}` : live ? "live" : "not live";
  return [`${count}, ${state}`, trip, "Trips"].filter((part) => part !== undefined).join(" · ");
}

/** Keeps the tab's title. */
export function useTitle(facts: TitleFacts): void {
  const title = pageTitle(facts);
  useEffect(() => {
    document.title = title;
  }, [title]);
}
