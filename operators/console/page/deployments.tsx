import { Box, Globe, Plus, ShieldCheck } from "lucide-react";
import { useState } from "react";
import { Empty } from "#lib/web/states.tsx";
import { formatSpan, useNow } from "#lib/web/time.ts";
import type { DeploymentView } from "../snapshot.ts";
import { act } from "./act.ts";
import { Ask } from "./ask.tsx";
import { Rail } from "./rail.tsx";
import type { Rails } from "./rails.ts";
import { meaningOf, toneOf } from "./words.ts";

interface DeploymentsProps {
  readonly deployments: readonly DeploymentView[];
  readonly policies: readonly string[];
  readonly rails: Rails | null;
  readonly onNew: () => void;
}

/** The Deployments that the operator has to do with, each with its state and what one may do to it. */
export function Deployments({ deployments, policies, rails, onNew }: DeploymentsProps) {
  if (deployments.length === 0)
    return (
      <Empty icon={<Box size={24} />} title="No Deployment is annotated">
        <p>One with a hostname and a policy gets a DNS record, an Access application and a route.</p>
        <p>
          <button type="button" className="button with-icon" onClick={onNew}>
            <Plus size={18} aria-hidden />
            New Deployment
          </button>
        </p>
      </Empty>
    );
  return (
    <ul className="cards">
      {deployments.map((deployment) => (
        <DeploymentCard key={deployment.key} deployment={deployment} policies={policies} rails={rails} />
      ))}
    </ul>
  );
}

interface CardProps {
  readonly deployment: DeploymentView;
  readonly policies: readonly string[];
  readonly rails: Rails | null;
}

function DeploymentCard({ deployment, policies, rails }: CardProps) {
  const [asking, setAsking] = useState<"hostname" | "policy" | null>(null);
  const { key, namespace, name, hostname, policy, disabled, deleting, phase, sinceMs, reason, message } = deployment;
  const target = { namespace, name };
  const now = useNow();
  return (
    <li className="card" data-deployment={key} data-phase={phase ?? "none"}>
      <div className="card-head">
        <h3>
          <span className="muted">{namespace}/</span>
          {name}
        </h3>
        <span className="pill" data-tone={toneOf(phase)} data-testid="phase">
          <span className="dot" aria-hidden />
          {deleting && toneOf(phase) !== "busy" ? "Being deleted" : (phase ?? (disabled ? "Disabled" : "Not seen yet"))}
        </span>
      </div>
      <dl className="facts">
        <div>
          <dt>
            <Globe size={15} aria-hidden />
            <span className="visually-hidden">Hostname</span>
          </dt>
          <dd>{hostname ?? "no hostname"}</dd>
        </div>
        <div>
          <dt>
            <ShieldCheck size={15} aria-hidden />
            <span className="visually-hidden">Policy</span>
          </dt>
          <dd>{policy ?? "no policy"}</dd>
        </div>
      </dl>
      {rails && <Rail rails={rails} phase={phase} label={key} />}
      <p className="card-words" data-tone={toneOf(phase)}>
        {phase === null
          ? disabled
            ? "Nothing of it is published."
            : "The operator has not written a state yet."
          : meaningOf(phase)}
        {reason && ` (${reason})`}
        {sinceMs !== null && phase !== null && <span className="muted"> · for {formatSpan(now - sinceMs)}</span>}
        {message && <span className="message">{message}</span>}
      </p>
      <div className="actions">
        <button type="button" className="button small" disabled={deleting} onClick={() => setAsking("hostname")}>
          Hostname…
        </button>
        <button type="button" className="button small" disabled={deleting} onClick={() => setAsking("policy")}>
          Policy…
        </button>
        <button
          type="button"
          className="button small"
          disabled={deleting}
          onClick={() => void act({ kind: "disable", ...target, disabled: !disabled })}
        >
          {disabled ? "Enable" : "Disable"}
        </button>
        <button
          type="button"
          className="button small danger"
          disabled={deleting}
          onClick={() => void act({ kind: "delete", ...target })}
        >
          Delete
        </button>
      </div>
      {asking === "hostname" && (
        <Ask
          title={`Hostname of ${name}`}
          action="Change it"
          fields={[
            {
              name: "hostname",
              label: "Hostname",
              value: hostname?.startsWith("new-") ? hostname.slice(4) : `new-${hostname ?? ""}`,
            },
          ]}
          onSubmit={({ hostname: given = "" }) => act({ kind: "rename", ...target, hostname: given })}
          onClose={() => setAsking(null)}
        >
          What stands under the old one goes before the new one is made.
        </Ask>
      )}
      {asking === "policy" && (
        <Ask
          title={`Policy of ${name}`}
          action="Change it"
          fields={[
            { name: "policy", label: "Policy", value: policies.find((one) => one !== policy) ?? "", offers: policies },
          ]}
          onSubmit={({ policy: given = "" }) => act({ kind: "protect", ...target, policy: given })}
          onClose={() => setAsking(null)}
        >
          The account has {policies.join(" and ")}. Name one that is not there, and the route goes.
        </Ask>
      )}
    </li>
  );
}
