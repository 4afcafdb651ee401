/** A way: `840 m`, `12.3 km`, `1,204 km`. */
export function meters(value: number): string {
  if (value < 1_000) return `${Math.round(value)} m`;
  const km = value / 1_000;
  const digits = km < 100 ? 1 : 0;
  return `${km.toLocaleString("en", { maximumFractionDigits: digits, minimumFractionDigits: digits })} km`;
}

/** A time: `42 min`, `5 h 12 min`. */
export function duration(ms: number): string {
  const minutes = Math.round(ms / 60_000);
  return minutes < 60 ? `${minutes} min` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

/** A speed in km/h. */
export function speed(mps: number): string {
  return `${Math.round(mps * 3.6)} km/h`;
}

/** A day: `Friday, 1 May 2026`. */
export function day(date: string): string {
  const options = { weekday: "long", day: "numeric", month: "long", year: "numeric", timeZone: "UTC" } as const;
  return new Date(`${date}T12:00:00Z`).toLocaleDateString("en-GB", options);
}

/** A clock time at an offset from UTC: `14:03`. */
export function clock(instant: string, offsetMinutes: number): string {
  return new Date(Date.parse(instant) + offsetMinutes * 60_000).toISOString().slice(11, 16);
}

/** Text for HTML content and attributes. */
export function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
