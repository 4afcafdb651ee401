import { setTimeout as sleep } from "node:timers/promises";
import { Refusal } from "../command.ts";
import type { Credentials } from "./credentials.ts";

/** What the API answered, when it is not what was asked for. */
export interface ApiFailure {
  readonly status: number;
  /** Cloudflare's code of the first error; 0 without one. */
  readonly code: number;
  readonly message: string;
}

interface Envelope {
  readonly success?: boolean;
  readonly result?: unknown;
  readonly errors?: readonly { readonly code: number; readonly message: string }[];
}

const attempts = 3;
const longestWait = 20;

/** Calls the API below the account; repeats when it is busy, as long as it asks for (20 s at most). */
export async function callApi<T>(
  { api, account, token }: Credentials,
  method: "GET" | "POST",
  path: string,
): Promise<{ readonly result: T } | { readonly failure: ApiFailure }> {
  for (let attempt = 1; ; attempt++) {
    const answer = await ask(`${api}/accounts/${account}/${path}`, method, token);
    if ("result" in answer) return answer as { result: T };
    const busy = answer.failure.status === 429 || answer.failure.status >= 500 || answer.failure.status === 0;
    if (!busy || attempt === attempts) return { failure: answer.failure };
    await sleep(Math.min(answer.wait ?? 2 ** (attempt - 1), longestWait) * 1000);
  }
}

/** The result, or a refusal that names what was wanted. */
export function expectResult<T>(answer: { readonly result: T } | { readonly failure: ApiFailure }, wanted: string): T {
  if ("result" in answer) return answer.result;
  throw new Refusal(`${wanted}: ${failureText(answer.failure)}`, adviceFor(answer.failure));
}

/** One line on what the API said. */
export function failureText({ status, code, message }: ApiFailure): string {
  return status === 0 ? message : `the API answered ${status}${code === 0 ? "" : ` (code ${code})`}: ${message}`;
}

function adviceFor({ status }: ApiFailure): readonly string[] {
  if (status === 401 || status === 403)
    return [
      "Check that CLOUDFLARE_API_TOKEN is valid, belongs to CLOUDFLARE_ACCOUNT_ID and may edit Pages or Workers.",
    ];
  if (status === 429 || status >= 500 || status === 0) return ["Nothing was uploaded. Try again later."];
  return [];
}

async function ask(
  url: string,
  method: string,
  token: string,
): Promise<{ result: unknown } | { failure: ApiFailure; wait?: number }> {
  let response: Response;
  try {
    response = await fetch(url, {
      method,
      headers: { authorization: `Bearer ${token}` },
      signal: AbortSignal.timeout(30_000),
    });
  } catch (error) {
    const cause = (error as Error).cause;
    const why = cause instanceof Error ? cause.message : (error as Error).message;
    return { failure: { status: 0, code: 0, message: `the API cannot be reached: ${why}` } };
  }
  const body = (await response.json().catch(() => ({}))) as Envelope;
  if (response.ok && body.success === true) return { result: body.result };
  const first = body.errors?.[0];
  const failure = { status: response.status, code: first?.code ?? 0, message: first?.message ?? response.statusText };
  const wait = Number(response.headers.get("retry-after") ?? Number.NaN);
  return Number.isNaN(wait) ? { failure } : { failure, wait };
}
