import { useCallback, useLayoutEffect, useRef } from "react";
import type { Point } from "#lib/schemas/trips/v1/point.ts";
import type { Address, SetAddress } from "./address.ts";
import { neighbour, type Photos, placeAmong } from "./photos.ts";
import type { TripState } from "./state.ts";

/** The photo that is open, and how to go on from it. */
export interface Opened {
  readonly id: string | null;
  /** Undefined while none is open, and where the address names one that is not here. */
  readonly point: Point | undefined;
  /** Counted from 1. */
  readonly place: number;
  readonly before: Point | undefined;
  readonly after: Point | undefined;
  readonly open: (id: string) => void;
  readonly step: (direction: -1 | 1) => void;
  readonly close: () => void;
}

/** The opened photo, kept in the address: opening one adds to the history, going on to the next does not. The focus goes back to where it came from. */
export function useOpened({ photo: id }: Address, setAddress: SetAddress, { byId }: TripState, photos: Photos): Opened {
  const opener = useRef<Element | null>(null);
  const point = id === null ? undefined : byId.get(id);
  const before = point && neighbour(photos.all, point, -1);
  const after = point && neighbour(photos.all, point, 1);
  useLayoutEffect(() => {
    if (id === null && opener.current instanceof HTMLElement) opener.current.focus({ preventScroll: true });
  }, [id]);
  const open = useCallback(
    (next: string) => {
      if (id === null) opener.current = document.activeElement;
      setAddress({ photo: next }, id === null);
    },
    [id, setAddress],
  );
  const close = useCallback(() => setAddress({ photo: null }), [setAddress]);
  const step = (direction: -1 | 1) => {
    const next = direction === -1 ? before : after;
    if (next) setAddress({ photo: next.id });
  };
  const place = point ? Math.min(placeAmong(photos.all, point) + 1, photos.all.length) : 0;
  return { id, point, place, before, after, open, step, close };
}
