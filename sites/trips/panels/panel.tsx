import { Camera } from "lucide-react";
import { useState } from "react";
import type { TripReply } from "#lib/schemas/trips/v1/summary.ts";
import { Empty, Failed } from "#lib/web/states.tsx";
import { formatSpan, useNow } from "#lib/web/time.ts";
import type { Scope } from "../api.ts";
import type { LoadFailure } from "../live.ts";
import type { Photos } from "../photos.ts";
import type { Store } from "../store.ts";
import type { Track } from "../track.ts";
import { About } from "./about.tsx";
import { Days } from "./days.tsx";
import { Gallery } from "./gallery.tsx";
import { Profile } from "./profile.tsx";
import { ShareMenu } from "./share-menu.tsx";
import { Statistics } from "./statistics.tsx";
import { Tabs } from "./tabs.tsx";
import { FiguresRow, whenOf } from "./trip-head.tsx";

const TABS = [
  { id: "days", title: "Days" },
  { id: "photos", title: "Photos" },
  { id: "figures", title: "Figures" },
  { id: "about", title: "About" },
] as const;

/** Says why the trip could not be loaded, and when that is tried again. */
export function LoadFailed({
  failure,
  onRetry,
  onHome,
}: {
  readonly failure: LoadFailure;
  readonly onRetry: () => void;
  readonly onHome: () => void;
}) {
  const now = useNow();
  if (failure.retryAt === null) {
    return (
      <Failed title="This trip is not here" onRetry={onHome} action="Show the newest trip">
        {failure.reason}
      </Failed>
    );
  }
  const wait = failure.retryAt - now;
  return (
    <Failed title="The photos could not be loaded" onRetry={onRetry}>
      {failure.reason} {wait > 0 ? `Next try in ${formatSpan(wait + 999)}.` : "Trying now."}
    </Failed>
  );
}

/** There is no photo yet. */
export function NoPhotos() {
  return (
    <Empty icon={<Camera size={24} />} title="No photos yet">
      The camera takes one every few seconds while it is on the road. Each appears here by itself.
    </Empty>
  );
}

interface TripPanelProps {
  readonly detail: TripReply;
  readonly track: Track;
  readonly photos: Photos;
  readonly cursor: Store<string | null>;
  readonly indexOf: ReadonlyMap<string, number>;
  readonly scope: Scope;
  readonly openId: string | null;
  readonly day: string | null;
  readonly tag: string | null;
  readonly filtering: boolean;
  /** What the About tab says beside. */
  readonly about: Omit<Parameters<typeof About>[0], "scope">;
  readonly onOpen: (id: string) => void;
  readonly onDay: (date: string | null) => void;
  readonly onTag: (tag: string | null) => void;
  readonly onFiltering: (on: boolean) => void;
  readonly onShare: () => void;
}

/** One trip: what one wants to know first, the profile, and below it days, photos, figures, or how all this is known. */
export function TripPanel({
  detail,
  track,
  photos,
  cursor,
  indexOf,
  scope,
  openId,
  day,
  tag,
  ...rest
}: TripPanelProps) {
  const [tab, setTab] = useState<(typeof TABS)[number]["id"]>("days");
  const { trip, days, stops, gaps } = detail;
  const shared = { openId, onOpen: rest.onOpen, onPoint: cursor.set };
  return (
    <>
      <section className="summary" aria-label="The trip in figures">
        <div className="summary-row">
          <p className="muted">{whenOf(detail)}</p>
          <ShareMenu trip={trip.id} scope={scope} onShare={rest.onShare} />
        </div>
        <FiguresRow stats={trip.stats} photos={trip.photos} />
        <Profile track={track} cursor={cursor} indexOf={indexOf} onOpen={rest.onOpen} />
      </section>
      <Tabs label="The trip" tabs={TABS} chosen={tab} onChoose={setTab}>
        {tab === "days" ? (
          <Days days={days} stops={stops} photos={photos.byDay} chosen={day} onChoose={rest.onDay} {...shared} />
        ) : tab === "photos" ? (
          <Gallery days={days} photos={photos.byDay} {...shared} />
        ) : tab === "figures" ? (
          <Statistics
            {...{ trip, days, stops, gaps, tag }}
            tags={photos.tags}
            onTag={rest.onTag}
            filtering={rest.filtering}
            onFiltering={rest.onFiltering}
          />
        ) : (
          <About scope={scope} {...rest.about} />
        )}
      </Tabs>
    </>
  );
}
