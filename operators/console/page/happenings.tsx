import { Activity, ArrowRight, Hand, KeyRound, Megaphone, Workflow } from "lucide-react";
import { useState } from "react";
import { Empty } from "#lib/web/states.tsx";
import { type Entry, isLook } from "../snapshot.ts";
import { callPath, laidOut, meaningOf, timeOfDay, toneOf } from "./words.ts";

/** What has happened, the newest first: what one did, what the operator wrote, and its calls. */
export function Happenings({ entries }: { readonly entries: readonly Entry[] }) {
  const [looks, setLooks] = useState(false);
  const shown = looks ? entries : entries.filter((entry) => !isLook(entry));
  return (
    <>
      <label className="looks">
        <input type="checkbox" checked={looks} onChange={() => setLooks(!looks)} />
        Show calls that only look
      </label>
      {shown.length === 0 ? (
        <Empty icon={<Activity size={24} />} title="Nothing has happened yet">
          <p>What you do, what the operator does about it and what Cloudflare answers appears here.</p>
        </Empty>
      ) : (
        <ol className="happenings">
          {shown.slice(0, 150).map((entry) => (
            <li key={entry.id} className="happening" data-kind={entry.kind}>
              <time dateTime={new Date(entry.atMs).toISOString()}>{timeOfDay(entry.atMs)}</time>
              <What entry={entry} />
            </li>
          ))}
        </ol>
      )}
    </>
  );
}

function What({ entry }: { readonly entry: Entry }) {
  switch (entry.kind) {
    case "you":
      return (
        <p>
          <Hand size={15} aria-label="You" /> {entry.text}
        </p>
      );
    case "operator":
      return (
        <p>
          <KeyRound size={15} aria-label="Lease" /> {entry.text}
        </p>
      );
    case "state":
      return (
        <p>
          <Workflow size={15} aria-label="State" /> <strong>{entry.key}</strong>{" "}
          {entry.phase === null ? (
            "is gone"
          ) : (
            <>
              <ArrowRight size={14} aria-label="is now" />{" "}
              <span className="phase" data-tone={toneOf(entry.phase)}>
                {entry.phase}
              </span>{" "}
              <span className="muted">{meaningOf(entry.phase)}</span>
            </>
          )}
        </p>
      );
    case "event":
      return (
        <p data-tone={entry.type === "Warning" ? "bad" : undefined}>
          <Megaphone size={15} aria-label="Event" /> <strong>{entry.key}</strong> {entry.reason}
          {entry.count > 1 && ` (${entry.count} times)`}: {entry.note}
        </p>
      );
    case "call":
      return <Call entry={entry} />;
  }
}

function Call({ entry: { method, path, body, end } }: { readonly entry: Extract<Entry, { kind: "call" }> }) {
  const failed = end !== null && (end.status === null || end.status >= 400);
  const line = (
    <>
      <code>
        <b>{method}</b> {callPath(path)}
      </code>
      <span className="answer" data-tone={failed ? "bad" : end === null ? "busy" : "good"}>
        {end === null ? "…" : (end.status ?? "no answer")}
      </span>
      {end !== null && <span className="muted">{end.ms} ms</span>}
    </>
  );
  if (body === null && !end?.answer) return <p className="call">{line}</p>;
  return (
    <details>
      <summary className="call">{line}</summary>
      {body !== null && <pre aria-label="Sent">{laidOut(body)}</pre>}
      {end?.answer && <pre aria-label="Answer">{laidOut(end.answer)}</pre>}
    </details>
  );
}
