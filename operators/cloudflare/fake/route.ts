import type { Static, TSchema } from "typebox";
import Value from "typebox/value";
import { type PageInfo, Refusal } from "./reply.ts";
import type { World } from "./world.ts";

/** A call as a route sees it. */
export interface RouteCall {
  readonly world: World;
  /** Of the path's pattern, decoded. */
  readonly params: Readonly<Record<string, string>>;
  readonly query: URLSearchParams;
  readonly body: unknown;
  /** Milliseconds since the epoch. */
  readonly nowMs: number;
}

/** What a route has done. */
export interface Effect {
  readonly result: unknown;
  readonly info?: PageInfo;
  /** Absent: nothing has changed. */
  readonly world?: World;
}

/** One route: the method, the path below `/client/v4` with `:names`, and a pure function. */
export interface Route {
  readonly method: string;
  readonly path: string;
  /** @throws Refusal */
  readonly run: (call: RouteCall) => Effect;
}

/** Reads the body of a call. @throws Refusal when it does not fit */
export function bodyOf<Schema extends TSchema>(schema: Schema, { body }: RouteCall, code: number): Static<Schema> {
  if (Value.Check(schema, body)) return body as Static<Schema>;
  const [first] = Value.Errors(schema, body);
  throw new Refusal(400, code, `invalid request: ${first?.instancePath || "body"} ${first?.message ?? "does not fit"}`);
}

/** The page of a list that a call asks for. */
export function paged<T>(items: readonly T[], { query }: RouteCall, most: number, show: (item: T) => unknown): Effect {
  const number = (name: string, absent: number) => {
    const value = Number(query.get(name) ?? absent);
    if (!Number.isInteger(value) || value < 1) throw new Refusal(400, 1015, `${name} must be a positive number`);
    return value;
  };
  const page = number("page", 1);
  const perPage = Math.min(number("per_page", 20), most);
  const shown = items.slice((page - 1) * perPage, page * perPage);
  const info: PageInfo = {
    page,
    per_page: perPage,
    count: shown.length,
    total_count: items.length,
    total_pages: Math.ceil(items.length / perPage),
  };
  return { result: shown.map(show), info };
}
