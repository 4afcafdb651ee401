import { ArrowRight, CloudOff, CornerUpRight, Plus, Trash2 } from "lucide-react";
import { type ReactNode, useState } from "react";
import { IconButton } from "#lib/web/icon-button.tsx";
import { Empty } from "#lib/web/states.tsx";
import type { CloudflareView, Owner } from "../snapshot.ts";
import { act } from "./act.ts";
import { Ask } from "./ask.tsx";
import { ownerText, shortIds } from "./words.ts";

/** What is in Cloudflare, with whose it is and what one may do to it by hand. */
export function CloudflareColumn({ cloudflare }: { readonly cloudflare: CloudflareView | null }) {
  const [adding, setAdding] = useState(false);
  if (cloudflare === null)
    return (
      <Empty icon={<CloudOff size={24} />} title="The fake Cloudflare does not answer">
        <p>It is started again by itself; what it held is kept.</p>
      </Empty>
    );
  const { records, apps, routes, zones } = cloudflare;
  return (
    <>
      <Group title="DNS records" count={records.length} empty="No record. One leads a hostname to the tunnel.">
        {records.map(({ id, type, name, content, owner }) => (
          <Row
            key={id}
            kind="record"
            of={name}
            owner={owner}
            detail={
              <>
                {type} <To /> {shortIds(content)}
              </>
            }
            remove={{ kind: "delete-record", id }}
          >
            <IconButton
              label={`Point the record of ${name} elsewhere`}
              onClick={() => void act({ kind: "redirect-record", id })}
            >
              <CornerUpRight size={18} />
            </IconButton>
          </Row>
        ))}
      </Group>
      <button type="button" className="button small with-icon" onClick={() => setAdding(true)}>
        <Plus size={16} aria-hidden />
        Add somebody else’s record
      </button>
      <Group title="Access applications" count={apps.length} empty="No application. One asks visitors who they are.">
        {apps.map(({ id, domain, policies, owner }) => (
          <Row
            key={id}
            kind="application"
            of={domain}
            owner={owner}
            detail={policies.length === 0 ? "no policy" : `policy ${policies.join(", ")}`}
            remove={{ kind: "delete-app", id }}
          />
        ))}
      </Group>
      <Group title="Routes of the tunnel" count={routes.length} empty="No route. One leads requests to a Service.">
        {routes.map(({ hostname, service, guarded, owner }) => (
          <Row
            key={hostname}
            kind="route"
            of={hostname}
            owner={owner}
            detail={
              <>
                <To /> {service}
                {guarded ? "" : ", without a guard"}
              </>
            }
            remove={{ kind: "delete-route", hostname }}
          />
        ))}
      </Group>
      {adding && (
        <Ask
          title="Somebody else’s record"
          action="Add it"
          fields={[{ name: "hostname", label: "Hostname", value: `blog.${zones[0] ?? "example.org"}` }]}
          onSubmit={({ hostname = "" }) => act({ kind: "add-record", hostname })}
          onClose={() => setAdding(false)}
        >
          A record without the operator’s mark. Then publish a Deployment under the same hostname: it is refused.
        </Ask>
      )}
    </>
  );
}

const To = () => <ArrowRight size={14} aria-label="leads to" />;

interface GroupProps {
  readonly title: string;
  readonly count: number;
  readonly empty: string;
  readonly children: ReactNode;
}

function Group({ title, count, empty, children }: GroupProps) {
  return (
    <section className="group" aria-label={title}>
      <h3>
        {title} <span className="muted">{count}</span>
      </h3>
      {count === 0 ? <p className="none muted">{empty}</p> : <ul className="rows">{children}</ul>}
    </section>
  );
}

interface RowProps {
  readonly kind: "record" | "application" | "route";
  /** The hostname, which is its title too. */
  readonly of: string;
  readonly owner: Owner;
  readonly detail: ReactNode;
  readonly remove: Parameters<typeof act>[0];
  /** What else one may do to it. */
  readonly children?: ReactNode;
}

function Row({ kind, of, owner, detail, remove, children }: RowProps) {
  return (
    <li className="row" data-kind={kind} data-of={of}>
      <div className="row-text">
        <p className="row-title">{of}</p>
        <p className="row-detail muted">{detail}</p>
        <p className="owner" data-owner={owner.kind}>
          {ownerText(owner)}
        </p>
      </div>
      <div className="row-buttons">
        {children}
        <IconButton label={`Delete the ${kind} of ${of}`} onClick={() => void act(remove)}>
          <Trash2 size={18} />
        </IconButton>
      </div>
    </li>
  );
}
