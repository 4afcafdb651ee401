import zoneAt from "@photostructure/tz-lookup";

/** A day as the clocks of a place show it. Milliseconds since 1970. */
export interface LocalDay {
  readonly date: string;
  /** IANA name. */
  readonly zone: string;
  readonly offsetMinutes: number;
  /** When the next day begins there. */
  readonly endsAt: number;
}

const DAY_MS = 86_400_000;
const formats = new Map<string, Intl.DateTimeFormat>();

/** The local day of an instant at a place; in nobody's waters that of the nautical zone. */
export function localDayOf(time: number, lat: number, lng: number): LocalDay {
  const zone = zoneAt(lat, lng);
  const offset = offsetOf(zone, time);
  const ends = (Math.floor((time + offset) / DAY_MS) + 1) * DAY_MS;
  return {
    zone,
    date: new Date(time + offset).toISOString().slice(0, 10),
    offsetMinutes: Math.round(offset / 60_000),
    endsAt: ends - offsetOf(zone, ends - offset),
  };
}

/** How far the clocks of a zone are ahead of UTC at an instant, in milliseconds. */
function offsetOf(zone: string, time: number): number {
  let format = formats.get(zone);
  if (!format) {
    const numeric = "numeric";
    format = new Intl.DateTimeFormat("en-US", {
      ...{ timeZone: zone, hourCycle: "h23", calendar: "gregory", era: "short" },
      ...{ year: numeric, month: numeric, day: numeric, hour: numeric, minute: numeric, second: numeric },
    });
    formats.set(zone, format);
  }
  const parts = Object.fromEntries(format.formatToParts(time).map(({ type, value }) => [type, Number(value)]));
  const shown = Date.UTC(
    parts["year"]!,
    parts["month"]! - 1,
    parts["day"],
    parts["hour"],
    parts["minute"],
    parts["second"],
  );
  return shown - Math.floor(time / 1_000) * 1_000;
}
