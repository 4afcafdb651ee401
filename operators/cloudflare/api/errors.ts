/**
 * Why a call to Cloudflare did not succeed. Closed: whoever reads it handles all kinds. `code` is Cloudflare's own, 0
 * where the answer had none.
 */
export type CloudflareError =
  /**
   * 81053 (A, AAAA or CNAME of that name), 81054 (CNAME of that name), 81057 (the same record with other settings),
   * 81058 (an identical record): somebody's record is there, perhaps our own from a call whose answer was lost.
   */
  | { readonly kind: "RecordExists"; readonly code: 81053 | 81054 | 81057 | 81058; readonly message: string }
  /** 81044: the record is gone; a batch that names it did nothing. */
  | { readonly kind: "RecordMissing"; readonly code: 81044; readonly message: string }
  /** 11010: an application for that domain is there. */
  | { readonly kind: "AppExists"; readonly code: 11010; readonly message: string }
  /** 1013: a tunnel of that name is there. */
  | { readonly kind: "TunnelExists"; readonly code: 1013; readonly message: string }
  /** Any other 404: what the path names is not there. */
  | { readonly kind: "NotFound"; readonly code: number; readonly message: string }
  /** 12130 and any other 4xx: the call will never succeed as it is. */
  | { readonly kind: "Invalid"; readonly code: number; readonly message: string }
  /** 10000, 401 or 403: the token is unknown, expired, or lacks a permission. */
  | { readonly kind: "Unauthorized"; readonly code: number; readonly message: string }
  /** 429, 971 or 10300: too many calls; the budget knows, and holds the following calls back. */
  | { readonly kind: "Throttled"; readonly code: number; readonly message: string; readonly retryAfterMs: number }
  /** No answer in time, or the caller gave up. A write may have been committed. */
  | { readonly kind: "Timeout"; readonly code: 0; readonly message: string }
  /** The connection could not be made or broke. A write may have been committed. */
  | { readonly kind: "Unreachable"; readonly code: 0; readonly message: string; readonly cause?: unknown }
  /** 5xx, or an answer that is not Cloudflare's. A write may have been committed. */
  | { readonly kind: "ServerError"; readonly code: number; readonly message: string; readonly status: number };

/** What a call came to. */
export type Answer<T> =
  { readonly ok: true; readonly value: T } | { readonly ok: false; readonly error: CloudflareError };

/** A {@link CloudflareError} as something that can be thrown. */
export class CloudflareFailure extends Error {
  readonly error: CloudflareError;
  constructor(what: string, error: CloudflareError) {
    super(
      `${what}: ${error.kind}${error.code === 0 ? "" : ` ${error.code}`}: ${error.message}`,
      error.kind === "Unreachable" ? { cause: error.cause } : {},
    );
    this.name = "CloudflareFailure";
    this.error = error;
  }
}

/**
 * The value of an answer.
 * @param what what was tried, for the error's text: `list the records of example.org`
 * @throws CloudflareFailure when it has none
 */
export function answered<T>(what: string, answer: Answer<T>): T {
  if (answer.ok) return answer.value;
  throw new CloudflareFailure(what, answer.error);
}

/** Whether a write that failed so may nevertheless have been committed. */
export function mayBeCommitted({ kind }: CloudflareError): boolean {
  return kind === "Timeout" || kind === "Unreachable" || kind === "ServerError";
}
