import { Plus } from "lucide-react";
import { ThemeSwitch } from "#lib/web/theme-switch.tsx";
import { useNow } from "#lib/web/time.ts";
import type { BudgetView, OperatorView } from "../snapshot.ts";

interface HeaderProps {
  readonly operator: OperatorView | undefined;
  readonly budget: BudgetView | null;
  readonly onNew: () => void;
}

const STATES: Readonly<Record<OperatorView["state"], readonly [string, string]>> = {
  leading: ["good", "works"],
  waiting: ["busy", "waits for the Lease"],
  down: ["bad", "does not run"],
};

/** The name, the operator's health, and the calls that are left. */
export function Header({ operator, budget, onNew }: HeaderProps) {
  const [tone, words] = operator ? STATES[operator.state] : ["idle", "is looked for"];
  return (
    <header className="header">
      <div className="header-title">
        <h1>Cloudflare operator</h1>
        <p className="muted">A real kube-apiserver, a fake Cloudflare</p>
      </div>
      <div className="header-theme">
        <ThemeSwitch />
      </div>
      <p
        className="pill"
        data-tone={tone}
        title={operator?.holder ? `The Lease is held by ${operator.holder}` : undefined}
      >
        <span className="dot" aria-hidden />
        <span>Operator {words}</span>
      </p>
      {budget && <Budget budget={budget} />}
      <button type="button" className="button primary" onClick={onNew}>
        <Plus size={18} aria-hidden />
        New Deployment
      </button>
    </header>
  );
}

function Budget({ budget: { left, of, resetMs } }: { readonly budget: BudgetView }) {
  const now = useNow();
  const used = now > resetMs ? 0 : of - left;
  const share = Math.min(1, used / of);
  return (
    <div className="budget" title="Cloudflare allows 1,200 calls in five minutes">
      <span className="muted">
        <strong>{used.toLocaleString("en")}</strong> of {of.toLocaleString("en")} calls used
      </span>
      <span
        className="meter"
        role="meter"
        aria-label="Calls used in five minutes"
        aria-valuemin={0}
        aria-valuemax={of}
        aria-valuenow={used}
      >
        <span style={{ inlineSize: `${share * 100}%` }} />
      </span>
    </div>
  );
}
