import { useMemo, useState } from "react";
import { X } from "lucide-react";
import { IconButton } from "#lib/web/icon-button.tsx";
import { Stale } from "#lib/web/states.tsx";
import { formatSpan, useNow } from "#lib/web/time.ts";
import { act, hush, useSaid } from "./act.ts";
import { Ask, NAME } from "./ask.tsx";
import { CloudflareColumn } from "./cloudflare.tsx";
import { Deployments } from "./deployments.tsx";
import { Happenings } from "./happenings.tsx";
import { Header } from "./header.tsx";
import { connect, useLive } from "./live.ts";
import { railsOf } from "./rails.ts";
import { Trouble } from "./trouble.tsx";

const COLUMNS = { deployments: "Deployments", cloudflare: "Cloudflare", happenings: "What happens" } as const;
type Column = keyof typeof COLUMNS;

/** The page: three columns, of which a phone shows one. */
export function App() {
  const { machine, snapshot, entries, lostMs } = useLive();
  const [column, setColumn] = useState<Column>("deployments");
  const [making, setMaking] = useState(false);
  const rails = useMemo(() => (machine ? railsOf(machine) : null), [machine]);
  const policies = snapshot?.cloudflare?.policies ?? [];
  const names = snapshot?.deployments.map(({ name }) => name) ?? [];
  const fresh =
    ["blog", "photos", "grafana", "notes"].find((name) => !names.includes(name)) ?? `app-${names.length + 1}`;
  const zone = snapshot?.cloudflare?.zones[0] ?? "example.org";
  const onNew = () => setMaking(true);

  return (
    <div className="console" data-column={column} data-ready={snapshot !== null}>
      <Header operator={snapshot?.operator} budget={snapshot?.budget ?? null} onNew={onNew} />
      {lostMs !== null && <Lost sinceMs={lostMs} />}
      <nav className="tabs" aria-label="Columns">
        {Object.entries(COLUMNS).map(([name, title]) => (
          <button
            key={name}
            type="button"
            aria-current={column === name ? "page" : undefined}
            onClick={() => setColumn(name as Column)}
          >
            {title}
          </button>
        ))}
      </nav>
      <main className="columns">
        <section className="column" data-name="deployments" aria-labelledby="deployments">
          <h2 id="deployments">Deployments</h2>
          {snapshot ? (
            <Deployments deployments={snapshot.deployments} policies={policies} rails={rails} onNew={onNew} />
          ) : (
            <Loading />
          )}
        </section>
        <section className="column" data-name="cloudflare" aria-labelledby="cloudflare">
          <h2 id="cloudflare">Cloudflare</h2>
          {snapshot ? <CloudflareColumn cloudflare={snapshot.cloudflare} /> : <Loading />}
          {snapshot && <Trouble trouble={snapshot.trouble} operator={snapshot.operator} />}
        </section>
        <section className="column" data-name="happenings" aria-labelledby="happenings">
          <h2 id="happenings">What happens</h2>
          {snapshot ? <Happenings entries={entries} /> : <Loading />}
        </section>
      </main>
      <Spoken />
      {making && (
        <Ask
          title="New Deployment"
          action="Make it"
          fields={[
            { name: "name", label: "Name", value: fresh, pattern: NAME },
            { name: "hostname", label: "Hostname", value: `${fresh}.${zone}` },
            { name: "policy", label: "Policy", value: policies[0] ?? "family", offers: policies },
          ]}
          onSubmit={({ name = "", hostname = "", policy = "" }) => act({ kind: "create", name, hostname, policy })}
          onClose={() => setMaking(false)}
        >
          With the annotations cloudflare.ingress.hostname and cloudflare.zero-trust.policy. No Pod runs: there is no
          node.
        </Ask>
      )}
    </div>
  );
}

function Loading() {
  return (
    <div aria-busy="true" aria-label="Loading">
      <div className="skeleton" style={{ blockSize: 120, marginBlockEnd: 12 }} />
      <div className="skeleton" style={{ blockSize: 120 }} />
    </div>
  );
}

function Lost({ sinceMs }: { readonly sinceMs: number }) {
  return (
    <Stale onRetry={connect}>
      The console has not answered for {formatSpan(useNow() - sinceMs)}; it is tried again every second. What is shown
      may be out of date.
    </Stale>
  );
}

/** What the last action came to. */
function Spoken() {
  const said = useSaid();
  return (
    <div className="said-place" role="status" aria-live="polite">
      {said && (
        <div className="said" data-tone={said.tone}>
          <p>{said.text}</p>
          <IconButton label="Dismiss" onClick={hush}>
            <X size={18} />
          </IconButton>
        </div>
      )}
    </div>
  );
}
