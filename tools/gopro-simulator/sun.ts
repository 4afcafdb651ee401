import type { LatLng } from "#lib/geo/geo.ts";

/** Where the sun stands: degrees above the horizon, and degrees clockwise from north. */
export interface SunPosition {
  readonly elevation: number;
  readonly azimuth: number;
}

/**
 * The sun over a place, to about a degree: declination from the day of the year (Cooper's equation)
 * and the hour angle from solar time without the equation of time. Enough to light a picture.
 */
export function sunPosition(place: LatLng, at: Date): SunPosition {
  const rad = Math.PI / 180;
  const dayOfYear = (at.getTime() - Date.UTC(at.getUTCFullYear(), 0, 1)) / 86_400_000 + 1;
  const declination = 23.45 * rad * Math.sin((2 * Math.PI * (284 + dayOfYear)) / 365);
  const solarHours = at.getUTCHours() + at.getUTCMinutes() / 60 + at.getUTCSeconds() / 3600 + place.lng / 15;
  const hourAngle = (solarHours - 12) * 15 * rad;
  const lat = place.lat * rad;
  const sine = Math.sin(lat) * Math.sin(declination) + Math.cos(lat) * Math.cos(declination) * Math.cos(hourAngle);
  const azimuth = Math.atan2(
    Math.sin(hourAngle),
    Math.cos(hourAngle) * Math.sin(lat) - Math.tan(declination) * Math.cos(lat),
  );
  return { elevation: Math.asin(sine) / rad, azimuth: (azimuth / rad + 540) % 360 };
}
