/** A call as somebody who watches the fake sees it. */
export interface SeenCall {
  /** Counts the calls that were seen, from 0. */
  readonly id: number;
  /** When it came, in milliseconds since the epoch. */
  readonly atMs: number;
  readonly method: string;
  /** Below `/client/v4`, with the query. */
  readonly path: string;
  /** What was sent, cut after {@link SHOWN} characters. */
  readonly body?: string;
  /** Absent while the call is under way. */
  readonly end?: {
    /** Null: no answer, the caller has given up. */
    readonly status: number | null;
    readonly ms: number;
    /** The answer of a call that writes, or was refused; cut likewise. */
    readonly answer?: string;
    /** The `Ratelimit` header. */
    readonly limit?: string;
  };
}

const KEPT = 300;
const SHOWN = 4_000;

/** Keeps the last calls, and tells of each when it comes and when it ends. */
export class SeenCalls {
  readonly #calls = new Map<number, SeenCall>();
  readonly #listeners = new Set<(call: SeenCall) => void>();
  #next = 0;

  /** The last calls, the oldest first. */
  get all(): readonly SeenCall[] {
    return [...this.#calls.values()];
  }

  /** A call has come. @returns what is to be told its end */
  began(
    atMs: number,
    method: string,
    path: string,
    body: string,
  ): (
    atMs: number,
    end: { readonly status: number | null; readonly answer?: string; readonly limit?: string },
  ) => void {
    const call: SeenCall = {
      ...{ id: this.#next++, atMs, method, path },
      ...(body !== "" && { body: body.slice(0, SHOWN) }),
    };
    this.#tell(call);
    return (endMs, { status, answer, limit }) => {
      const shown = answer !== undefined && (method !== "GET" || status !== 200) ? answer.slice(0, SHOWN) : undefined;
      const end = { status, ms: endMs - atMs, ...(shown && { answer: shown }), ...(limit && { limit }) };
      this.#tell({ ...call, end });
    };
  }

  /** Is told of each call; returns a function that ends this. */
  onCall(listen: (call: SeenCall) => void): () => void {
    this.#listeners.add(listen);
    return () => void this.#listeners.delete(listen);
  }

  #tell(call: SeenCall): void {
    this.#calls.set(call.id, call);
    this.#calls.delete(call.id - KEPT);
    for (const listen of this.#listeners) listen(call);
  }
}
