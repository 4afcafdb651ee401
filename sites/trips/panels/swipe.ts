import { type PointerEvent, useRef } from "react";

/** Pixels and ms of what counts as a swipe. */
const FAR = 48;
const SOON = 600;

/** Handlers that tell a swipe to the left (1: what comes later) from one to the right (-1). Presses and slow drags are none. */
export function useSwipe(onSwipe: (step: -1 | 1) => void) {
  const start = useRef<{ x: number; y: number; at: number; id: number } | null>(null);
  return {
    onPointerDown: ({ clientX, clientY, timeStamp, pointerId, isPrimary }: PointerEvent) => {
      start.current = isPrimary ? { x: clientX, y: clientY, at: timeStamp, id: pointerId } : null;
    },
    onPointerUp: ({ clientX, clientY, timeStamp, pointerId }: PointerEvent) => {
      const from = start.current;
      start.current = null;
      if (!from || from.id !== pointerId || timeStamp - from.at > SOON) return;
      const [dx, dy] = [clientX - from.x, clientY - from.y];
      if (Math.abs(dx) > FAR && Math.abs(dx) > 2 * Math.abs(dy)) onSwipe(dx < 0 ? 1 : -1);
    },
    onPointerCancel: () => {
      start.current = null;
    },
  };
}
