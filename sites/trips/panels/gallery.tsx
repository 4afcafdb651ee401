import { MapPin } from "lucide-react";
import { memo, useState } from "react";
import type { Point } from "#lib/schemas/trips/v1/point.ts";
import { imageUrl } from "../api.ts";
import { formatDay, formatTime, ZONE } from "../format.ts";
import type { Day } from "../trip.ts";

/** As many photos of a day are shown before the reader asks for all. */
const FIRST = 48;

interface ThumbProps {
  readonly point: Point;
  readonly open: boolean;
  readonly onOpen: (id: string) => void;
}

const Thumb = memo(function Thumb({ point, open, onOpen }: ThumbProps) {
  const time = formatTime(point.takenAt, ZONE);
  return (
    <li>
      <button
        type="button"
        className="thumb"
        aria-label={`Photo of ${time}`}
        aria-current={open}
        onClick={() => onOpen(point.id)}
      >
        {point.image ? (
          <img src={imageUrl(point.image.key)} alt="" loading="lazy" decoding="async" />
        ) : (
          <MapPin size={20} aria-hidden />
        )}
        <span>{time}</span>
      </button>
    </li>
  );
});

interface DayProps {
  readonly day: Day;
  readonly openId: string | null;
  readonly onOpen: (id: string) => void;
}

function DayPhotos({ day, openId, onOpen }: DayProps) {
  const [all, setAll] = useState(false);
  const newest = day.points.toReversed();
  const shown = all ? newest : newest.slice(0, FIRST);
  return (
    <section className="day">
      <h2>
        {formatDay(day.date)} <span className="muted">· {day.points.length}</span>
      </h2>
      <ul className="thumbs">
        {shown.map((point) => (
          <Thumb key={point.id} point={point} open={point.id === openId} onOpen={onOpen} />
        ))}
      </ul>
      {shown.length < newest.length ? (
        <button type="button" className="button" onClick={() => setAll(true)}>
          Show all {newest.length.toLocaleString("en")} photos
        </button>
      ) : null}
    </section>
  );
}

interface GalleryProps {
  readonly days: readonly Day[];
  readonly openId: string | null;
  readonly onOpen: (id: string) => void;
}

/** All photos by day, the newest first. */
export function Gallery({ days, openId, onOpen }: GalleryProps) {
  return days.map((day) => <DayPhotos key={day.date} day={day} openId={openId} onOpen={onOpen} />);
}
