import { Fragment } from "react";
import type { Rails } from "./rails.ts";
import { meaningOf, toneOf } from "./words.ts";

interface RailProps {
  readonly rails: Rails;
  /** The state that it is in; null for none. */
  readonly phase: string | null;
  /** What it is of, for those who do not see it. */
  readonly label: string;
}

/** The machine of one Deployment with its state lit. */
export function Rail({ rails, phase, label }: RailProps) {
  const isOut = phase !== null && rails.out.includes(phase);
  const isFailed = phase !== null && rails.errors.includes(phase);
  const way = isOut ? rails.out : isFailed ? [...rails.way.slice(0, -1), phase] : rails.way;
  const at = phase === null ? -1 : way.indexOf(phase);
  return (
    <ol className="rail" data-out={isOut} aria-label={`States of ${label}`}>
      {way.map((name, index) => (
        <li
          key={name}
          className="stop"
          data-place={index < at && !isFailed ? "past" : index === at ? "here" : "ahead"}
          data-tone={index === at ? toneOf(name) : undefined}
          aria-current={index === at ? "step" : undefined}
          title={meaningOf(name)}
        >
          <span className="stop-dot" aria-hidden />
          <span className="stop-name">
            {name.split(/(?<=[a-z])(?=[A-Z])/).map((part) => (
              <Fragment key={part}>
                {part}
                <wbr />
              </Fragment>
            ))}
          </span>
        </li>
      ))}
    </ol>
  );
}
