import { type Static, Type } from "typebox";

/** A call as somebody who watches the fake sees it. */
export const SeenCallSchema = Type.Object({
  id: Type.Integer({ description: "counts the calls that were seen, from 0" }),
  atMs: Type.Integer({ description: "when it came, in milliseconds since the epoch" }),
  method: Type.String(),
  path: Type.String({ description: "below /client/v4, with the query" }),
  body: Type.Optional(Type.String({ description: "what was sent, cut after 4,000 characters" })),
  end: Type.Optional(
    Type.Object(
      {
        status: Type.Union([Type.Null(), Type.Integer()], {
          description: "null: no answer, the caller has given up",
        }),
        ms: Type.Integer(),
        answer: Type.Optional(
          Type.String({ description: "the answer of a call that writes, or was refused; cut likewise" }),
        ),
        limit: Type.Optional(Type.String({ description: "the Ratelimit header" })),
      },
      { description: "absent while the call is under way" },
    ),
  ),
});

/** See {@link SeenCallSchema}. */
export type SeenCall = Static<typeof SeenCallSchema>;

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
