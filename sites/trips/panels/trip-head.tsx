import type { Figures, TripReply, TripSummary } from "#lib/schemas/trips/v1/summary.ts";
import { formatSpan } from "#lib/web/time.ts";
import { formatCount, formatDays, formatHeight, formatHours, formatMeters } from "../format.ts";

interface FigureProps {
  readonly name: string;
  readonly value: string;
}

function Figure({ name, value }: FigureProps) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{value}</dd>
    </div>
  );
}

interface FiguresRowProps {
  readonly stats: Figures;
  readonly photos: number;
}

/** What one wants to know first: how far, how long, how high, how many photos. */
export function FiguresRow({ stats, photos }: FiguresRowProps) {
  return (
    <dl className="figures">
      <Figure name="Distance" value={formatMeters(stats.meters)} />
      <Figure name="Moving" value={formatSpan(stats.movingMs)} />
      {stats.ascentM === null ? null : <Figure name="Ascent" value={formatHeight(stats.ascentM)} />}
      <Figure name="Photos" value={photos.toLocaleString("en")} />
    </dl>
  );
}

/** When the trip was, as far as its title does not say it: trips that nobody named are called by their dates. */
export function whenOf({ trip, days }: Pick<TripReply, "trip" | "days">): string {
  const [first, last] = [days[0], days.at(-1)];
  if (!first || !last) return "";
  const dates = trip.automatic ? [] : [formatDays(first.date, last.date)];
  const within = first === last ? formatHours(first.from, first.to, first.zone) : formatCount(days.length, "day");
  return [...dates, within].join(" · ");
}

interface TripChooserProps {
  readonly trips: readonly TripSummary[];
  readonly chosen: TripSummary | null;
  readonly onChoose: (id: string) => void;
}

/** The title of the trip; where there are several, it is also what chooses between them. */
export function TripChooser({ trips, chosen, onChoose }: TripChooserProps) {
  if (chosen === null || trips.length < 2) return <h1>{chosen?.title ?? "Trips"}</h1>;
  return (
    <h1 className="chooser">
      <select aria-label="Trip" value={chosen.id} onChange={(event) => onChoose(event.target.value)}>
        {trips.map(({ id, title, points }) => (
          <option key={id} value={id}>
            {title}
            {points === 0 ? " (nothing yet)" : ""}
          </option>
        ))}
      </select>
    </h1>
  );
}
