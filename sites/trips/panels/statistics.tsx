import type { Day, Gap, Stop, TripSummary } from "#lib/schemas/trips/v1/summary.ts";
import { formatSpan } from "#lib/web/time.ts";
import { dayColourCss } from "../colours.ts";
import { formatCount, formatHeight, formatMeters, formatShortDay, formatSpeed } from "../format.ts";

interface StatisticsProps {
  readonly trip: TripSummary;
  readonly days: readonly Day[];
  readonly stops: readonly Stop[];
  readonly gaps: readonly Gap[];
  /** Tags with how many photos have each. */
  readonly tags: ReadonlyMap<string, number>;
  readonly tag: string | null;
  readonly onTag: (tag: string | null) => void;
  readonly filtering: boolean;
  readonly onFiltering: (on: boolean) => void;
}

function facts({ trip, days, stops, gaps }: Pick<StatisticsProps, "trip" | "days" | "stops" | "gaps">) {
  const { stats } = trip;
  const speed = (value: number | null) => (value === null ? null : formatSpeed(value));
  const height = (value: number | null) => (value === null ? null : formatHeight(value));
  const stopped = stops.reduce((sum, { ms }) => sum + ms, 0);
  const missing = gaps.reduce((sum, { meters }) => sum + meters, 0);
  return [
    ["Distance", formatMeters(stats.meters)],
    ["Days", days.length.toLocaleString("en")],
    ["Moving", formatSpan(stats.movingMs)],
    ["Standing", formatSpan(stats.stoppedMs)],
    ["Average, moving", speed(stats.avgMovingSpeedMps)],
    ["Fastest", speed(stats.maxSpeedMps)],
    ["Ascent", height(stats.ascentM)],
    ["Descent", height(stats.descentM)],
    ["Lowest", height(stats.minElevation)],
    ["Highest", height(stats.maxElevation)],
    ["Points", trip.points.toLocaleString("en")],
    ["Photos", trip.photos.toLocaleString("en")],
    ["Stops", stops.length === 0 ? "none" : `${stops.length}, ${formatSpan(stopped)}`],
    ["Gaps", gaps.length === 0 ? "none" : `${gaps.length}, ${formatMeters(missing)} as the crow flies`],
  ].filter((fact): fact is [string, string] => fact[1] !== null);
}

function Bars({ days }: Pick<StatisticsProps, "days">) {
  const most = Math.max(1, ...days.map(({ stats }) => stats.meters));
  return (
    <ul className="bars" aria-label="Distance day by day">
      {days.map((day, index) => (
        <li key={day.date} style={{ ["--day" as string]: dayColourCss(index) }}>
          <span>{formatShortDay(day.date)}</span>
          <i style={{ width: `${Math.max(1, (day.stats.meters / most) * 100)}%` }} />
          <span>{formatMeters(day.stats.meters)}</span>
        </li>
      ))}
    </ul>
  );
}

/** All figures of the trip, what the noise filter left out, and what may be filtered by. */
export function Statistics({ trip, days, stops, gaps, tags, tag, onTag, filtering, onFiltering }: StatisticsProps) {
  const { jump, accuracy, clock } = trip.stats.filtered;
  const left = jump + accuracy + clock;
  return (
    <div className="statistics">
      <dl className="facts">
        {facts({ trip, days, stops, gaps }).map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
      <h2>Day by day</h2>
      <Bars days={days} />
      <h2>Filters</h2>
      <label className="check">
        <input type="checkbox" checked={filtering} onChange={(event) => onFiltering(event.target.checked)} />
        <span>
          Leave noise out
          <span className="muted">
            {left === 0
              ? "Nothing is left out."
              : `${formatCount(left, "point")}: ${jump} impossible jumps, ${accuracy} inaccurate, ${clock} with a wrong clock.`}
          </span>
        </span>
      </label>
      {tags.size === 0 ? null : (
        <div className="tags" role="group" aria-label="Photos with a tag">
          {[...tags].map(([name, count]) => (
            <button
              key={name}
              type="button"
              className="button"
              aria-pressed={tag === name}
              onClick={() => onTag(tag === name ? null : name)}
            >
              {name} <span className="muted">{count}</span>
            </button>
          ))}
        </div>
      )}
    </div>
  );
}
