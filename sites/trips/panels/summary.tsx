import { formatSpan } from "#lib/web/time.ts";
import { formatMeters } from "../format.ts";
import type { ProfilePlace, TripStats } from "../trip.ts";
import { Profile } from "./profile.tsx";

interface SummaryProps {
  readonly stats: TripStats;
  readonly profile: readonly ProfilePlace[];
}

/** The trip in figures, and its elevation along the way. */
export function Summary({ stats, profile }: SummaryProps) {
  return (
    <section className="summary" aria-label="The trip in figures">
      <dl className="figures">
        <div>
          <dt>Photos</dt>
          <dd>{stats.photos.toLocaleString("en")}</dd>
        </div>
        <div>
          <dt>Distance</dt>
          <dd>{formatMeters(stats.meters)}</dd>
        </div>
        <div>
          <dt>On the way</dt>
          <dd>{formatSpan(stats.ms)}</dd>
        </div>
      </dl>
      {stats.elevation && profile.length > 2 ? <Profile places={profile} range={stats.elevation} /> : null}
    </section>
  );
}
