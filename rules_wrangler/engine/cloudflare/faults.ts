/** One way in which the fake misbehaves. */
export interface Fault {
  /** `METHOD PATH`, the path below `/client/v4`; `*` stands for anything. */
  readonly call: string;
  /** What happens instead of the answer: an HTTP status, or the connection is cut. */
  readonly answer: number | "cut";
  /** How many calls go well before; default 0. */
  readonly after?: number;
  /** How many calls fail then; default all. */
  readonly times?: number;
  /** Seconds in a Retry-After header. */
  readonly retryAfter?: number;
  /** Milliseconds before the answer. */
  readonly delay?: number;
  /** Cloudflare's error code. */
  readonly code?: number;
}

/** What happens to a call: nothing, or a fault. */
export class Faults {
  #faults: { readonly fault: Fault; readonly pattern: RegExp; seen: number }[] = [];

  /** Replaces all faults. */
  set(faults: readonly Fault[]): void {
    this.#faults = faults.map((fault) => ({ fault, pattern: globPattern(fault.call), seen: 0 }));
  }

  /** Counts a call and says which fault it meets. */
  meet(method: string, path: string): Fault | undefined {
    for (const entry of this.#faults) {
      if (!entry.pattern.test(`${method} ${path}`)) continue;
      const number = entry.seen++ - (entry.fault.after ?? 0);
      if (number >= 0 && number < (entry.fault.times ?? Infinity)) return entry.fault;
    }
    return undefined;
  }
}

/** The expression for a text in which `*` stands for anything. */
export function globPattern(text: string): RegExp {
  const source = text.split("*").map((part) => part.replace(/[.+?^${}()|[\]\\]/g, "\\$&"));
  return new RegExp(`^${source.join(".*")}$`);
}
