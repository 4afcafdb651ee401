/** What every state of every machine has. */
export interface AnyState {
  readonly phase: string;
  /** When the state was entered, in milliseconds since the epoch; it is persisted, so that it survives restarts. */
  readonly stateEnteredAt: number;
  /** Attempts that failed since the state was entered; persisted likewise. */
  readonly attempts: number;
  /** Whether a transition has been taken from it. */
  readonly spent: boolean;
}

/** A transition that was not taken, since its guard says no. The state that it was asked of can still be used. */
export class Refused<Phase extends string, Guard extends string> {
  readonly phase: Phase;
  readonly action: string;
  readonly guard: Guard;

  constructor(phase: Phase, action: string, guard: Guard) {
    this.phase = phase;
    this.action = action;
    this.guard = guard;
  }
}

/** A state was used after a transition was taken from it: a bug in the caller. */
export class SpentStateError extends Error {
  constructor(phase: string, use: string) {
    super(`${phase}.${use}: the state was left before; expected the state that the last transition returned`);
    this.name = "SpentStateError";
  }
}

/**
 * Tells the compiler that `state` was left: what uses the variable afterwards does not compile. At run time the state
 * itself says so, whether this was called or not.
 * @throws Error when no transition has been taken from it
 */
export function left(state: AnyState): asserts state is never {
  if (!state.spent) throw new Error(`${state.phase}: no transition was taken from it; expected one before left()`);
}

/** Waiting times after failures. */
export interface Retries {
  readonly maxRetries: number;
  readonly initialMs: number;
  readonly factor: number;
  readonly maxMs: number;
  /** Share of the waiting time that is drawn: 0.1 is ±10 %. */
  readonly jitter: number;
}

/**
 * How long to wait after the `attempts`-th failure in one state, in milliseconds: initial · factor^(attempts − 1), at
 * most `maxMs`, with jitter. Undefined once `maxRetries` are used up.
 * @param random a number in [0, 1)
 */
export function retryDelayMs(retries: Retries, attempts: number, random: number): number | undefined {
  if (attempts > retries.maxRetries) return undefined;
  const plain = Math.min(retries.maxMs, retries.initialMs * retries.factor ** Math.max(0, attempts - 1));
  return Math.round(plain * (1 + retries.jitter * (2 * random - 1)));
}
