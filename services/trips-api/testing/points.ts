import { createHash } from "node:crypto";
import type { Photo } from "#lib/schemas/trips/v1/photo.ts";

/** A drive through Scotland as events: one photo every 30 s, always the same for the same number. */
export function photoOf(number: number): Photo {
  const sha256 = createHash("sha256").update(String(number)).digest("hex");
  const id = `${sha256.slice(0, 8)}-${sha256.slice(8, 12)}-5${sha256.slice(13, 16)}-8${sha256.slice(17, 20)}-${sha256.slice(20, 32)}`;
  const round = (value: number) => Math.round(value * 1e5) / 1e5;
  return {
    id,
    takenAt: new Date(Date.UTC(2020, 4, 1) + number * 30_000).toISOString(),
    lat: round(57 + Math.sin(number / 9_000) + Math.sin(number / 40) / 300),
    lng: round(-4.5 + Math.cos(number / 7_000) + Math.cos(number / 50) / 300),
    elevation: Math.round(200 + 150 * Math.sin(number / 300)),
    image: {
      key: `photos/${id.slice(0, 2)}/${id}.jpg`,
      width: 5_568,
      height: 4_872,
      bytes: 6_000_000 + (number % 999_983),
      type: "image/jpeg",
      sha256,
    },
    camera: "hero11",
    tags: ["car"],
    exposure: { iso: 100, shutter: 0.001, aperture: 2.5, focalLength35mm: 15, ev: 12.6 },
    source: "camera",
    name: `GOPR${String(number % 10_000).padStart(4, "0")}.JPG`,
    elevationSource: "gps",
    timeSource: "gps",
    speedMps: 20 + (number % 10),
    dop: 1.2,
  };
}
