import { useEffect, useRef, useState } from "react";
import type { Theme } from "#lib/web/theme.ts";
import type { Padding, TripMap, TripMapEvents } from "./map.ts";

interface MapViewProps {
  readonly theme: Theme;
  readonly padding: Padding;
  readonly events: Omit<TripMapEvents, "onView">;
  /** Called once, with the map, when it can be drawn on. */
  readonly onReady: (map: TripMap) => void;
}

/** The element that the map is drawn into. Its code and data load after the page's first paint. */
export function MapView({ theme, padding, events, onReady }: MapViewProps) {
  const container = useRef<HTMLDivElement>(null);
  const latest = useRef({ theme, padding, events, onReady });
  latest.current = { theme, padding, events, onReady };
  const [map, setMap] = useState<TripMap | null>(null);
  const [failed, setFailed] = useState(false);
  const [photos, setPhotos] = useState<number | null>(null);

  useEffect(() => {
    let ended = false;
    let made: TripMap | undefined;
    const start = async () => {
      const { createTripMap } = await import("./map.ts");
      if (ended || !container.current) return;
      made = await createTripMap(
        container.current,
        latest.current.theme,
        new URL("basemap.pmtiles", document.baseURI).href,
        {
          onOpen: (id) => latest.current.events.onOpen(id),
          onMoved: () => latest.current.events.onMoved(),
          onView: setPhotos,
        },
      );
      if (ended) return made.remove();
      made.setPadding(latest.current.padding);
      setMap(made);
      latest.current.onReady(made);
    };
    start().catch((error: unknown) => {
      console.error("the map could not be drawn", error);
      if (!ended) setFailed(true);
    });
    return () => {
      ended = true;
      made?.remove();
    };
  }, []);

  useEffect(() => map?.setTheme(theme), [map, theme]);
  const { top, right, bottom, left } = padding;
  useEffect(() => map?.setPadding({ top, right, bottom, left }), [map, top, right, bottom, left]);

  return (
    <>
      <div ref={container} className="map" aria-describedby="map-view" />
      <p id="map-view" className="visually-hidden" data-photos={photos ?? undefined}>
        {photos === null
          ? "The map is loading."
          : `${photos} ${photos === 1 ? "photo" : "photos"} in view. The list of photos holds the same.`}
      </p>
      {failed ? (
        <p className="map-failed" role="alert">
          The map cannot be drawn: this browser offers no WebGL 2. The photos are in the list.
        </p>
      ) : null}
    </>
  );
}
