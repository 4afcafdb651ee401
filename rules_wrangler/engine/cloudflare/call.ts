import type { Faults } from "./faults.ts";
import { ApiError, type Reply } from "./reply.ts";
import type { Runtimes } from "./runtime.ts";
import type { Store } from "./store.ts";
import type { Claims, Tokens } from "./tokens.ts";

/** One call of the API. */
export interface Call {
  readonly method: string;
  /** Below `/client/v4`. */
  readonly path: string;
  readonly query: URLSearchParams;
  /** What follows `Bearer ` in the Authorization header; empty without one. */
  readonly bearer: string;
  readonly body: Buffer;
  readonly contentType: string;
}

/** What routes work with. */
export interface Cloud {
  readonly store: Store;
  readonly tokens: Tokens;
  readonly faults: Faults;
  /** Runs scripts. */
  readonly runtimes: Runtimes;
  /** The one account. */
  readonly account: string;
  /** The one API token. */
  readonly token: string;
  /** Where sites are served, `host:port`; a site is a subdomain of it. */
  readonly host: string;
  /** Seconds that an upload token lives. */
  tokenSeconds: number;
  /** How many assets were uploaded since the start. */
  uploads: number;
}

/** A route: method, pattern of the path, whether the account's token is needed (or the call brings an upload token), and what it does. */
export interface Route {
  readonly method: string;
  readonly path: RegExp;
  readonly auth: "account" | "upload";
  readonly run: (call: Call, params: Readonly<Record<string, string>>, cloud: Cloud) => Reply | Promise<Reply>;
}

/** The form fields of a call. */
export async function form(call: Call): Promise<FormData> {
  const headers = { "content-type": call.contentType };
  try {
    return await new Response(new Uint8Array(call.body), { headers }).formData();
  } catch (cause) {
    throw new ApiError(400, 10001, `expected multipart/form-data: ${(cause as Error).message}`);
  }
}

/** The JSON of a call. */
export function parsed<T>(call: Call): T {
  try {
    return JSON.parse(call.body.toString()) as T;
  } catch (cause) {
    throw new ApiError(400, 10026, `expected JSON: ${(cause as Error).message}`);
  }
}

/** The claims of an upload token for a purpose; refuses others and expired ones. */
export function uploadClaims({ bearer }: Call, { tokens }: Cloud, purpose: string): Claims {
  const claims = tokens.read(bearer);
  if (claims?.["purpose"] !== purpose) throw new ApiError(401, 8_000_013, "Authorization failed");
  return claims;
}

/** A text field of a form; undefined when there is none. */
export async function field(fields: FormData, name: string): Promise<string | undefined> {
  const value = fields.get(name);
  if (value === null) return undefined;
  return typeof value === "string" ? value : await value.text();
}
