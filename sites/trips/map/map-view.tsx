import { useEffect, useRef, useState } from "react";
import { hasArchive } from "#lib/web/map/terrain.ts";
import type { Theme } from "#lib/web/theme.ts";
import type { Padding } from "./camera.ts";
import type { TripMap, TripMapEvents } from "./map.ts";

interface MapViewProps {
  readonly theme: Theme;
  readonly padding: Padding;
  readonly events: TripMapEvents;
  /** Called once, with the map, when it can be drawn on. */
  readonly onReady: (map: TripMap) => void;
}

const archive = (name: string) => new URL(name, document.baseURI).href;

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
      const [{ createTripMap }, hills] = await Promise.all([
        import("./map.ts"),
        hasArchive(archive("terrain.pmtiles")),
      ]);
      if (ended || !container.current) return;
      const data = { basemap: archive("basemap.pmtiles"), terrain: hills ? archive("terrain.pmtiles") : null };
      made = await createTripMap(container.current, latest.current.theme, data, {
        onOpen: (id) => latest.current.events.onOpen(id),
        onHover: (id) => latest.current.events.onHover(id),
        onMoved: () => latest.current.events.onMoved(),
        onView: (count, view) => {
          setPhotos(count);
          latest.current.events.onView(count, view);
        },
      });
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
          : `${photos} ${photos === 1 ? "point" : "points"} in view. The list of photos holds the same.`}
      </p>
      {failed ? (
        <p className="map-failed" role="alert">
          The map cannot be drawn: this browser offers no WebGL 2. The photos are in the list.
        </p>
      ) : null}
    </>
  );
}
