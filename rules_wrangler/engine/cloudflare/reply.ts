/** What the API answers with an error: a status, and Cloudflare's code and message. */
export class ApiError extends Error {
  readonly status: number;
  readonly code: number;
  readonly headers: Readonly<Record<string, string>>;

  constructor(status: number, code: number, message: string, headers: Readonly<Record<string, string>> = {}) {
    super(message);
    this.status = status;
    this.code = code;
    this.headers = headers;
  }
}

/** An answer of the fake. */
export interface Reply {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | Buffer;
}

/** What all calls of the API answer with. */
export function envelope(result: unknown, status = 200): Reply {
  return json(status, { success: true, errors: [], messages: [], result });
}

/** The same for an error. */
export function failure({ status, code, message, headers }: ApiError): Reply {
  const body = { success: false, errors: [{ code, message }], messages: [], result: null };
  return { ...json(status, body), headers: { "content-type": "application/json", ...headers } };
}

/** Any JSON. */
export function json(status: number, body: unknown): Reply {
  return { status, headers: { "content-type": "application/json" }, body: JSON.stringify(body) };
}
