import { Camera, ChevronDown, Mountain } from "lucide-react";
import type { Point } from "#lib/schemas/trips/v1/point.ts";
import type { Day, Stop } from "#lib/schemas/trips/v1/summary.ts";
import { formatSpan } from "#lib/web/time.ts";
import { dayColourCss } from "../colours.ts";
import { formatCount, formatHeight, formatMeters, formatShortDay, formatSpeed, formatTime } from "../format.ts";
import { FiguresRow } from "./trip-head.tsx";
import { Spark } from "./spark.tsx";
import { Thumb } from "./thumb.tsx";

/** At most so many photos of a day stand in its row, evenly over its time. */
const STRIP = 12;

/** Some of many, evenly, the first among them: every second, fourth, eighth … one, so that those that stand there stay when more come. */
export function evenly<T>(all: readonly T[], most: number): T[] {
  const step = 2 ** Math.max(0, Math.ceil(Math.log2(all.length / most)));
  return all.filter((_, i) => i % step === 0);
}

interface Shared {
  readonly openId: string | null;
  readonly onOpen: (id: string) => void;
  readonly onPoint: (id: string | null) => void;
}

interface DayRowProps extends Shared {
  readonly day: Day;
  readonly index: number;
  readonly chosen: boolean;
  readonly photos: readonly Point[];
  readonly stops: readonly Stop[];
  readonly onChoose: (date: string | null) => void;
}

function DayMore({ day, stops }: Pick<DayRowProps, "day" | "stops">) {
  const { maxSpeedMps, avgMovingSpeedMps, minElevation, maxElevation } = day.stats;
  return (
    <div className="day-more">
      <FiguresRow stats={day.stats} photos={day.photos} />
      <dl className="facts">
        <dt>On the road</dt>
        <dd>
          {formatTime(day.from, day.zone).slice(0, 5)} – {formatTime(day.to, day.zone).slice(0, 5)} ({day.zone})
        </dd>
        {avgMovingSpeedMps === null || maxSpeedMps === null ? null : (
          <>
            <dt>Speed</dt>
            <dd>
              {formatSpeed(avgMovingSpeedMps)} moving, {formatSpeed(maxSpeedMps)} at most
            </dd>
          </>
        )}
        {minElevation === null || maxElevation === null ? null : (
          <>
            <dt>Elevation</dt>
            <dd>
              {formatHeight(minElevation)} – {formatHeight(maxElevation)}
            </dd>
          </>
        )}
        <dt>Stops</dt>
        <dd>
          {stops.length === 0
            ? "none"
            : stops.map(({ from, ms }) => `${formatTime(from, day.zone).slice(0, 5)} for ${formatSpan(ms)}`).join(", ")}
        </dd>
      </dl>
    </div>
  );
}

function DayRow({ day, index, chosen, photos, stops, onChoose, ...shared }: DayRowProps) {
  return (
    <li className="day" style={{ ["--day" as string]: dayColourCss(index) }} data-chosen={chosen}>
      <button
        type="button"
        className="day-row"
        aria-expanded={chosen}
        data-day={day.date}
        onClick={() => onChoose(chosen ? null : day.date)}
      >
        <span className="day-name">
          {formatShortDay(day.date)} <span className="muted">Day {index + 1}</span>
        </span>
        <span className="day-said">
          <b>{formatMeters(day.stats.meters)}</b>
          {day.stats.ascentM === null ? null : (
            <span className="muted">
              <Mountain size={13} aria-hidden /> {formatHeight(day.stats.ascentM)}
            </span>
          )}
          <span className="muted">
            <Camera size={13} aria-hidden /> {day.photos.toLocaleString("en")}
            <span className="visually-hidden"> photos</span>
          </span>
        </span>
        <Spark values={day.spark} />
        <ChevronDown size={18} aria-hidden className="day-chevron" />
      </button>
      {chosen ? <DayMore day={day} stops={stops} /> : null}
      {photos.length === 0 ? null : (
        <ul className="strip" aria-label={`Some photos of ${formatShortDay(day.date)}`}>
          {evenly(photos, chosen ? STRIP * 2 : STRIP).map((point) => (
            <li key={point.id}>
              <Thumb
                point={point}
                time={formatTime(point.takenAt, day.zone)}
                open={point.id === shared.openId}
                {...shared}
              />
            </li>
          ))}
        </ul>
      )}
    </li>
  );
}

interface DaysProps extends Shared {
  readonly days: readonly Day[];
  readonly stops: readonly Stop[];
  /** Photos of each day that is held, by the day's index. */
  readonly photos: ReadonlyMap<number, readonly Point[]>;
  readonly chosen: string | null;
  readonly onChoose: (date: string | null) => void;
}

/** The trip day by day, the newest first: how far, how high, how the day went, some photos. */
export function Days({ days, stops, photos, chosen, onChoose, ...shared }: DaysProps) {
  const rows = days.map((day, index) => ({ day, index })).reverse();
  return (
    <ul className="days" aria-label={formatCount(days.length, "day")}>
      {rows.map(({ day, index }) => (
        <DayRow
          key={day.date}
          day={day}
          index={index}
          chosen={day.date === chosen}
          photos={photos.get(index) ?? []}
          stops={stops.filter(({ from }) => from >= day.from && from <= day.to)}
          onChoose={onChoose}
          {...shared}
        />
      ))}
    </ul>
  );
}
