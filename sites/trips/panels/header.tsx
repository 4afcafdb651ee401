import { Users } from "lucide-react";
import type { LiveStatus } from "#lib/web/live-socket.ts";
import { Stale } from "#lib/web/states.tsx";
import { ThemeSwitch } from "#lib/web/theme-switch.tsx";
import { formatSpan, useNow } from "#lib/web/time.ts";

/** A connection that is lost for less than this is not worth a word. */
const GRACE_MS = 3_000;

interface HeaderProps {
  readonly status: LiveStatus;
  /** Instant of the newest photo. */
  readonly lastAt: string | undefined;
  readonly viewers: number | null;
  readonly loaded: boolean;
  readonly onRetry: () => void;
}

/** Title, freshness and company: whether the page is live, how old the newest photo is, how many watch. */
export function Header({ status, lastAt, viewers, loaded, onRetry }: HeaderProps) {
  const now = useNow();
  const lost = loaded && status.state !== "live" && now - status.since > GRACE_MS;
  const live = loaded && status.state === "live";
  return (
    <header className="header">
      <div className="header-row">
        <div className="header-title">
          <h1>Trips</h1>
          <p className="header-live">
            <span className="dot" data-state={live ? "live" : lost ? "lost" : "wait"} />
            <span>{live ? "Live" : lost ? "Not live" : "Connecting"}</span>
            {lastAt === undefined ? null : (
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
      {lost ? (
        <Stale onRetry={onRetry}>
          No connection for {formatSpan(now - status.since)}.{" "}
          {status.state === "waiting" ? `Next try in ${formatSpan(status.retryAt - now)}.` : "Trying now."}
        </Stale>
      ) : null}
    </header>
  );
}
