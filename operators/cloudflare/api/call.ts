import { Type } from "typebox";
import { Compile } from "typebox/compile";
import type { Clock } from "#lib/operator/clock.ts";
import { type Fence, noFence } from "#lib/operator/fence.ts";
import { type Budget, BLOCKED_MS } from "./budget.ts";
import type { Answer, CloudflareError } from "./errors.ts";
import type { Fetch, FetchAnswer } from "./fetch.ts";
import { readLimits } from "./limits.ts";
import type { CallOptions } from "./types.ts";

/** What calls are made with. */
export interface CallerOptions {
  readonly clock: Clock;
  /** Shared by all who call with this token. */
  readonly budget: Budget;
  /** An API token. It travels in a header alone. */
  readonly token: string;
  /** The global `fetch` unless told. */
  readonly fetch?: Fetch;
  /** `https://api.cloudflare.com/client/v4` unless told. */
  readonly baseUrl?: string;
  /** Asked directly before each write is sent, after all waiting. */
  readonly fence?: Pick<Fence, "check">;
  /** How long a read may take: 30 s unless told. */
  readonly readTimeoutMs?: number;
  /** How long a write may take: 8 s unless told; a lease must stay valid for so long. */
  readonly writeTimeoutMs?: number;
  /** Hears of each call when it has ended. `call` is its name, such as `records.batch`; `outcome` "ok" or the error's kind. */
  readonly onCall?: (call: string, outcome: "ok" | CloudflareError["kind"], ms: number) => void;
}

/** One call. */
export interface Call {
  /** For metrics and messages: `apps.create`. */
  readonly name: string;
  readonly method: "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
  /** Below the base. */
  readonly path: string;
  readonly query?: Readonly<Record<string, string | undefined>>;
  readonly body?: unknown;
}

/** What an answer holds beside its result. */
export interface Envelope {
  readonly result: unknown;
  readonly totalCount?: number;
}

/** Makes one call, and says what came of it; nothing is retried. Throws only what the fence throws. */
export type Caller = (call: Call, options?: CallOptions) => Promise<Answer<Envelope>>;

const envelopeSchema = Compile(
  Type.Object({
    success: Type.Boolean(),
    errors: Type.Optional(
      Type.Union([Type.Null(), Type.Array(Type.Object({ code: Type.Number(), message: Type.String() }))]),
    ),
    result: Type.Optional(Type.Unknown()),
    result_info: Type.Optional(Type.Union([Type.Null(), Type.Object({ total_count: Type.Optional(Type.Number()) })])),
  }),
);

/** Makes calls of Cloudflare's API v4. */
export function caller(options: CallerOptions): Caller {
  const { clock, budget, readTimeoutMs = 30_000, writeTimeoutMs = 8_000 } = options;
  const { baseUrl = "https://api.cloudflare.com/client/v4", fetch = globalThis.fetch as Fetch } = options;
  const fence = options.fence ?? noFence();

  return async (call, { signal, priority = "normal" } = {}) => {
    const write = call.method !== "GET";
    const timeoutMs = write ? writeTimeoutMs : readTimeoutMs;
    if (!(await budget.take(priority, signal)))
      return failed({ kind: "Timeout", code: 0, message: "given up before it was sent" });
    if (write) await fence.check({ forMs: timeoutMs, ...(signal && { signal }) });
    const startMs = clock.elapsedMs();
    const answer = await send(call, timeoutMs, signal);
    options.onCall?.(call.name, answer.ok ? "ok" : answer.error.kind, clock.elapsedMs() - startMs);
    return answer;
  };

  async function send(call: Call, timeoutMs: number, signal: AbortSignal | undefined): Promise<Answer<Envelope>> {
    const gaveUp = new AbortController();
    const timer = clock.setTimer(timeoutMs, () => gaveUp.abort());
    const leave = () => gaveUp.abort();
    signal?.addEventListener("abort", leave, { once: true });
    if (signal?.aborted) leave();
    try {
      const response = await fetch(urlOf(baseUrl, call), {
        method: call.method,
        headers: {
          authorization: `Bearer ${options.token}`,
          accept: "application/json",
          ...(call.body === undefined ? {} : { "content-type": "application/json" }),
        },
        ...(call.body === undefined ? {} : { body: JSON.stringify(call.body) }),
        signal: gaveUp.signal,
      });
      const answer = readEnvelope(response, await response.text());
      budget.heard(response.headers, !answer.ok && answer.error.kind === "Throttled");
      return answer;
    } catch (cause) {
      if (gaveUp.signal.aborted)
        return failed({ kind: "Timeout", code: 0, message: `no answer within ${timeoutMs} ms, or given up before` });
      return failed({ kind: "Unreachable", code: 0, message: `${call.name} got no answer: ${textOf(cause)}`, cause });
    } finally {
      timer.cancel();
      signal?.removeEventListener("abort", leave);
    }
  }
}

/** Reads an answer: its envelope, or the error that it stands for. */
function readEnvelope(response: FetchAnswer, text: string): Answer<Envelope> {
  const { status } = response;
  const body = parsed(text);
  if (!envelopeSchema.Check(body)) {
    if (status === 429) return failed(throttled(response, 0, "too many calls"));
    const message = `expected an envelope of Cloudflare's API, got status ${status} and ${text.length} characters of something else`;
    if (status >= 400 && status < 500)
      return failed({ kind: status === 404 ? "NotFound" : "Invalid", code: 0, message });
    return failed({ kind: "ServerError", code: 0, message, status });
  }
  if (body.success && status < 400) {
    const totalCount = body.result_info?.total_count;
    return { ok: true, value: { result: body.result, ...(totalCount !== undefined && { totalCount }) } };
  }
  return failed(errorOf(response, body.errors ?? []));
}

/** The kind that stands for an answer's errors; of several the first one that has a kind of its own. */
function errorOf(
  response: FetchAnswer,
  errors: readonly { readonly code: number; readonly message: string }[],
): CloudflareError {
  const { status } = response;
  for (const { code, message } of errors) {
    switch (code) {
      case 81053:
      case 81054:
      case 81057:
      case 81058:
        return { kind: "RecordExists", code, message };
      case 81044:
        return { kind: "RecordMissing", code, message };
      case 11010:
        return { kind: "AppExists", code, message };
      case 1013:
        return { kind: "TunnelExists", code, message };
      case 971:
      case 10300:
        return throttled(response, code, message);
    }
  }
  const { code, message } = errors[0] ?? { code: 0, message: `status ${status} without a reason` };
  if (status === 429) return throttled(response, code, message);
  if (status === 401 || status === 403 || code === 10000) return { kind: "Unauthorized", code, message };
  if (status === 404) return { kind: "NotFound", code, message };
  if (status >= 500) return { kind: "ServerError", code, message, status };
  return { kind: "Invalid", code, message };
}

function throttled({ headers }: FetchAnswer, code: number, message: string): CloudflareError {
  return { kind: "Throttled", code, message, retryAfterMs: readLimits(headers).retryAfterMs ?? BLOCKED_MS };
}

function urlOf(base: string, { path, query = {} }: Call): string {
  const given = Object.entries(query).filter((entry): entry is [string, string] => entry[1] !== undefined);
  return given.length === 0 ? base + path : `${base}${path}?${new URLSearchParams(given)}`;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

const failed = (error: CloudflareError): { readonly ok: false; readonly error: CloudflareError } => ({
  ok: false,
  error,
});
const textOf = (cause: unknown): string => (cause instanceof Error ? cause.message : String(cause));
