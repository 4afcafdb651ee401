/** Why a request to the API server did not succeed. Closed: whoever reads it handles all kinds. `message` is the server's own where it gave one. */
export type ApiError =
  /** 404: no such object (or no such kind). */
  | { readonly kind: "NotFound"; readonly message: string }
  /** 409 on create: an object of that name is there. */
  | { readonly kind: "AlreadyExists"; readonly message: string }
  /** 409: the object has changed since the version that the request named, or another manager owns a field. */
  | { readonly kind: "Conflict"; readonly message: string }
  /** 410: the version or continue token is too old for the server's history; list again. */
  | { readonly kind: "Gone"; readonly message: string }
  /** 400, 413, 415, 422: the request will never succeed as it is. */
  | { readonly kind: "Invalid"; readonly message: string }
  /** 401. */
  | { readonly kind: "Unauthorized"; readonly message: string }
  /** 403: the rights of the service account do not include this, or admission refused. */
  | { readonly kind: "Forbidden"; readonly message: string }
  /** 429: wait at least `retryAfterMs`. */
  | { readonly kind: "TooManyRequests"; readonly message: string; readonly retryAfterMs: number }
  /** No answer in time, or 504. A write may have been committed. */
  | { readonly kind: "Timeout"; readonly message: string }
  /** The connection could not be made or broke. A write may have been committed. */
  | { readonly kind: "Unreachable"; readonly message: string; readonly cause?: unknown }
  /** Any other 5xx, or an answer that is no Kubernetes answer. A write may have been committed. */
  | { readonly kind: "ServerError"; readonly message: string; readonly status: number; readonly retryAfterMs?: number };

/** What a request came to. */
export type Outcome<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly error: ApiError };

/** An {@link ApiError} as something that can be thrown out of a reconciliation; the controller then tries again later. */
export class KubeError extends Error {
  readonly error: ApiError;
  constructor(what: string, error: ApiError) {
    super(`${what}: ${error.kind}: ${error.message}`, error.kind === "Unreachable" ? { cause: error.cause } : {});
    this.name = "KubeError";
    this.error = error;
  }
}

/**
 * The value of an outcome.
 * @param what what was tried, for the error's text: `read Deployment a/b`
 * @throws KubeError when it has none
 */
export function valueOf<T>(what: string, outcome: Outcome<T>): T {
  if (outcome.ok) return outcome.value;
  throw new KubeError(what, outcome.error);
}

/** Whether a write that failed so may nevertheless have been committed. */
export function mayBeCommitted(error: ApiError): boolean {
  return error.kind === "Timeout" || error.kind === "Unreachable" || error.kind === "ServerError";
}

/** An outcome that succeeded. */
export const success = <T>(value: T): Outcome<T> => ({ ok: true, value });

/** An outcome that did not. */
export const failure = (error: ApiError): { readonly ok: false; readonly error: ApiError } => ({ ok: false, error });
