import { createServer, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

/** What a path is answered with: a body, or whatever a function does. */
export type Answer = string | Uint8Array | ((response: ServerResponse) => void);

/** An origin on loopback, for tests. */
export interface Origin {
  readonly url: string;
  /** Path with its query to what comes; the rest is 404. */
  readonly answers: Map<string, Answer>;
  /** Path and Authorization of all requests. */
  readonly seen: [string, string | undefined][];
  readonly stop: () => void;
}

/** Starts an origin on a free port. */
export async function startOrigin(): Promise<Origin> {
  const answers = new Map<string, Answer>();
  const seen: [string, string | undefined][] = [];
  const server = createServer(({ url = "", headers }, response) => {
    seen.push([url, headers.authorization]);
    const answer = answers.get(url);
    if (answer === undefined) response.writeHead(404).end();
    else if (typeof answer === "function") answer(response);
    else response.end(answer);
  });
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  const stop = (): void => {
    server.close();
    server.closeAllConnections();
  };
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, answers, seen, stop };
}
