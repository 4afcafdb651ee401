import type { Clock } from "#lib/operator/clock.ts";

/** What was written a short while ago, by identifier: a list may not know it yet. */
export class Recent<T> {
  readonly #entries = new Map<string, { readonly value: T | undefined; readonly atMs: number }>();
  readonly #clock: Clock;
  readonly #keepMs: number;

  constructor(clock: Clock, keepMs: number) {
    this.#clock = clock;
    this.#keepMs = keepMs;
  }

  /** It was written like this. */
  put(id: string, value: T): void {
    this.#entries.set(id, { value, atMs: this.#clock.elapsedMs() });
  }

  /** It was deleted. */
  drop(id: string): void {
    this.#entries.set(id, { value: undefined, atMs: this.#clock.elapsedMs() });
  }

  /**
   * A list with what was written since it may have been true.
   * @param fromMs when the list was asked for
   * @param scope what the list might hold beside `items`: of what was written, only this is added; all unless told
   */
  over(items: readonly T[], idOf: (item: T) => string, fromMs: number, scope?: readonly T[]): T[] {
    for (const [id, { atMs }] of this.#entries) if (atMs < fromMs - this.#keepMs) this.#entries.delete(id);
    const listed = new Map(items.map((item) => [idOf(item), item]));
    const among = scope && new Set(scope.map(idOf));
    for (const [id, { value }] of this.#entries) {
      if (value === undefined) listed.delete(id);
      else if (listed.has(id) || among === undefined || among.has(id)) listed.set(id, value);
    }
    return [...listed.values()];
  }
}
