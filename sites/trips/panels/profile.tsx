import { formatMeters } from "../format.ts";
import { ELEVATION_RAMP } from "../ramp.ts";
import type { ProfilePlace, TripStats } from "../trip.ts";

const WIDTH = 352;
const HEIGHT = 64;
/** A range below this is drawn flat rather than blown up, in metres. */
const LEAST_RANGE = 40;

interface ProfileProps {
  readonly places: readonly ProfilePlace[];
  readonly range: NonNullable<TripStats["elevation"]>;
}

/** The elevation along the way, in the colours that the route has on the map. */
export function Profile({ places, range }: ProfileProps) {
  const length = places.at(-1)!.meters || 1;
  const height = Math.max(LEAST_RANGE, range.max - range.min);
  const x = (meters: number) => ((meters / length) * WIDTH).toFixed(1);
  const y = (elevation: number) => (HEIGHT - 3 - ((elevation - range.min) / height) * (HEIGHT - 8)).toFixed(1);
  const line = places.map((place, i) => `${i === 0 ? "M" : "L"}${x(place.meters)} ${y(place.elevation)}`).join("");
  const said = `Elevation from ${Math.round(range.min)} m to ${Math.round(range.max)} m over ${formatMeters(length)}`;
  return (
    <figure className="profile">
      <svg viewBox={`0 0 ${WIDTH} ${HEIGHT}`} preserveAspectRatio="none" role="img" aria-label={said}>
        <defs>
          <linearGradient
            id="elevation"
            gradientUnits="userSpaceOnUse"
            x1="0"
            x2="0"
            y1={y(range.min)}
            y2={y(range.max)}
          >
            {ELEVATION_RAMP.map(([at, colour]) => (
              <stop key={at} offset={at} stopColor={colour} />
            ))}
          </linearGradient>
        </defs>
        <path d={`${line}V${HEIGHT}H0Z`} fill="url(#elevation)" opacity="0.18" />
        <path
          d={line}
          fill="none"
          stroke="url(#elevation)"
          strokeWidth="2"
          strokeLinejoin="round"
          vectorEffect="non-scaling-stroke"
        />
      </svg>
      <figcaption className="muted">
        <span>{Math.round(range.min)} m lowest</span>
        <span>{Math.round(range.max)} m highest</span>
      </figcaption>
    </figure>
  );
}
