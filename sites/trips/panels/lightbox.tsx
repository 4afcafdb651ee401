import { ChevronLeft, ChevronRight, ExternalLink, X, ZoomIn, ZoomOut } from "lucide-react";
import {
  type KeyboardEvent,
  type MouseEvent,
  type PointerEvent,
  useEffect,
  useRef,
  useState,
  type WheelEvent,
} from "react";
import type { Image } from "#lib/schemas/trips/v1/photo.ts";
import type { Point } from "#lib/schemas/trips/v1/point.ts";
import { IconButton } from "#lib/web/icon-button.tsx";
import { parseAddress } from "../address.ts";
import { fileUrl } from "../api.ts";
import { formatExposure, formatInstant, formatPlace } from "../format.ts";
import { Picture } from "./picture.tsx";
import { useSwipe } from "./swipe.ts";

interface LightboxProps {
  readonly point: Point & { readonly image: Image };
  readonly zone: string;
  readonly first: boolean;
  readonly last: boolean;
  readonly onStep: (step: -1 | 1) => void;
  readonly onClose: () => void;
}

interface Zoom {
  readonly scale: number;
  readonly x: number;
  readonly y: number;
}

const WHOLE: Zoom = { scale: 1, x: 0, y: 0 };
const CLOSEST = 8;

/** Zooms by a factor so that what lies at (x, y), measured from the middle, stays there. */
export function zoomAt(zoom: Zoom, factor: number, x: number, y: number): Zoom {
  const scale = Math.max(1, Math.min(CLOSEST, zoom.scale * factor));
  if (scale === 1) return WHOLE;
  const by = scale / zoom.scale;
  return { scale, x: x - (x - zoom.x) * by, y: y - (y - zoom.y) * by };
}

/** Zooming by wheel and two fingers, moving by one. */
function useZoom(key: string) {
  const [zoom, setZoom] = useState(WHOLE);
  const fingers = useRef(new Map<number, { x: number; y: number }>());
  useEffect(() => setZoom(WHOLE), [key]);
  const fromMiddle = (event: { currentTarget: Element; clientX: number; clientY: number }) => {
    const box = event.currentTarget.getBoundingClientRect();
    return [event.clientX - box.left - box.width / 2, event.clientY - box.top - box.height / 2] as const;
  };
  const move = (event: PointerEvent) => {
    const known = fingers.current;
    const before = known.get(event.pointerId);
    if (!before) return;
    const here = { x: event.clientX, y: event.clientY };
    known.set(event.pointerId, here);
    const other = [...known].find(([id]) => id !== event.pointerId)?.[1];
    if (other) {
      const far = (p: { x: number; y: number }) => Math.hypot(p.x - other.x, p.y - other.y);
      const [x, y] = fromMiddle(event);
      setZoom((now) => zoomAt(now, far(here) / Math.max(1, far(before)), x, y));
    } else {
      setZoom((now) =>
        now.scale === 1 ? now : { ...now, x: now.x + here.x - before.x, y: now.y + here.y - before.y },
      );
    }
  };
  const lift = (event: PointerEvent) => void fingers.current.delete(event.pointerId);
  return {
    zoom,
    zoomBy: (factor: number) => setZoom((now) => zoomAt(now, factor, 0, 0)),
    handlers: {
      onWheel: (event: WheelEvent) => {
        const [x, y] = fromMiddle(event);
        setZoom((now) => zoomAt(now, Math.exp(-event.deltaY / 400), x, y));
      },
      onDoubleClick: (event: MouseEvent) => {
        const [x, y] = fromMiddle(event);
        setZoom((now) => (now.scale > 1 ? WHOLE : zoomAt(now, 3, x, y)));
      },
      onPointerDown: (event: PointerEvent) =>
        void fingers.current.set(event.pointerId, { x: event.clientX, y: event.clientY }),
      onPointerMove: move,
      onPointerUp: lift,
      onPointerCancel: lift,
    },
  };
}

/** A photo over the whole window, to be zoomed and stepped through; the map behind it follows. */
export function Lightbox({ point, zone, first, last, onStep, onClose }: LightboxProps) {
  const dialog = useRef<HTMLDialogElement>(null);
  const { zoom, zoomBy, handlers } = useZoom(point.id);
  const swipe = useSwipe((step) => (zoom.scale === 1 ? onStep(step) : undefined));
  useEffect(() => {
    dialog.current?.showModal();
  }, []);
  const key = (event: KeyboardEvent) => {
    const acts: Record<string, () => void> = {
      ArrowLeft: () => onStep(-1),
      ArrowRight: () => onStep(1),
      "+": () => zoomBy(1.5),
      "-": () => zoomBy(1 / 1.5),
      f: onClose,
    };
    const act = acts[event.key];
    event.stopPropagation();
    if (!act) return;
    event.preventDefault();
    act();
  };
  const exposure = formatExposure(point.exposure);
  return (
    <dialog
      ref={dialog}
      className="lightbox"
      aria-label={`Photo of ${formatInstant(point.takenAt, zone)}`}
      data-photo={point.id}
      onKeyDown={key}
      onCancel={(event) => {
        event.preventDefault();
        onClose();
      }}
    >
      <div
        className="lightbox-stage"
        {...handlers}
        onPointerDown={(event) => {
          handlers.onPointerDown(event);
          swipe.onPointerDown(event);
        }}
        onPointerUp={(event) => {
          handlers.onPointerUp(event);
          swipe.onPointerUp(event);
        }}
      >
        <div style={{ transform: `translate(${zoom.x}px, ${zoom.y}px) scale(${zoom.scale})` }} data-scale={zoom.scale}>
          <Picture key={point.image.key} image={point.image} alt={`Taken ${formatInstant(point.takenAt, zone)}`} />
        </div>
      </div>
      <div className="lightbox-bar">
        <IconButton label="Earlier photo (←)" disabled={first} onClick={() => onStep(-1)}>
          <ChevronLeft size={24} />
        </IconButton>
        <p>
          <time dateTime={point.takenAt}>{formatInstant(point.takenAt, zone)}</time>
          <span className="muted">{[exposure, formatPlace(point)].filter(Boolean).join(" · ")}</span>
        </p>
        <IconButton label="Zoom out (-)" disabled={zoom.scale === 1} onClick={() => zoomBy(1 / 1.5)}>
          <ZoomOut size={20} />
        </IconButton>
        <IconButton label="Zoom in (+)" disabled={zoom.scale >= CLOSEST} onClick={() => zoomBy(1.5)}>
          <ZoomIn size={20} />
        </IconButton>
        <a
          className="icon-button"
          href={fileUrl(point.image, parseAddress(location.search))}
          target="_blank"
          rel="noreferrer"
          aria-label="The stored file, in a new tab"
          title="The stored file"
        >
          <ExternalLink size={19} />
        </a>
        <IconButton label="Later photo (→)" disabled={last} onClick={() => onStep(1)}>
          <ChevronRight size={24} />
        </IconButton>
        <IconButton label="Close (Esc)" onClick={onClose}>
          <X size={22} />
        </IconButton>
      </div>
    </dialog>
  );
}
