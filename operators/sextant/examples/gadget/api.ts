import { Type } from "typebox";
import { Compile } from "typebox/compile";
import { type Evidence, mint } from "#lib/machine/evidence.ts";

/** What the API has made for somebody. */
export interface Item {
  /** The proof that the API knows it. */
  readonly id: Evidence<"gadget", "requestID">;
  readonly size: number;
  /** Making it takes a while. */
  readonly ready: boolean;
}

/** The API outside: everything in it has an owner's name, so that whatever is done twice is done once. */
export interface Items {
  /** What this owner has; undefined for nothing. */
  read(owner: string, signal: AbortSignal): Promise<Item | undefined>;
  /** Orders an item, or changes the one that is there. */
  put(owner: string, size: number, signal: AbortSignal): Promise<Item>;
  /** Gives it back; nothing happens when there is none. */
  remove(owner: string, signal: AbortSignal): Promise<void>;
}

/** A call that did not succeed. It may have had its effect all the same. */
export class ItemsError extends Error {}

/** How calls reach the API: the global `fetch`, or a server in process for tests. */
export type Fetch = (url: string, request: RequestInit) => Promise<Response>;

/** The API over HTTP; a call has ten seconds, and fails with an ItemsError. */
export function httpItems(baseUrl: string, send: Fetch = fetch): Items {
  const call = async (
    method: string,
    path: string,
    expected: readonly number[],
    signal: AbortSignal,
    body?: object,
  ) => {
    const answer = await send(`${baseUrl}${path}`, {
      method,
      signal: AbortSignal.any([signal, AbortSignal.timeout(10_000)]),
      ...(body && { body: JSON.stringify(body), headers: { "content-type": "application/json" } }),
    })
      .then(async (found) => ({ status: found.status, text: await found.text() }))
      .catch((cause: unknown) => {
        throw new ItemsError(`${method} ${path}: no answer came`, { cause });
      });
    if (expected.includes(answer.status)) return answer;
    const { status, text } = answer;
    throw new ItemsError(`${method} ${path}: the API answered ${status} ${text.slice(0, 200)}; expected ${expected}`);
  };
  const pathOf = (owner: string) => `/items/${encodeURIComponent(owner)}`;
  return {
    read: async (owner, signal) => {
      const answer = await call("GET", pathOf(owner), [200, 404], signal);
      return answer.status === 404 ? undefined : itemOf(answer);
    },
    put: async (owner, size, signal) => itemOf(await call("PUT", pathOf(owner), [200], signal, { size })),
    remove: async (owner, signal) => void (await call("DELETE", pathOf(owner), [204, 404], signal)),
  };
}

interface Answer {
  readonly text: string;
}

const itemSchema = Compile(
  Type.Object({ id: Type.String({ minLength: 1 }), size: Type.Integer(), ready: Type.Boolean() }),
);

function itemOf(answer: Answer): Item {
  const { id, size, ready } = parse(itemSchema, answer);
  return { id: mint("gadget", "requestID", id), size, ready };
}

function parse<T>(schema: { Parse(value: unknown): T }, { text }: Answer): T {
  try {
    return schema.Parse(JSON.parse(text));
  } catch (cause) {
    throw new ItemsError(`The API answered ${text.slice(0, 200)}; expected what the schema says`, { cause });
  }
}
