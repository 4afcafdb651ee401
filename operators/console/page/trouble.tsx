import { Clock3, Gauge, Skull, Unplug } from "lucide-react";
import type { OperatorView } from "../snapshot.ts";
import { act } from "./act.ts";

interface TroubleProps {
  readonly trouble: string | null;
  readonly operator: OperatorView | undefined;
}

const troubles = [
  ["lost", Unplug, "Lose answers"],
  ["throttled", Gauge, "Answer 429"],
  ["late", Clock3, "Late lists"],
] as const;

/** What may go wrong on demand. */
export function Trouble({ trouble, operator }: TroubleProps) {
  return (
    <section className="group" aria-label="Make trouble">
      <h3>Make trouble</h3>
      <div className="troubles">
        {troubles.map(([kind, Icon, text]) => (
          <button
            key={kind}
            type="button"
            className="button small with-icon"
            onClick={() => void act({ kind: "trouble", trouble: kind })}
          >
            <Icon size={16} aria-hidden />
            {text}
          </button>
        ))}
        <button
          type="button"
          className="button small with-icon danger"
          disabled={operator?.mortal !== true || operator.state === "down"}
          onClick={() => void act({ kind: "kill" })}
        >
          <Skull size={16} aria-hidden />
          Kill the operator
        </button>
      </div>
      {trouble && (
        <p className="trouble">
          <span>{trouble}</span>
          <button type="button" className="button small" onClick={() => void act({ kind: "trouble", trouble: "none" })}>
            End it
          </button>
        </p>
      )}
    </section>
  );
}
