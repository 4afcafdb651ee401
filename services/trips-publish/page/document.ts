import { createHash } from "node:crypto";
import type { Point } from "#lib/schemas/trips/v1/point.ts";
import type { Day, TripReply } from "#lib/schemas/trips/v1/summary.ts";
import { dayColour } from "./colours.ts";
import { layOut, type Layout, type Spot } from "./journey.ts";
import { mapSvg } from "./map.ts";
import { profileSvg, samplesOf } from "./profile.ts";
import { STYLE } from "./style.ts";
import { viewer, type ViewerData } from "./viewer.ts";
import { clock, day as dayInWords, duration, escapeHtml, meters, speed } from "./words.ts";

/** What a page shows. `pictures` holds data URIs by point id; a photo without one is told as missing. */
export interface PageInput {
  readonly reply: TripReply;
  /** Sorted by time, noise left out. */
  readonly points: readonly Point[];
  readonly pictures: ReadonlyMap<string, string>;
}

/** A bundler that keeps the names of functions calls this in what it hands over as source. */
const KEEPS_NAMES = "const __name=(named)=>named;";

/**
 * Writes a trip as one HTML file that opens without a server and without a network: its policy forbids to load anything.
 * Map, days, profile and photos are there without scripts; the script moves the map and shows photos large.
 */
export function pageOf({ reply, points, pictures }: PageInput): string {
  const { trip, days } = reply;
  const layout = layOut(points, days);
  const photos = layout.spots.filter(({ point }) => point.image !== null);
  const captions = photos.map(({ point, day }) => captionOf(point, days[day]));
  const samples = samplesOf(layout.spots);
  const data: ViewerData = {
    samples: samples.map(({ along, elevation, day, x, y }) => [
      round(along, 0),
      round(elevation, 1),
      day,
      round(x, 2),
      round(y, 2),
    ]),
    photos: photos.map(({ x, y, day }, index) => [round(x, 2), round(y, 2), day, captions[index]!]),
    days: days.map((_, index) => boxOf(layout.spots.filter(({ day }) => day === index))),
    width: layout.width,
    height: layout.height,
  };
  const script = `${KEEPS_NAMES}(${viewer})(${JSON.stringify(data).replaceAll("<", "\\u003c")})`;
  const title = escapeHtml(trip.title);
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; img-src data:; style-src 'unsafe-inline'; script-src 'sha256-${createHash("sha256").update(script).digest("base64")}'">
<meta name="referrer" content="no-referrer">
<title>${title}</title>
<style>${STYLE}</style>
</head>
<body>
<main>
<header><h1>${title}</h1><p class="quiet">${whenOf(days)}</p>${figuresOf(reply, photos.length)}</header>
${mapSection(layout, photos, captions)}
${profileSection(profileSvg(samples))}
${daysSection(days)}
${photosSection(days, photos, captions, pictures)}
</main>
<dialog aria-label="Photo"><figure><img alt=""><figcaption></figcaption></figure><nav><button id="before" >Before</button><button id="close">Close</button><button id="behind" >Next</button></nav></dialog>
<script>${script}</script>
</body>
</html>
`;
}

function figuresOf({ trip: { stats }, days }: TripReply, photos: number): string {
  const entries: [string, string][] = [
    ["Distance", meters(stats.meters)],
    ["Moving", duration(stats.movingMs)],
    ["Stopped", duration(stats.stoppedMs)],
    ["Days", String(days.length)],
    ["Photos", String(photos)],
  ];
  if (stats.ascentM !== null) entries.push(["Ascent", meters(stats.ascentM)]);
  if (stats.maxElevation !== null) entries.push(["Highest", `${Math.round(stats.maxElevation)} m`]);
  if (stats.avgMovingSpeedMps !== null) entries.push(["Moving speed", speed(stats.avgMovingSpeedMps)]);
  return `<dl>${entries.map(([name, value]) => `<div><dt>${name}</dt><dd>${value}</dd></div>`).join("")}</dl>`;
}

function mapSection(layout: Layout, photos: readonly Spot[], captions: readonly string[]): string {
  if (layout.spots.length === 0) return '<p class="quiet">This trip has no points.</p>';
  const dots = photos.map((spot, index) => ({ spot, label: escapeHtml(captions[index]!) }));
  const buttons = `<div class="zoom needs-script" hidden><button id="closer" aria-label="Zoom in">+</button><button id="further" aria-label="Zoom out">−</button></div>`;
  return `<section class="map" aria-label="Map">${mapSvg(layout, dots)}${buttons}</section>`;
}

function profileSection(svg: string): string {
  if (svg === "") return "";
  return `<section class="profile" aria-label="Elevation"><p><span>Elevation over the way</span><span id="reading" aria-live="off"></span></p>${svg}</section>`;
}

function daysSection(days: readonly Day[]): string {
  const items = days.map(({ date, stats, photos, spark, from, to, offsetMinutes }, index) => {
    const parts = [
      meters(stats.meters),
      `${duration(stats.movingMs)} moving`,
      ...(stats.ascentM === null ? [] : [`${meters(stats.ascentM)} up`]),
      `${photos} photos`,
    ];
    const times = `${clock(from, offsetMinutes)} to ${clock(to, offsetMinutes)}`;
    return `<li style="--c:${dayColour(index)}"><button data-choose="${index}" aria-pressed="false"><strong>${dayInWords(date)}</strong><span class="quiet">${times} · ${parts.join(" · ")}</span>${sparkSvg(spark)}</button></li>`;
  });
  return `<section><h2>Days</h2><ol class="days">${items.join("")}</ol></section>`;
}

function sparkSvg(spark: readonly number[]): string {
  const most = Math.max(1, ...spark);
  const bars = spark.map((value, index) => {
    const height = (value / most) * 23 + (value > 0 ? 1 : 0);
    return `<rect x="${index * 5}" y="${(24 - height).toFixed(1)}" width="4" height="${height.toFixed(1)}"/>`;
  });
  return `<svg class="spark" viewBox="0 0 ${Math.max(1, spark.length * 5)} 24" preserveAspectRatio="none" aria-hidden="true">${bars.join("")}</svg>`;
}

function photosSection(
  days: readonly Day[],
  photos: readonly Spot[],
  captions: readonly string[],
  pictures: PageInput["pictures"],
): string {
  if (photos.length === 0) return "";
  const groups = days.map(({ date, offsetMinutes }, index) => {
    const items = photos.flatMap(({ point, day }, at) => {
      if (day !== index) return [];
      const picture = pictures.get(point.id);
      const alt = escapeHtml(captions[at]!);
      const image = picture
        ? `<img loading="lazy" decoding="async" src="${picture}" alt="${alt}">`
        : '<span class="none">the picture could not be read</span>';
      return [
        `<li><button data-open="${at}">${image}</button><span>${clock(point.takenAt, offsetMinutes)}</span></li>`,
      ];
    });
    return items.length === 0 ? "" : `<h3>${dayInWords(date)}</h3><ul class="photos">${items.join("")}</ul>`;
  });
  return `<section><h2>Photos</h2>${groups.join("")}</section>`;
}

function captionOf(point: Point, day: Day | undefined): string {
  const place = `${Math.abs(point.lat).toFixed(4)}° ${point.lat < 0 ? "S" : "N"}, ${Math.abs(point.lng).toFixed(4)}° ${point.lng < 0 ? "W" : "E"}`;
  const time = day ? `${dayInWords(day.date)}, ${clock(point.takenAt, day.offsetMinutes)}` : point.takenAt;
  return [time, place, ...(point.elevation === null ? [] : [`${Math.round(point.elevation)} m`])].join(" · ");
}

function whenOf(days: readonly Day[]): string {
  const [first, last] = [days[0], days.at(-1)];
  if (!first || !last) return "";
  return first === last ? dayInWords(first.date) : `${dayInWords(first.date)} to ${dayInWords(last.date)}`;
}

function boxOf(spots: readonly Spot[]): [number, number, number, number] {
  let [west, east, north, south] = [Infinity, -Infinity, Infinity, -Infinity];
  for (const { x, y } of spots) {
    [west, east] = [Math.min(west, x), Math.max(east, x)];
    [north, south] = [Math.min(north, y), Math.max(south, y)];
  }
  return spots.length === 0
    ? [0, 0, 0, 0]
    : [round(west, 1), round(north, 1), round(east - west, 1), round(south - north, 1)];
}

function round(value: number, digits: number): number {
  return Math.round(value * 10 ** digits) / 10 ** digits;
}
