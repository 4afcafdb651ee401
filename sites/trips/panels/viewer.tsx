import { ChevronLeft, ChevronRight, ExternalLink, ImageOff, MapPin, X } from "lucide-react";
import { useEffect, useRef, useState } from "react";
import type { Point } from "#lib/schemas/trips/v1/point.ts";
import { IconButton } from "#lib/web/icon-button.tsx";
import { imageUrl } from "../api.ts";
import { formatBytes, formatExposure, formatInstant, formatPlace, ZONE } from "../format.ts";

interface ViewerProps {
  readonly point: Point;
  /** Counted from 1, the oldest first. */
  readonly place: number;
  readonly count: number;
  readonly onStep: (step: -1 | 1) => void;
  readonly onClose: () => void;
}

const OWN_KEYS = "input, textarea, select, .sheet-handle, .maplibregl-canvas";

function useKeys(onStep: ViewerProps["onStep"], onClose: ViewerProps["onClose"]): void {
  useEffect(() => {
    const press = (event: KeyboardEvent) => {
      const taken = event.target instanceof Element && event.target.closest(OWN_KEYS);
      if (event.defaultPrevented || event.metaKey || event.ctrlKey || event.altKey) return;
      if (event.key === "Escape") onClose();
      else if (taken) return;
      else if (event.key === "ArrowLeft") onStep(-1);
      else if (event.key === "ArrowRight") onStep(1);
      else return;
      event.preventDefault();
    };
    addEventListener("keydown", press);
    return () => removeEventListener("keydown", press);
  }, [onStep, onClose]);
}

function Picture({ image }: { readonly image: NonNullable<Point["image"]> }) {
  const [state, setState] = useState<"loading" | "loaded" | "failed">("loading");
  const [attempt, setAttempt] = useState(0);
  const ratio = { aspectRatio: `${image.width} / ${image.height}` };
  if (state === "failed") {
    return (
      <div className="picture picture-missing" style={ratio} role="alert">
        <ImageOff size={24} aria-hidden />
        <p>The picture could not be loaded.</p>
        <button
          type="button"
          className="button"
          onClick={() => {
            setAttempt(attempt + 1);
            setState("loading");
          }}
        >
          Try again
        </button>
      </div>
    );
  }
  const url = imageUrl(image.key) + (attempt > 0 ? `?try=${attempt}` : "");
  return (
    <div className={`picture ${state === "loading" ? "skeleton" : ""}`} style={ratio}>
      <img src={url} alt="" data-state={state} onLoad={() => setState("loaded")} onError={() => setState("failed")} />
    </div>
  );
}

/** One photo: its picture, when and where it was taken, how it was exposed; ← → go on in time, Esc closes. */
export function Viewer({ point, place, count, onStep, onClose }: ViewerProps) {
  const heading = useRef<HTMLHeadingElement>(null);
  useKeys(onStep, onClose);
  useEffect(() => heading.current?.focus({ preventScroll: true }), []);
  const exposure = formatExposure(point.exposure);
  const { image } = point;
  return (
    <article className="viewer" data-photo={point.id}>
      {image ? (
        <Picture key={image.key} image={image} />
      ) : (
        <div className="picture picture-missing picture-none">
          <MapPin size={24} aria-hidden />
          <p>The camera noted this place without a picture.</p>
        </div>
      )}
      <div className="viewer-bar">
        <IconButton label="Earlier photo (←)" disabled={place <= 1} onClick={() => onStep(-1)}>
          <ChevronLeft size={22} />
        </IconButton>
        <p className="viewer-place" aria-live="polite">
          {place.toLocaleString("en")} <span className="muted">of {count.toLocaleString("en")}</span>
        </p>
        <IconButton label="Later photo (→)" disabled={place >= count} onClick={() => onStep(1)}>
          <ChevronRight size={22} />
        </IconButton>
        <span className="viewer-space" />
        {image ? (
          <a
            className="icon-button"
            href={imageUrl(image.key)}
            target="_blank"
            rel="noreferrer"
            aria-label="Picture in full size, in a new tab"
            title="Picture in full size"
          >
            <ExternalLink size={19} />
          </a>
        ) : null}
        <IconButton label="Close (Esc)" onClick={onClose}>
          <X size={22} />
        </IconButton>
      </div>
      <div className="viewer-text">
        <h2 ref={heading} tabIndex={-1}>
          <time dateTime={point.takenAt} title={`${point.takenAt} (UTC)`}>
            {formatInstant(point.takenAt, ZONE)}
          </time>
        </h2>
        <dl className="facts">
          <dt>Place</dt>
          <dd>{formatPlace(point)}</dd>
          {point.elevation === null ? null : (
            <>
              <dt>Elevation</dt>
              <dd>{Math.round(point.elevation).toLocaleString("en")} m</dd>
            </>
          )}
          {exposure === null ? null : (
            <>
              <dt>Exposure</dt>
              <dd>{exposure}</dd>
            </>
          )}
          {image === null ? null : (
            <>
              <dt>Picture</dt>
              <dd>
                {image.width} × {image.height}, {formatBytes(image.bytes)}
              </dd>
            </>
          )}
          <dt>Camera</dt>
          <dd>{point.camera}</dd>
          {point.tags.length === 0 ? null : (
            <>
              <dt>Tags</dt>
              <dd>{point.tags.join(", ")}</dd>
            </>
          )}
        </dl>
      </div>
    </article>
  );
}
