import { Type } from "typebox";
import Value from "typebox/value";
import type { FaultRule } from "#operators/cloudflare/fake/faults.ts";
import { WorldSchema } from "#operators/cloudflare/fake/kept.ts";
import { type SeenCall, SeenCallSchema } from "#operators/cloudflare/fake/seen.ts";
import type { WorldLists } from "#operators/cloudflare/fake/world.ts";
import { readLimits } from "#operators/cloudflare/api/limits.ts";
import { HttpError } from "#lib/service/http.ts";
import type { Feed } from "./feed.ts";
import { messages } from "./messages.ts";
import type { BudgetView } from "./snapshot.ts";

/** The fake Cloudflare, over HTTP. */
export interface Cloudflare {
  /** Undefined: it does not answer. */
  readonly world: () => WorldLists | undefined;
  readonly budget: () => BudgetView | null;
  /** Does something by hand, past limits and faults. @throws HttpError when the API refuses it */
  byHand(method: string, path: string, body?: unknown): Promise<void>;
  /** Replaces what goes wrong; `lagMs` is how late lists are. */
  setTrouble(rules: readonly FaultRule[], lagMs: number): Promise<void>;
  /** Listens until the signal is aborted. */
  run(signal: AbortSignal): Promise<void>;
}

const RefusalSchema = Type.Object({
  errors: Type.Array(Type.Object({ code: Type.Integer(), message: Type.String() })),
});
const CALLS = 1200;
const AGAIN_MS = 1000;
const ANSWER_MS = 5_000;

/** Connects to the fake Cloudflare at an origin, and tells the feed of each call. */
export function connectCloudflare(origin: string, feed: Feed, onChange: () => void): Cloudflare {
  let world: WorldLists | undefined;
  let budget: BudgetView | null = null;
  /** Calls of the fake are counted from 0 anew when it was started again. */
  let connection = 0;

  const heard = (call: SeenCall) => {
    const { end, atMs, method, path, body } = call;
    const { left } = readLimits({ get: (name) => (name === "ratelimit" ? (end?.limit ?? null) : null) });
    if (left) {
      budget = { left: left.calls, of: CALLS, resetMs: Date.now() + left.resetMs };
      onChange();
    }
    feed.put({
      ...{ kind: "call", id: `call:${connection}:${call.id}`, atMs, method, path, body: body ?? null },
      end: end === undefined ? null : { status: end.status, ms: end.ms, answer: end.answer ?? null },
    });
  };
  const listen = async (signal: AbortSignal) => {
    const answer = await fetch(`${origin}/_fake/stream`, { signal });
    if (!answer.ok || answer.body === null) throw new Error(`${origin} answered ${answer.status}; expected a stream.`);
    connection++;
    for await (const { event, data } of messages(answer.body)) {
      const told: unknown = JSON.parse(data);
      if (event === "call" && Value.Check(SeenCallSchema, told)) heard(told);
      if (event === "world" && Value.Check(WorldSchema, told)) {
        world = told as WorldLists;
        onChange();
      }
    }
  };
  const send = async (method: string, path: string, body: unknown) => {
    const answer = await fetch(origin + path, {
      ...{ method, body: JSON.stringify(body), signal: AbortSignal.timeout(ANSWER_MS) },
    }).catch((cause: unknown) => {
      throw new HttpError(502, "cloudflare_away", "The fake Cloudflare does not answer; it may be starting.", {
        cause,
      });
    });
    if (answer.ok) return;
    const refused: unknown = await answer.json();
    const errors = Value.Check(RefusalSchema, refused)
      ? refused.errors
      : [{ code: answer.status, message: "no reason" }];
    const why = errors.map(({ code, message }) => `${message} (${code})`).join(", ");
    throw new HttpError(409, "cloudflare_refused", `Cloudflare refuses: ${why}`);
  };

  return {
    world: () => world,
    budget: () => budget,
    byHand: (method, path, body) => send("POST", "/_fake/user", { method, path, ...(body !== undefined && { body }) }),
    setTrouble: async (rules, lagMs) => {
      await send("PUT", "/_fake/faults", rules);
      await send("PUT", "/_fake/lag", { ms: lagMs });
    },
    run: async (signal) => {
      while (!signal.aborted) {
        await listen(signal).catch(() => {});
        world = undefined;
        onChange();
        if (!signal.aborted) await new Promise((resolve) => setTimeout(resolve, AGAIN_MS));
      }
    },
  };
}
