import { type KeyboardEvent, type MouseEvent, useMemo } from "react";
import { dayColourCss } from "../colours.ts";
import { formatHeight, formatMeters } from "../format.ts";
import { type Store, useStore } from "../store.ts";
import { indexAlong, type ProfilePlace, profileOf, type Track } from "../track.ts";

const WIDTH = 352;
const HEIGHT = 72;
const PLACES = 240;
/** A range below this is drawn flat rather than blown up, in metres. */
const LEAST_RANGE = 40;

interface Scale {
  readonly x: (meters: number) => number;
  readonly y: (elevation: number) => number;
  readonly length: number;
  readonly min: number;
  readonly max: number;
}

function scaleOf(places: readonly ProfilePlace[], length: number): Scale {
  const heights = places.map(({ elevation }) => elevation);
  const [min, max] = [Math.min(...heights), Math.max(...heights)];
  const range = Math.max(LEAST_RANGE, max - min);
  return {
    x: (meters) => (meters / (length || 1)) * WIDTH,
    y: (elevation) => HEIGHT - 3 - ((elevation - min) / range) * (HEIGHT - 10),
    length,
    min,
    max,
  };
}

/** The places day by day; each day begins where the one before ends, so that the line has no holes. */
function byDay(places: readonly ProfilePlace[]): { day: number; places: ProfilePlace[] }[] {
  const days: { day: number; places: ProfilePlace[] }[] = [];
  for (const place of places) {
    const last = days.at(-1);
    if (last?.day === place.day) last.places.push(place);
    else days.push({ day: place.day, places: last ? [last.places.at(-1)!, place] : [place] });
  }
  return days;
}

interface CursorProps {
  readonly track: Track;
  readonly scale: Scale;
  readonly cursor: Store<string | null>;
  readonly indexOf: ReadonlyMap<string, number>;
}

function Cursor({ track, scale, cursor, indexOf }: CursorProps) {
  const id = useStore(cursor);
  const index = id === null ? undefined : indexOf.get(id);
  if (index === undefined) return null;
  const x = scale.x(track.along[index]!);
  const { elevation } = track.points[index]!;
  return (
    <g className="profile-cursor">
      <line x1={x} x2={x} y1={0} y2={HEIGHT} vectorEffect="non-scaling-stroke" />
      {elevation === null ? null : <path d={`M${x} ${scale.y(elevation)}h0`} vectorEffect="non-scaling-stroke" />}
    </g>
  );
}

function Said({ track, cursor, indexOf, scale }: CursorProps) {
  const id = useStore(cursor);
  const index = id === null ? undefined : indexOf.get(id);
  const elevation = index === undefined ? null : track.points[index]!.elevation;
  return (
    <figcaption className="muted">
      <span>{formatHeight(scale.min)} lowest</span>
      {index === undefined ? null : (
        <span className="profile-said">
          {formatMeters(track.along[index]!)}
          {elevation === null ? "" : ` · ${formatHeight(elevation)}`}
        </span>
      )}
      <span>{formatHeight(scale.max)} highest</span>
    </figcaption>
  );
}

interface ProfileProps {
  readonly track: Track;
  readonly cursor: Store<string | null>;
  readonly indexOf: ReadonlyMap<string, number>;
  readonly onOpen: (id: string) => void;
}

/** The elevation along the way in the colours of the days; pointing at it, or ← →, points at the map too. */
export function Profile({ track, cursor, indexOf, onOpen }: ProfileProps) {
  const places = useMemo(() => profileOf(track, PLACES), [track]);
  const scale = useMemo(() => scaleOf(places, track.along.at(-1) ?? 0), [places, track]);
  const days = useMemo(() => byDay(places), [places]);
  if (places.length < 3) return null;
  const at = (event: MouseEvent<SVGSVGElement>) => {
    const box = event.currentTarget.getBoundingClientRect();
    const meters = Math.max(0, Math.min(1, (event.clientX - box.left) / box.width)) * scale.length;
    return track.points[indexAlong(track, meters)]!.id;
  };
  const key = (event: KeyboardEvent) => {
    const step = event.key === "ArrowRight" ? 1 : event.key === "ArrowLeft" ? -1 : 0;
    const now = cursor.get();
    if (event.key === "Enter" && now !== null) onOpen(now);
    else if (step === 0) return;
    else {
      const index = (now === null ? undefined : indexOf.get(now)) ?? 0;
      const aim = track.along[index]! + (step * scale.length) / 100;
      const next = Math.max(0, Math.min(track.points.length - 1, indexAlong(track, aim)));
      cursor.set(
        track.points[next === index ? Math.max(0, Math.min(track.points.length - 1, index + step)) : next]!.id,
      );
    }
    event.preventDefault();
    event.stopPropagation();
  };
  const said = `Elevation from ${formatHeight(scale.min)} to ${formatHeight(scale.max)} over ${formatMeters(scale.length)}. Arrow keys point along it`;
  const line = (all: readonly ProfilePlace[]) =>
    all
      .map(
        ({ meters, elevation }, i) => `${i ? "L" : "M"}${scale.x(meters).toFixed(1)} ${scale.y(elevation).toFixed(1)}`,
      )
      .join("");
  return (
    <figure className="profile">
      <svg
        viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
        preserveAspectRatio="none"
        role="img"
        aria-label={said}
        tabIndex={0}
        onKeyDown={key}
        onBlur={() => cursor.set(null)}
        onPointerMove={(event) => cursor.set(at(event))}
        onPointerLeave={() => cursor.set(null)}
        onClick={(event) => onOpen(at(event))}
      >
        {days.map(({ day, places: all }) => (
          <g key={day} style={{ color: dayColourCss(day) }}>
            <path
              d={`${line(all)}V${HEIGHT}H${scale.x(all[0]!.meters).toFixed(1)}Z`}
              fill="currentColor"
              opacity="0.2"
            />
            <path
              d={line(all)}
              fill="none"
              stroke="currentColor"
              strokeWidth="2"
              strokeLinejoin="round"
              vectorEffect="non-scaling-stroke"
            />
          </g>
        ))}
        <Cursor track={track} scale={scale} cursor={cursor} indexOf={indexOf} />
      </svg>
      <Said track={track} scale={scale} cursor={cursor} indexOf={indexOf} />
    </figure>
  );
}
