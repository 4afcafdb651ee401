import { MapPin } from "lucide-react";
import { memo, useState } from "react";
import type { Point } from "#lib/schemas/trips/v1/point.ts";
import { firstUrl, learn, nextUrl } from "../picture.ts";

interface ThumbProps {
  readonly point: Point;
  readonly time: string;
  readonly open: boolean;
  readonly onOpen: (id: string) => void;
  readonly onPoint: (id: string | null) => void;
}

/** A little picture that opens its photo; pointing at it points at the map too. */
export const Thumb = memo(function Thumb({ point, time, open, onOpen, onPoint }: ThumbProps) {
  const { image } = point;
  const [failed, setFailed] = useState<string | null>(null);
  const url = image === null ? null : failed === null ? firstUrl(image, "thumb") : nextUrl(image, failed);
  return (
    <button
      type="button"
      className="thumb"
      data-photo={point.id}
      aria-label={`Photo of ${time}`}
      aria-current={open}
      onClick={() => onOpen(point.id)}
      onMouseEnter={() => onPoint(point.id)}
      onMouseLeave={() => onPoint(null)}
      onFocus={() => onPoint(point.id)}
      onBlur={() => onPoint(null)}
    >
      {url === null ? (
        <MapPin size={20} aria-hidden />
      ) : (
        <img
          src={url}
          alt=""
          loading="lazy"
          decoding="async"
          onError={() => setFailed(url)}
          onLoad={() => learn(url)}
        />
      )}
      <span>{time}</span>
    </button>
  );
});
