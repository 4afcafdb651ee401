/** What `GET /readyz` answers: ready only when no part waits for something. */
export interface Readiness {
  readonly ready: boolean;
  /** What each part that is not ready waits for, by the name of the part. */
  readonly waiting: Readonly<Record<string, string>>;
}

/** Keeps which parts of a service are ready. A service is ready when all of its parts are. */
export interface Health {
  /** Says that a part is ready. */
  ready(part: string): void;
  /** Says that a part is not ready, and what it waits for. */
  waiting(part: string, reason: string): void;
  /** The present state of all parts. */
  readiness(): Readiness;
}

/** Makes the health of a service whose named parts all start as not ready. */
export function createHealth(parts: readonly string[]): Health {
  const reasons = new Map(parts.map((part) => [part, "has not started yet"]));
  return {
    ready: (part) => void reasons.delete(part),
    waiting: (part, reason) => void reasons.set(part, reason),
    readiness: () => ({ ready: reasons.size === 0, waiting: Object.fromEntries(reasons) }),
  };
}
