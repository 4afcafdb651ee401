/** What is sent. */
export interface FetchRequest {
  readonly method: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
  /** Ends the wait for the answer. */
  readonly signal: AbortSignal;
}

/** What is read of an answer. */
export interface FetchAnswer {
  readonly status: number;
  readonly headers: HeaderReader;
  text(): Promise<string>;
}

/** Headers by name, whatever its case; null for one that is not there. */
export interface HeaderReader {
  get(name: string): string | null;
}

/** How calls reach Cloudflare: the global `fetch` is one, a fake in process is another. Rejects when no answer came. */
export type Fetch = (url: string, request: FetchRequest) => Promise<FetchAnswer>;
