import { CircleAlert, WifiOff } from "lucide-react";
import type { ReactNode } from "react";

interface EmptyProps {
  readonly icon: ReactNode;
  readonly title: string;
  readonly children: ReactNode;
}

/** Nothing is there yet, and why that is all right. */
export function Empty({ icon, title, children }: EmptyProps) {
  return (
    <div className="state" role="status">
      <span className="state-icon">{icon}</span>
      <p className="state-title">{title}</p>
      <div className="muted">{children}</div>
    </div>
  );
}

interface FailedProps {
  readonly title: string;
  /** What happened and what comes next. */
  readonly children: ReactNode;
  readonly onRetry: () => void;
  /** What the button says where it is not "Try now". */
  readonly action?: string;
}

/** Something could not be had; the reader may do something about it at once. */
export function Failed({ title, children, onRetry, action = "Try now" }: FailedProps) {
  return (
    <div className="state state-error" role="alert">
      <span className="state-icon">
        <CircleAlert size={24} />
      </span>
      <p className="state-title">{title}</p>
      <div className="muted">{children}</div>
      <button type="button" className="button" onClick={onRetry}>
        {action}
      </button>
    </div>
  );
}

interface StaleProps {
  /** Since when, and when it is tried again. */
  readonly children: ReactNode;
  readonly onRetry: () => void;
}

/** What is shown may be out of date. */
export function Stale({ children, onRetry }: StaleProps) {
  return (
    <div className="stale" role="status">
      <WifiOff size={18} aria-hidden />
      <p>{children}</p>
      <button type="button" className="button" onClick={onRetry}>
        Try now
      </button>
    </div>
  );
}
