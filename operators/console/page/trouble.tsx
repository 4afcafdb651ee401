import { Clock3, Gauge, Skull, Unplug } from "lucide-react";
import type { OperatorView } from "../snapshot.ts";
import { act } from "./act.ts";

interface TroubleProps {
  readonly trouble: string | null;
  readonly operator: OperatorView | undefined;
}

/** What may go wrong on demand. */
export function Trouble({ trouble, operator }: TroubleProps) {
  return (
    <section className="group" aria-label="Make trouble">
      <h3>Make trouble</h3>
      <div className="troubles">
        <button
          type="button"
          className="button small with-icon"
          onClick={() => void act({ kind: "trouble", trouble: "lost" })}
        >
          <Unplug size={16} aria-hidden />
          Lose answers
        </button>
        <button
          type="button"
          className="button small with-icon"
          onClick={() => void act({ kind: "trouble", trouble: "throttled" })}
        >
          <Gauge size={16} aria-hidden />
          Answer 429
        </button>
        <button
          type="button"
          className="button small with-icon"
          onClick={() => void act({ kind: "trouble", trouble: "late" })}
        >
          <Clock3 size={16} aria-hidden />
          Late lists
        </button>
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
