/** A call that the API refuses: a status, and Cloudflare's code and message. */
export class Refusal extends Error {
  readonly status: number;
  readonly code: number;

  constructor(status: number, code: number, message: string) {
    super(message);
    this.name = "Refusal";
    this.status = status;
    this.code = code;
  }
}

/** An answer of the API. */
export interface Reply {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** One page of a list. */
export interface PageInfo {
  readonly page: number;
  readonly per_page: number;
  readonly count: number;
  readonly total_count: number;
  readonly total_pages: number;
}

/** What a call that goes well is answered with. */
export function success(result: unknown, info?: PageInfo): Reply {
  return json(200, { success: true, errors: [], messages: [], result, ...(info && { result_info: info }) });
}

/** What a call that is refused is answered with. */
export function refusal({ status, code, message }: Refusal): Reply {
  return json(status, { success: false, errors: [{ code, message }], messages: [], result: null });
}

/** Any JSON. */
export function json(status: number, body: unknown): Reply {
  return { status, headers: { "content-type": "application/json" }, body: JSON.stringify(body) };
}
