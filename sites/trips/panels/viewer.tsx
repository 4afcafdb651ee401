import { ChevronLeft, ChevronRight, Expand, MapPin, X } from "lucide-react";
import { useEffect, useRef } from "react";
import type { Point } from "#lib/schemas/trips/v1/point.ts";
import { IconButton } from "#lib/web/icon-button.tsx";
import { formatBytes, formatExposure, formatInstant, formatPlace, formatSpeed } from "../format.ts";
import { Picture, usePreload } from "./picture.tsx";
import { CopyLink } from "./share-menu.tsx";
import { useSwipe } from "./swipe.ts";

interface ViewerProps {
  readonly point: Point;
  /** Counted from 1, the oldest first. */
  readonly place: number;
  readonly count: number;
  /** IANA time zone of the place. */
  readonly zone: string;
  readonly before: Point | undefined;
  readonly after: Point | undefined;
  readonly onStep: (step: -1 | 1) => void;
  readonly onExpand: () => void;
  readonly onShare: () => void;
  readonly onClose: () => void;
}

const NOISE = { jump: "an impossible jump", accuracy: "inaccurate", clock: "a wrong clock" };

/** What is known of a photo, in pairs of a name and a text. */
export function factsOf(point: Point): [string, string][] {
  const { image, elevation, exposure, noise } = point;
  const said = [
    ["Place", formatPlace(point)],
    ["Elevation", elevation === null ? null : `${Math.round(elevation).toLocaleString("en")} m`],
    ["Speed", point.speedMps === undefined ? null : formatSpeed(point.speedMps)],
    ["Exposure", formatExposure(exposure)],
    ["Picture", image === null ? null : `${image.width} × ${image.height}, ${formatBytes(image.bytes)}`],
    ["File", point.name ?? null],
    ["Camera", point.camera],
    ["Tags", point.tags.length === 0 ? null : point.tags.join(", ")],
    ["Noise", noise === undefined ? null : `left out: ${noise.map((reason) => NOISE[reason]).join(", ")}`],
  ];
  return said.filter((fact): fact is [string, string] => fact[1] !== null);
}

/** One photo beside the map: its picture, when and where it was taken, how it was exposed. */
export function Viewer({ point, place, count, zone, before, after, ...on }: ViewerProps) {
  const heading = useRef<HTMLHeadingElement>(null);
  const swipe = useSwipe(on.onStep);
  usePreload([before?.image, after?.image]);
  useEffect(() => heading.current?.focus({ preventScroll: true }), []);
  const { image } = point;
  const instant = formatInstant(point.takenAt, zone);
  return (
    <article className="viewer" data-photo={point.id}>
      {image ? (
        <div className="viewer-picture" {...swipe} onDoubleClick={on.onExpand}>
          <Picture key={image.key} image={image} alt={`Taken ${instant} by ${point.camera}`} />
        </div>
      ) : (
        <div className="picture picture-missing picture-none">
          <MapPin size={24} aria-hidden />
          <p>The camera noted this place without a picture.</p>
        </div>
      )}
      <div className="viewer-bar">
        <IconButton label="Earlier photo (←)" disabled={place <= 1} onClick={() => on.onStep(-1)}>
          <ChevronLeft size={22} />
        </IconButton>
        <p className="viewer-place" aria-live="polite">
          {place.toLocaleString("en")} <span className="muted">of {count.toLocaleString("en")}</span>
        </p>
        <IconButton label="Later photo (→)" disabled={place >= count} onClick={() => on.onStep(1)}>
          <ChevronRight size={22} />
        </IconButton>
        <span className="viewer-space" />
        <CopyLink onShare={on.onShare} label="Copy a link to this photo" />
        {image ? (
          <IconButton label="Full screen (F)" onClick={on.onExpand}>
            <Expand size={19} />
          </IconButton>
        ) : null}
        <IconButton label="Close (Esc)" onClick={on.onClose}>
          <X size={22} />
        </IconButton>
      </div>
      <div className="viewer-text">
        <h2 ref={heading} tabIndex={-1}>
          <time dateTime={point.takenAt} title={`${point.takenAt} (UTC)`}>
            {instant}
          </time>
        </h2>
        <dl className="facts">
          {factsOf(point).map(([name, value]) => (
            <div key={name}>
              <dt>{name}</dt>
              <dd>{value}</dd>
            </div>
          ))}
        </dl>
      </div>
    </article>
  );
}
