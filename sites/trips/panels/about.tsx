import { CircleCheck, CircleX, LoaderCircle } from "lucide-react";
import { useEffect, useState } from "react";
import type { Digest } from "#lib/schemas/trips/v1/api.ts";
import type { LiveStatus } from "#lib/web/live-socket.ts";
import { formatSpan, useNow } from "#lib/web/time.ts";
import { loadDigest, loadStats, type Scope } from "../api.ts";
import { formatCount } from "../format.ts";

interface AboutProps {
  readonly scope: Scope;
  readonly status: LiveStatus;
  readonly seq: number;
  readonly viewers: number | null;
  readonly lastAt: string | undefined;
  /** What the service said last of its state on the live connection. */
  readonly digest: Digest | null;
}

type Check =
  | { readonly state: "checking" }
  | { readonly state: "same" | "differs"; readonly seq: number; readonly sha256: string }
  | { readonly state: "unknown"; readonly reason: string };

/** Compares the fingerprint that the service told last with one that it computes anew at the same point of history. */
function useCheck(scope: Scope, digest: Digest | null): { check: Check; unreadable: number | null } {
  const [check, setCheck] = useState<Check>({ state: "checking" });
  const [unreadable, setUnreadable] = useState<number | null>(null);
  const seq = digest?.seq;
  useEffect(() => {
    const ended = new AbortController();
    const look = async () => {
      const stats = await loadStats(ended.signal, scope);
      const told = digest ?? stats?.digest;
      if (!stats || !told) return;
      setUnreadable(stats.unreadable);
      const anew = await loadDigest({ seq: told.seq, share: scope.share }, ended.signal);
      if (anew) setCheck({ state: anew.sha256 === told.sha256 ? "same" : "differs", ...told });
    };
    look().catch((error: Error) => {
      if (!ended.signal.aborted) setCheck({ state: "unknown", reason: error.message });
    });
    return () => ended.abort();
  }, [seq, scope.seq, scope.share]);
  return { check, unreadable };
}

const CHECKS = {
  checking: [LoaderCircle, "Being checked."],
  same: [CircleCheck, "Computed anew, the state is the same."],
  differs: [CircleX, "Computed anew, the state differs: what is shown may be wrong."],
  unknown: [CircleX, "Not checked."],
} as const;

/** How the trip and its service are: the health strip, the last event, the fingerprint of the state and its check. */
export function About({ scope, status, seq, viewers, lastAt, digest }: AboutProps) {
  const now = useNow();
  const { check, unreadable } = useCheck(scope, digest);
  const [Icon, said] = CHECKS[check.state];
  const live = scope.seq === null && status.state === "live";
  const age = lastAt === undefined ? null : now - Date.parse(lastAt);
  return (
    <div className="about">
      <ul className="health" aria-label="Health">
        <li data-state={live ? "good" : "bad"}>
          {live ? "Connected" : scope.seq === null ? "Not connected" : "A point of history"}
        </li>
        <li data-state={age !== null && age < 120_000 ? "good" : "quiet"}>
          {age === null ? "No photo yet" : `Last photo ${formatSpan(age)} ago`}
        </li>
        <li data-state={unreadable === null ? "quiet" : unreadable === 0 ? "good" : "bad"}>
          {unreadable === null
            ? "Events not counted"
            : unreadable === 0
              ? "All events readable"
              : `${formatCount(unreadable, "event")} unreadable, left out`}
        </li>
        <li data-state={check.state === "same" ? "good" : check.state === "differs" ? "bad" : "quiet"}>
          {check.state === "same"
            ? "State verified"
            : check.state === "differs"
              ? "State differs"
              : "State not verified"}
        </li>
      </ul>
      <dl className="facts">
        <dt>Last event</dt>
        <dd>{seq.toLocaleString("en")}</dd>
        <dt>Viewers</dt>
        <dd>{viewers === null ? "not known" : viewers.toLocaleString("en")}</dd>
        <dt>Fingerprint</dt>
        <dd className="digest" data-check={check.state}>
          <Icon size={16} aria-hidden />
          <span>
            {check.state === "unknown" ? `${said} ${check.reason}` : said}
            {"sha256" in check ? <code>{check.sha256}</code> : null}
            {"seq" in check ? <span className="muted">at event {check.seq.toLocaleString("en")}</span> : null}
          </span>
        </dd>
      </dl>
      <p className="muted">
        Every photo, deletion and name is an event in one stream. The page shows what they fold to; <code>?seq=N</code>{" "}
        in the address shows it as it was after event N.
      </p>
    </div>
  );
}
