import { History, Users } from "lucide-react";
import type { LiveStatus } from "#lib/web/live-socket.ts";
import { Stale } from "#lib/web/states.tsx";
import { ThemeSwitch } from "#lib/web/theme-switch.tsx";
import type { TripSummary } from "#lib/schemas/trips/v1/summary.ts";
import { formatSpan, useNow } from "#lib/web/time.ts";
import { TripChooser } from "./trip-head.tsx";

/** A connection that is lost for less than this is not worth a word. */
const GRACE_MS = 3_000;

interface HeaderProps {
  readonly status: LiveStatus;
  /** Instant of the newest photo. */
  readonly lastAt: string | undefined;
  readonly viewers: number | null;
  readonly loaded: boolean;
  /** Another trip is wanted, and on its way. */
  readonly busy: boolean;
  readonly trips: readonly TripSummary[];
  readonly chosen: TripSummary | null;
  /** The trip that the address asks for; null for the newest. */
  readonly wanted: string | null;
  /** The event up to which history is shown; null for now. */
  readonly seq: number | null;
  readonly onChoose: (id: string) => void;
  readonly onRetry: () => void;
  readonly onNow: () => void;
}

/** Title, freshness and company: whether the page is live, how old the newest photo is, how many watch. */
export function Header({ status, lastAt, viewers, loaded, busy, trips, chosen, wanted, seq, ...on }: HeaderProps) {
  const now = useNow();
  const past = seq !== null;
  const lost = loaded && !past && status.state !== "live" && now - status.since > GRACE_MS;
  const live = loaded && !past && status.state === "live";
  return (
    <header className="header" data-busy={busy}>
      <div className="header-row">
        <div className="header-title">
          <TripChooser
            trips={trips}
            chosen={trips.find(({ id }) => busy && id === wanted) ?? chosen}
            onChoose={on.onChoose}
          />
          <p className="header-live">
            <span className="dot" data-state={busy ? "wait" : live ? "live" : lost ? "lost" : "wait"} />
            <span role={busy ? "status" : undefined}>
              {busy ? "Loading the trip" : past ? "History" : live ? "Live" : lost ? "Not live" : "Connecting"}
            </span>
            {lastAt === undefined || busy ? null : (
              <span className="muted">· last photo {formatSpan(now - Date.parse(lastAt))} ago</span>
            )}
          </p>
        </div>
        {viewers === null || !live ? null : (
          <p className="header-viewers muted" title={`${viewers} ${viewers === 1 ? "viewer" : "viewers"} now`}>
            <Users size={16} aria-hidden />
            <span aria-hidden>{viewers}</span>
            <span className="visually-hidden">
              {viewers} {viewers === 1 ? "viewer" : "viewers"}
            </span>
          </p>
        )}
        <ThemeSwitch />
      </div>
      {past ? (
        <div className="stale banner" role="status">
          <History size={18} aria-hidden />
          <p>As of event {seq.toLocaleString("en")}, deleted photos and all.</p>
          <button type="button" className="button" onClick={on.onNow}>
            Show now
          </button>
        </div>
      ) : null}
      {lost ? (
        <Stale onRetry={on.onRetry}>
          No connection for {formatSpan(now - status.since)}.{" "}
          {status.state === "waiting" ? `Next try in ${formatSpan(status.retryAt - now)}.` : "Trying now."}
        </Stale>
      ) : null}
    </header>
  );
}
