/** What is known about a part when it has just ended without being asked to. */
export interface EndedPart {
  /** Whether it has been ready at least once since `up` started. */
  readonly wasReady: boolean;
  /** Ends in a row, this one included, none of which ran for {@link STEADY_MS}. */
  readonly quickEnds: number;
}

/** Start it again after a delay, or give the whole start up. */
export type RestartDecision = { readonly kind: "restart"; readonly delayMs: number } | { readonly kind: "give-up" };

/** A part that ran this long, in milliseconds, is steady: its next end counts as the first one again. */
export const STEADY_MS = 30_000;

const ATTEMPTS_BEFORE_READY = 3;
const FIRST_DELAY_MS = 250;
const LONGEST_DELAY_MS = 10_000;

/**
 * A part that has been ready is always started again, with delays that double up to ten seconds.
 * A part that never became ready is tried three times: more attempts would only hide a wrong setting.
 */
export function decideRestart({ wasReady, quickEnds }: EndedPart): RestartDecision {
  if (!wasReady && quickEnds >= ATTEMPTS_BEFORE_READY) return { kind: "give-up" };
  return { kind: "restart", delayMs: Math.min(LONGEST_DELAY_MS, FIRST_DELAY_MS * 2 ** Math.max(0, quickEnds - 1)) };
}
