import { useVirtualizer } from "@tanstack/react-virtual";
import { type KeyboardEvent, type RefObject, useEffect, useLayoutEffect, useMemo, useRef } from "react";
import type { Point } from "#lib/schemas/trips/v1/point.ts";
import type { Day } from "#lib/schemas/trips/v1/summary.ts";
import { dayColourCss } from "../colours.ts";
import { formatDay, formatTime, ZONE } from "../format.ts";
import { Thumb } from "./thumb.tsx";

/** What one line of the gallery is. */
type Line =
  | { readonly kind: "day"; readonly index: number; readonly count: number }
  | { readonly kind: "photos"; readonly index: number; readonly photos: readonly Point[] };

/** Photos beside each other. */
const COLUMNS = 3;
const HEADING = 44;
const GAP = 8;

/**
 * The lines of the gallery, the newest first: a heading for each day, then its photos in rows. The rows of the newest day are counted from
 * its first photo, so that a new one goes to the top row and no other row changes.
 */
export function linesOf(photos: ReadonlyMap<number, readonly Point[]>, columns = COLUMNS): Line[] {
  const lines: Line[] = [];
  const days = [...photos.keys()].sort((a, b) => b - a);
  for (const index of days) {
    const all = photos.get(index)!.toReversed();
    if (all.length === 0) continue;
    lines.push({ kind: "day", index, count: all.length });
    const top = index === days[0] ? all.length % columns : 0;
    if (top > 0) lines.push({ kind: "photos", index, photos: all.slice(0, top) });
    for (let at = top; at < all.length; at += columns)
      lines.push({ kind: "photos", index, photos: all.slice(at, at + columns) });
  }
  return lines;
}

/** The name of a line, which it keeps when photos are added to it. */
const nameOf = (line: Line): string => (line.kind === "day" ? `day ${line.index}` : line.photos.at(-1)!.id);

/** Keeps what the reader looks at in its place when lines are added above it; at the top the newest stay in view. `starts` are pixels from the top of the list. */
function useAnchor(list: RefObject<HTMLElement | null>, lines: readonly Line[], starts: readonly number[]): void {
  const seen = useRef<{ name: string; start: number } | null>(null);
  useLayoutEffect(() => {
    const scroll = list.current?.closest(".scroll");
    if (!scroll || !list.current) return;
    const above = list.current.offsetTop;
    const at = lines.findIndex((line) => nameOf(line) === seen.current?.name);
    if (seen.current && at >= 0) scroll.scrollTop += starts[at]! - seen.current.start;
    const look = () => {
      const first = starts.findIndex((start) => above + start >= scroll.scrollTop);
      seen.current = first > 0 ? { name: nameOf(lines[first]!), start: starts[first]! } : null;
    };
    look();
    scroll.addEventListener("scroll", look, { passive: true });
    return () => scroll.removeEventListener("scroll", look);
  }, [lines]);
}

interface GalleryProps {
  readonly days: readonly Day[];
  readonly photos: ReadonlyMap<number, readonly Point[]>;
  readonly openId: string | null;
  readonly onOpen: (id: string) => void;
  readonly onPoint: (id: string | null) => void;
}

/** All photos by day, the newest first. Only what is in view is there, so that a hundred thousand are no more work than fifty. */
export function Gallery({ days, photos, openId, onOpen, onPoint }: GalleryProps) {
  const list = useRef<HTMLDivElement>(null);
  const lines = useMemo(() => linesOf(photos), [photos]);
  const width = list.current?.clientWidth ?? 352;
  const row = ((width - GAP * (COLUMNS - 1)) / COLUMNS) * 0.75 + GAP;
  const starts = useMemo(() => {
    let end = 0;
    return lines.map(({ kind }) => (end += kind === "day" ? HEADING : row) - (kind === "day" ? HEADING : row));
  }, [lines, row]);
  const virtual = useVirtualizer({
    count: lines.length,
    getScrollElement: () => list.current?.closest(".scroll") ?? null,
    estimateSize: (i) => (lines[i]?.kind === "day" ? HEADING : row),
    getItemKey: (i) => nameOf(lines[i]!),
    scrollMargin: list.current?.offsetTop ?? 0,
    overscan: 4,
  });
  useAnchor(list, lines, starts);
  useEffect(() => {
    const at = lines.findIndex((line) => line.kind === "photos" && line.photos.some(({ id }) => id === openId));
    if (at >= 0) virtual.scrollToIndex(at, { align: "auto" });
  }, [openId]);

  const key = (event: KeyboardEvent) => {
    const step = { ArrowRight: 1, ArrowLeft: -1, ArrowDown: COLUMNS, ArrowUp: -COLUMNS }[event.key];
    if (step === undefined || openId !== null) return;
    const thumbs = [...(list.current?.querySelectorAll<HTMLElement>(".thumb") ?? [])];
    const next = thumbs[thumbs.indexOf(document.activeElement as HTMLElement) + step];
    if (next === undefined) return;
    event.preventDefault();
    event.stopPropagation();
    next.focus();
    next.scrollIntoView({ block: "nearest" });
  };
  return (
    <div ref={list} className="gallery" style={{ height: virtual.getTotalSize() }} onKeyDown={key}>
      {virtual.getVirtualItems().map(({ key: itemKey, index, start }) => {
        const line = lines[index]!;
        const day = days[line.index];
        const at = { transform: `translateY(${start - virtual.options.scrollMargin}px)` };
        return (
          <div key={itemKey} className="gallery-line" data-kind={line.kind} style={at}>
            {line.kind === "day" ? (
              <h2>
                <i className="swatch" style={{ background: dayColourCss(line.index) }} />
                {day ? formatDay(day.date) : "Now"} <span className="muted">· {line.count}</span>
              </h2>
            ) : (
              line.photos.map((point) => (
                <Thumb
                  key={point.id}
                  point={point}
                  time={formatTime(point.takenAt, day?.zone ?? ZONE)}
                  open={point.id === openId}
                  onOpen={onOpen}
                  onPoint={onPoint}
                />
              ))
            )}
          </div>
        );
      })}
    </div>
  );
}
