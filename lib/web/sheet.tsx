import { type KeyboardEvent, type PointerEvent, type ReactNode, useRef, useState } from "react";
import { type Snap, settle, type SnapHeights, snapByKey } from "./sheet-snap.ts";

interface SheetProps {
  /** What the sheet holds, for those who do not see it. */
  readonly label: string;
  /** Stays visible at every rest; dragging it drags the sheet. */
  readonly header: ReactNode;
  readonly children: ReactNode;
  readonly heights: SnapHeights;
  readonly snap: Snap;
  readonly onSnap: (snap: Snap) => void;
}

interface Drag {
  readonly y: number;
  readonly height: number;
  last: { y: number; at: number };
  velocity: number;
}

const SAYS: Readonly<Record<Snap, string>> = { peek: "collapsed", half: "half open", full: "open" };
/** A press that moves less than this is a click. */
const SLOP = 6;

/** A panel at the bottom of a phone's screen that is dragged by finger, mouse or the keys ↑ ↓ Home End. */
export function Sheet({ label, header, children, heights, snap, onSnap }: SheetProps) {
  const drag = useRef<Drag | null>(null);
  const [dragged, setDragged] = useState<number | null>(null);

  const start = (event: PointerEvent) => {
    const pressed = (event.target as Element).closest("button, a");
    if (event.button !== 0 || (pressed && !pressed.classList.contains("sheet-handle"))) return;
    drag.current = {
      y: event.clientY,
      height: heights[snap],
      last: { y: event.clientY, at: event.timeStamp },
      velocity: 0,
    };
    event.currentTarget.setPointerCapture(event.pointerId);
  };
  const move = (event: PointerEvent) => {
    const current = drag.current;
    if (!current || (dragged === null && Math.abs(event.clientY - current.y) < SLOP)) return;
    const elapsed = event.timeStamp - current.last.at;
    if (elapsed > 0) current.velocity = (current.last.y - event.clientY) / elapsed;
    current.last = { y: event.clientY, at: event.timeStamp };
    setDragged(Math.max(heights.peek, Math.min(heights.full, current.height + current.y - event.clientY)));
  };
  const end = () => {
    const current = drag.current;
    drag.current = null;
    if (!current) return;
    if (dragged !== null) onSnap(settle(dragged, current.velocity, heights));
    else onSnap(snap === "peek" ? "half" : snap === "half" ? "full" : "peek");
    setDragged(null);
  };
  const key = (event: KeyboardEvent) => {
    const next =
      event.key === "Enter" || event.key === " " ? (snap === "full" ? "peek" : "full") : snapByKey(snap, event.key);
    if (next === undefined) return;
    event.preventDefault();
    event.stopPropagation();
    onSnap(next);
  };

  return (
    <section
      className="sheet"
      aria-label={label}
      data-dragging={dragged !== null}
      data-snap={snap}
      style={{ ["--sheet-height" as string]: `${dragged ?? heights[snap]}px` }}
    >
      <div className="sheet-grip" onPointerDown={start} onPointerMove={move} onPointerUp={end} onPointerCancel={end}>
        <button
          type="button"
          className="sheet-handle"
          aria-label={`${label}, ${SAYS[snap]}. Arrow keys resize it`}
          onKeyDown={key}
        />
        {header}
      </div>
      <div className="scroll" inert={snap === "peek" && dragged === null}>
        {children}
      </div>
    </section>
  );
}
