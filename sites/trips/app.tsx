import { Camera } from "lucide-react";
import { useCallback, useEffect, useLayoutEffect, useMemo, useRef, useState } from "react";
import { useLayout, useWindowHeight } from "#lib/web/layout.ts";
import { type Snap, snapHeights } from "#lib/web/sheet-snap.ts";
import { Shell } from "#lib/web/shell.tsx";
import { Empty, Failed } from "#lib/web/states.tsx";
import { useTheme } from "#lib/web/theme.ts";
import { formatSpan, useNow } from "#lib/web/time.ts";
import { ZONE } from "./format.ts";
import { type LoadFailure, useLiveTrip } from "./live.ts";
import type { Padding, TripMap } from "./map/map.ts";
import { MapView } from "./map/map-view.tsx";
import { Controls } from "./panels/controls.tsx";
import { Gallery } from "./panels/gallery.tsx";
import { Header } from "./panels/header.tsx";
import { Loading } from "./panels/loading.tsx";
import { Summary } from "./panels/summary.tsx";
import { Viewer } from "./panels/viewer.tsx";
import { neighbour } from "./state.ts";
import { pageTitle } from "./title.ts";
import { daysOf, legsOf, profileOf, statsOf } from "./trip.ts";
import { usePhotoInUrl } from "./url.ts";

const CREDIT = "Natural Earth · GeoNames (CC BY 4.0) · MapLibre";
/** Handle and header of the sheet, in pixels. */
const PEEK = 88;

function paddingFor(layout: string, detail: boolean, sheet: number): Padding {
  if (layout === "phone") return { top: 24, right: 44, bottom: sheet, left: 0 };
  return { top: 0, right: layout === "wide" && detail ? 480 : 60, bottom: 0, left: 400 };
}

function LoadFailed({ failure, onRetry }: { readonly failure: LoadFailure; readonly onRetry: () => void }) {
  const wait = failure.retryAt - useNow();
  return (
    <Failed title="The photos could not be loaded" onRetry={onRetry}>
      {failure.reason} {wait > 0 ? `Next try in ${formatSpan(wait + 999)}.` : "Trying now."}
    </Failed>
  );
}

/** The whole page. */
export function App() {
  const { trip, status, failure, retry } = useLiveTrip();
  const { points } = trip;
  const [openId, open] = usePhotoInUrl();
  const [following, setFollowing] = useState(true);
  const [snap, setSnap] = useState<Snap>("half");
  const [map, setMap] = useState<TripMap | null>(null);
  const layout = useLayout();
  const theme = useTheme();
  const heights = snapHeights(useWindowHeight(), PEEK);
  const opener = useRef<Element | null>(null);
  const placed = useRef(false);

  const legs = useMemo(() => legsOf(points), [points]);
  const stats = useMemo(() => statsOf(points, legs), [points, legs]);
  const days = useMemo(() => daysOf(points, ZONE), [points]);
  const profile = useMemo(() => profileOf(points, legs, 160), [points, legs]);
  const opened = openId === null ? undefined : trip.byId.get(openId);

  const show = useCallback(
    (id: string) => {
      if (openId === null) opener.current = document.activeElement;
      setSnap((now) => (now === "peek" ? "half" : now));
      open(id);
    },
    [openId, open],
  );
  const close = useCallback(() => open(null), [open]);
  useLayoutEffect(() => {
    if (openId === null && opener.current instanceof HTMLElement) opener.current.focus({ preventScroll: true });
  }, [openId]);
  const step = useCallback(
    (direction: -1 | 1) => {
      const next = openId === null ? undefined : neighbour(trip, openId, direction);
      if (next) open(next.id);
    },
    [trip, openId, open],
  );

  useEffect(() => map?.show(points, legs, stats.elevation), [map, points, legs, stats]);
  useEffect(() => {
    if (!map || placed.current || points.length === 0) return;
    placed.current = true;
    map.fit(days[0]?.points ?? points);
  }, [map, points, days]);
  useEffect(() => map?.select(opened ?? null), [map, opened]);
  useEffect(() => {
    if (!map || !trip.arrived) return;
    map.pulse(trip.arrived);
    if (following && openId === null) map.reveal(trip.arrived);
  }, [map, trip.arrived]);
  useEffect(() => {
    document.title = pageTitle({
      loaded: trip.loaded,
      failed: failure !== null,
      live: status.state === "live",
      photos: points.length,
      openedAt: opened?.takenAt,
    });
  }, [trip.loaded, failure, status.state, points.length, opened]);

  const follow = () => {
    const last = points.at(-1);
    if (!following && last) map?.reveal(last, true);
    setFollowing(!following);
  };
  const gone = openId !== null && trip.loaded && !opened;
  const panel = !trip.loaded ? (
    failure ? (
      <LoadFailed failure={failure} onRetry={retry} />
    ) : (
      <Loading />
    )
  ) : points.length === 0 ? (
    <Empty icon={<Camera size={24} />} title="No photos yet">
      The camera takes one every few seconds while it is on the road. Each appears here by itself.
    </Empty>
  ) : (
    <>
      <Summary stats={stats} profile={profile} />
      <Gallery days={days} openId={openId} onOpen={show} />
    </>
  );
  const detail = opened ? (
    <Viewer point={opened} place={points.indexOf(opened) + 1} count={points.length} onStep={step} onClose={close} />
  ) : gone ? (
    <Failed title="This photo is not here" onRetry={() => open(null)} action="Show all photos">
      It was deleted, or the address is wrong.
    </Failed>
  ) : null;

  return (
    <Shell
      layout={layout}
      label="Photos"
      detailLabel="Photo"
      map={
        <MapView
          theme={theme}
          padding={paddingFor(layout, detail !== null, Math.min(heights[snap], heights.half))}
          events={{ onOpen: show, onMoved: () => setFollowing(false) }}
          onReady={setMap}
        />
      }
      header={
        <Header
          status={status}
          lastAt={points.at(-1)?.takenAt}
          viewers={trip.viewers}
          loaded={trip.loaded}
          onRetry={retry}
        />
      }
      panel={panel}
      detail={detail}
      fit={points.length === 0 || (layout === "medium" && detail !== null)}
      controls={
        <Controls
          following={following}
          enabled={points.length > 0}
          onFollow={follow}
          onFit={() => map?.fit(points)}
          onZoom={(by) => map?.zoomBy(by)}
        />
      }
      credit={CREDIT}
      sheet={{ snap, heights, onSnap: setSnap }}
    />
  );
}
