import type { Figures, TripSummary } from "#lib/schemas/trips/v1/summary.ts";
import { formatSpan } from "#lib/web/time.ts";
import { formatHeight, formatMeters } from "../format.ts";

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
