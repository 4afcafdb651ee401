import { useCallback, useEffect, useMemo, useState } from "react";
import { useLayout, useWindowHeight } from "#lib/web/layout.ts";
import { type Snap, snapHeights } from "#lib/web/sheet-snap.ts";
import { Shell } from "#lib/web/shell.tsx";
import { Failed } from "#lib/web/states.tsx";
import { useTheme } from "#lib/web/theme.ts";
import { useAddress } from "./address.ts";
import { ZONE } from "./format.ts";
import { useLiveTrip } from "./live.ts";
import type { Padding } from "./map/camera.ts";
import type { TripMap } from "./map/map.ts";
import { MapView } from "./map/map-view.tsx";
import { Controls } from "./panels/controls.tsx";
import { Header } from "./panels/header.tsx";
import { useKeys } from "./panels/keys.ts";
import { Lightbox } from "./panels/lightbox.tsx";
import { Loading } from "./panels/loading.tsx";
import { LoadFailed, NoPhotos, TripPanel } from "./panels/panel.tsx";
import { PlayerBar } from "./panels/player-bar.tsx";
import { Viewer } from "./panels/viewer.tsx";
import { createPlayer } from "./player.ts";
import { createStore } from "./store.ts";
import { msAt, placeAt, positionAt } from "./timeline.ts";
import { useTitle } from "./title.ts";
import { boundsOf } from "./track.ts";
import { useDerived } from "./use-derived.ts";
import { useOpened } from "./use-opened.ts";
import { useTripMap } from "./use-trip-map.ts";

const CREDIT = "Natural Earth · GeoNames (CC BY 4.0) · MapLibre";
/** Handle and header of the sheet, in pixels. */
const PEEK = 88;
/** The player's bar, with the space around it. */
const BAR = 76;

function paddingFor(layout: string, detail: boolean, sheet: number, bar: boolean): Padding {
  if (layout === "phone") return { top: 24, right: 44, bottom: sheet + (bar ? BAR : 0), left: 0 };
  return { top: 0, right: layout === "wide" && detail ? 480 : 60, bottom: bar ? BAR : 0, left: 400 };
}

/** The whole page. */
export function App() {
  const [address, setAddress] = useAddress();
  const { trip, status, failure, busy, retry } = useLiveTrip(address);
  const { points } = trip;
  const [following, setFollowing] = useState(address.view === null);
  const [snap, setSnap] = useState<Snap>("half");
  const [map, setMap] = useState<TripMap | null>(null);
  const [expanded, setExpanded] = useState(false);
  const [relief, setRelief] = useState((address.view?.pitch ?? 0) > 0);
  const [turned, setTurned] = useState(false);
  const [tag, setTag] = useState<string | null>(null);
  const [cursor] = useState(() => createStore<string | null>(null));
  const [player] = useState(createPlayer);
  const layout = useLayout();
  const theme = useTheme();
  const heights = snapHeights(useWindowHeight(), PEEK);

  const { detail, track, timeline, photos, indexOf } = useDerived(trip, tag);
  const days = detail?.days;
  const chosen = days?.findIndex(({ date }) => date === address.day) ?? -1;
  const { id: openId, point: opened, before, after, ...on } = useOpened(address, setAddress, trip, photos);
  const zone = (opened && days?.[track.day[indexOf.get(opened.id)!]!]?.zone) ?? days?.at(-1)?.zone ?? ZONE;
  const scope = useMemo(() => ({ seq: address.seq, share: address.share }), [address.seq, address.share]);

  useTripMap({
    map,
    theme,
    trip,
    track,
    timeline,
    address,
    day: chosen < 0 ? null : chosen,
    following,
    cursor,
    player,
  });
  useEffect(() => player.setLength(timeline.length), [player, timeline]);
  useEffect(() => {
    if (address.at && track.points.length > 0) player.seek(msAt(track, timeline, Date.parse(address.at)));
  }, [trip.loaded]);
  useEffect(() => {
    if (map && relief) map.setRelief(true);
  }, [map]);
  useTitle({
    loaded: trip.loaded,
    failed: failure !== null,
    live: status.state === "live",
    photos: Math.max(photos.all.length, detail?.trip.photos ?? 0),
    openedAt: opened?.takenAt,
    trip: detail?.trip.title,
    seq: address.seq,
  });
  const show = useCallback(
    (id: string) => {
      setSnap((now) => (now === "peek" ? "half" : now));
      on.open(id);
    },
    [on.open],
  );
  const close = () => {
    setExpanded(false);
    on.close();
  };
  const rememberView = () => {
    if (!map) return;
    const { active, ms } = player.state.get();
    const at = active ? new Date(positionAt(track, placeAt(timeline, ms)).instant).toISOString() : null;
    setAddress({ view: map.view(), at });
  };
  /** Playback begins where the chosen day does. */
  const play = () => {
    const day = days?.[chosen];
    if (day && !player.state.get().active) player.seek(msAt(track, timeline, Date.parse(day.from)));
    player.toggle();
  };
  const seekBy = (step: number) => {
    const { active, ms, speed } = player.state.get();
    if (active) player.seek(ms + step * 2_000 * speed);
    return active;
  };
  useKeys((key) => {
    if (key === "Escape") return opened || openId !== null ? (close(), true) : false;
    if (key === "ArrowLeft" || key === "ArrowRight") {
      const direction = key === "ArrowLeft" ? -1 : 1;
      return opened ? (on.step(direction), true) : seekBy(direction);
    }
    if (key === "f" && opened?.image) return (setExpanded(true), true);
    if (points.length < 2) return false;
    if (key === " " || key === "k") return (play(), true);
    if (key === "[" || key === "]") return (player.faster(key === "[" ? -1 : 1), true);
    return false;
  });

  const follow = () => {
    const last = points.at(-1);
    if (!following && last) map?.reveal(last, true);
    setFollowing(!following);
  };
  const fit = () => {
    const whole = detail?.trip.bbox as [number, number, number, number] | null | undefined;
    const box = trip.only === null ? boundsOf(points) : whole;
    if (box) map?.fit(box);
  };
  const toggleRelief = () => {
    map?.setRelief(!relief);
    setRelief(!relief);
  };
  const gone = openId !== null && trip.loaded && !opened;
  const nowhere = trip.loaded && (detail === null || (points.length === 0 && detail.trip.points === 0));
  const lastAt = points.at(-1)?.takenAt;
  const panel = failure ? (
    trip.loaded && failure.retryAt !== null && detail ? null : (
      <LoadFailed failure={failure} onRetry={retry} onHome={() => setAddress({ trip: null, day: null, photo: null })} />
    )
  ) : !trip.loaded ? (
    <Loading />
  ) : null;
  const content =
    panel ??
    (nowhere || !detail ? (
      <NoPhotos />
    ) : (
      <TripPanel
        {...{ detail, track, photos, cursor, indexOf, scope, openId, tag }}
        day={address.day}
        filtering={address.filter !== "off"}
        about={{ status, seq: trip.seq, viewers: trip.viewers, lastAt, digest: trip.digest }}
        onOpen={show}
        onDay={(day) => setAddress({ day, view: null })}
        onTag={setTag}
        onFiltering={(on) => setAddress({ filter: on ? null : "off" })}
        onShare={rememberView}
      />
    ));
  const view = opened ? (
    <Viewer
      point={opened}
      place={on.place}
      count={photos.all.length}
      {...{ zone, before, after }}
      onStep={on.step}
      onExpand={() => setExpanded(opened.image !== null)}
      onShare={rememberView}
      onClose={close}
    />
  ) : gone ? (
    <Failed title="This photo is not here" onRetry={close} action="Show all photos">
      It was deleted, it lies on another day, or the address is wrong.
    </Failed>
  ) : null;
  const playable = panel === null && points.length > 1;

  return (
    <>
      <Shell
        layout={layout}
        label="Trip"
        detailLabel="Photo"
        map={
          <MapView
            theme={theme}
            padding={paddingFor(layout, view !== null, Math.min(heights[snap], heights.half), playable)}
            events={{
              onOpen: show,
              onHover: cursor.set,
              onMoved: () => setFollowing(false),
              onView: (_, { pitch, bearing }) => {
                setTurned(pitch > 0 || bearing !== 0);
                if (!following) rememberView();
              },
            }}
            onReady={setMap}
          />
        }
        header={
          <Header
            status={status}
            lastAt={lastAt}
            viewers={trip.viewers}
            loaded={trip.loaded}
            busy={busy}
            wanted={address.trip}
            trips={trip.trips}
            chosen={detail?.trip ?? null}
            seq={address.seq}
            onChoose={(id) => setAddress({ trip: id, day: null, photo: null, view: null, at: null }, true)}
            onRetry={retry}
            onNow={() => setAddress({ seq: null })}
          />
        }
        panel={
          <div className="content" aria-busy={busy}>
            {content}
          </div>
        }
        detail={view}
        fit={nowhere || panel !== null || (layout === "medium" && view !== null)}
        controls={
          <Controls
            {...{ following, relief, turned }}
            enabled={points.length > 0}
            onFollow={follow}
            onFit={fit}
            onZoom={(by) => map?.zoomBy(by)}
            onRelief={toggleRelief}
            onNorth={() => map?.north()}
          />
        }
        bar={playable ? <PlayerBar {...{ player, track, timeline, zone }} onToggle={play} onOpen={show} /> : null}
        credit={CREDIT}
        sheet={{ snap, heights, onSnap: setSnap }}
      />
      {expanded && opened?.image ? (
        <Lightbox
          point={{ ...opened, image: opened.image }}
          zone={zone}
          first={!before}
          last={!after}
          onStep={on.step}
          onClose={() => setExpanded(false)}
        />
      ) : null}
    </>
  );
}
