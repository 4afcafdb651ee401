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
  const call = async (method: string, path: string, signal: AbortSignal, body?: object) => {
    try {
      const answer = await send(`${baseUrl}${path}`, {
        method,
        signal: AbortSignal.any([signal, AbortSignal.timeout(10_000)]),
        ...(body && { body: JSON.stringify(body), headers: { "content-type": "application/json" } }),
      });
      return { status: answer.status, text: await answer.text() };
    } catch (cause) {
      throw new ItemsError(`${method}: no answer came`, { cause });
    }
  };
  const refusal = (method: string, { status, text }: Answer) =>
    new ItemsError(`${method}: the API answered ${status} ${text.slice(0, 200)}`);
  const pathOf = (owner: string) => `/items/${encodeURIComponent(owner)}`;
  return {
    read: async (owner, signal) => {
      const answer = await call("GET", pathOf(owner), signal);
      if (answer.status === 404) return undefined;
      if (answer.status !== 200) throw refusal("GET", answer);
      return itemOf(answer);
    },
    put: async (owner, size, signal) => {
      const answer = await call("PUT", pathOf(owner), signal, { size });
      if (answer.status !== 200) throw refusal("PUT", answer);
      return itemOf(answer);
    },
    remove: async (owner, signal) => {
      const answer = await call("DELETE", pathOf(owner), signal);
      if (answer.status !== 204 && answer.status !== 404) throw refusal("DELETE", answer);
    },
  };
}

interface Answer {
  readonly status: number;
  readonly text: string;
}

const itemSchema = Compile(
  Type.Object({ id: Type.String({ minLength: 1 }), size: Type.Integer(), ready: Type.Boolean() }),
);

function itemOf({ text }: Answer): Item {
  try {
    const { id, size, ready } = itemSchema.Parse(JSON.parse(text));
    return { id: mint("gadget", "requestID", id), size, ready };
  } catch (cause) {
    throw new ItemsError(`The API gave no item: ${text.slice(0, 200)}`, { cause });
  }
}
