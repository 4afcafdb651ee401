import { type Clock, deadline } from "./clock.ts";
import type { Key, KubeObject } from "./object.ts";
import type { OwnWrites } from "./own-writes.ts";

/** Keys that are not reconciled before the cache shows what was written to them. */
export interface HeldKeys {
  /** Keeps a key back; the highest of its priorities counts. */
  hold(key: Key, priority: number): void;
  /** Releases, in a moment, the keys whose writes the cache shows by now. */
  lookSoon(): void;
  /** Reads from the server what became of writes that the cache does not show for long; to be called every {@link DOUBT_MS}. */
  doubt(): void;
}

/** Time between looks at keys that wait for the cache, and the most that such a look may take. */
export const DOUBT_MS = 5_000;

/** Keeps keys back until `writes` are shown. */
export function heldKeys<T extends KubeObject>(options: {
  readonly clock: Clock;
  readonly writes: OwnWrites<T>;
  /** Ends the reading. */
  readonly signal: AbortSignal;
  readonly release: (key: Key, priority: number, waitedMs: number) => void;
  /** The server could not be asked; it is asked again. */
  readonly failed: (key: Key, error: unknown) => void;
}): HeldKeys {
  const { clock, writes, signal, release, failed } = options;
  const held = new Map<Key, { readonly priority: number; readonly sinceMs: number }>();
  const looking = new Set<Key>();
  let soon = false;

  const look = () => {
    for (const [key, { priority, sinceMs }] of held) {
      if (!writes.shown(key)) continue;
      held.delete(key);
      release(key, priority, clock.elapsedMs() - sinceMs);
    }
  };
  const clarify = (key: Key) => {
    if (looking.has(key)) return;
    looking.add(key);
    const limit = deadline(clock, DOUBT_MS, signal);
    const end = () => {
      looking.delete(key);
      limit.release();
    };
    writes
      .clarify(key, limit.signal)
      .then(look)
      .catch((error: unknown) => {
        if (!signal.aborted) failed(key, error);
      })
      .finally(end);
  };
  return {
    hold: (key, priority) => {
      const before = held.get(key);
      held.set(key, {
        priority: Math.max(priority, before?.priority ?? -Infinity),
        sinceMs: before?.sinceMs ?? clock.elapsedMs(),
      });
      if (writes.unclear(key)) clarify(key);
    },
    lookSoon: () => {
      if (soon || held.size === 0) return;
      soon = true;
      clock.setTimer(0, () => {
        soon = false;
        look();
      });
    },
    doubt: () => {
      for (const [key, { sinceMs }] of held) {
        const waitedMs = clock.elapsedMs() - sinceMs;
        if (waitedMs >= DOUBT_MS) writes.doubt(key, waitedMs);
        if (writes.unclear(key)) clarify(key);
      }
    },
  };
}
