import { LegKind } from "#lib/tracks/figures/legs.ts";
import type { Journey } from "#lib/tracks/formats/journey.ts";
import type { Place } from "#lib/tracks/track.ts";
import { type Detail, placeOf } from "./detail.ts";
import type { Table } from "./table.ts";

/**
 * A trip as it is exported: its days, cut at gaps, and its photos.
 * @param pictures where pictures are found by their keys, such as `https://host/trips/api/images`; null leaves links out
 */
export function journeyOf(detail: Detail, table: Table, pictures: string | null): Journey {
  const { good, legs, ranges } = detail;
  return {
    name: detail.reply.trip.title,
    days: ranges.map(({ first, last }, day) => {
      const segments: Place[][] = [[]];
      for (let index = first; index <= last; index++) {
        segments.at(-1)!.push(placeOf(table, good[index]!));
        if (index < last && legs.kinds[index] === LegKind.gap) segments.push([]);
      }
      return { name: detail.reply.days[day]!.date, segments };
    }),
    photos: Array.from(
      good.filter((row) => table.columns.photo[row] === 1),
      (row) => {
        const { id, image, name } = table.bodies.point(row);
        const href = pictures === null || image === null ? null : `${pictures}/${image.key}`;
        return { ...placeOf(table, row), name: name ?? id, href, type: image?.type ?? "image/jpeg" };
      },
    ),
  };
}
