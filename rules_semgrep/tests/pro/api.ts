import { createHash, randomUUID } from "node:crypto";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

/** A request that the fake was sent. */
export interface Seen {
  readonly host: string;
  readonly url: string;
  readonly authorization: string | undefined;
}

const PLATFORMS = ["manylinux-x86", "manylinux-arm64", "osx-arm64"];

/** What the fake gives out as semgrep-core-proprietary. */
export const ENGINE = "#!/bin/sh\necho a Pro engine\n";
/** Its digest. */
export const ENGINE_SHA256 = createHash("sha256").update(ENGINE).digest("hex");

/** Tokens of this run, each with what the API does with it; they stand in no file, so that one that is found was leaked. */
export const TOKENS = {
  valid: randomUUID(),
  redirected: randomUUID(),
  truncated: randomUUID(),
  unentitled: randomUUID(),
  unknown: randomUUID(),
};

/** The download API of the Pro engine on loopback, and a second host that it may redirect to. */
export class FakeApi {
  readonly #api: Server;
  readonly #store: Server;
  /** All requests, in their order. */
  readonly seen: Seen[] = [];

  private constructor() {
    this.#api = createServer((request, response) => this.#answer(this.#note(request), request, response));
    this.#store = createServer((request, response) => {
      this.#note(request);
      response.end(ENGINE);
    });
  }

  /** Listens on free ports. */
  static async start(): Promise<FakeApi> {
    const fake = new FakeApi();
    await Promise.all(
      [fake.#api, fake.#store].map((server) => new Promise<void>((done) => server.listen(0, "127.0.0.1", done))),
    );
    return fake;
  }

  /** What SEMGREP_URL has to be. */
  get url(): string {
    return address(this.#api);
  }

  stop(): void {
    for (const server of [this.#api, this.#store]) {
      server.close();
      server.closeAllConnections();
    }
  }

  #note(request: IncomingMessage): Seen {
    const { host = "", authorization } = request.headers;
    const seen = { host, url: request.url ?? "", authorization };
    this.seen.push(seen);
    return seen;
  }

  #answer({ url, authorization }: Seen, request: IncomingMessage, response: ServerResponse): void {
    const { pathname, searchParams } = new URL(url, this.url);
    const platform = /^\/api\/agent\/deployments\/deepbinary\/([^/]+)$/.exec(pathname)?.[1];
    const token = Object.values(TOKENS).find((known) => authorization === `Bearer ${known}`);
    const end = (status: number, text = ""): void => void response.writeHead(status).end(text);
    if (request.method !== "GET" || platform === undefined) return end(404, "no such page");
    if (token === undefined || token === TOKENS.unknown) return end(401, "invalid API key");
    if (token === TOKENS.unentitled) return end(403, "no entitlement");
    if (!PLATFORMS.includes(platform) || searchParams.get("version") !== "1.185.0") return end(404, "no such engine");
    if (token === TOKENS.redirected)
      return void response.writeHead(302, { location: `${address(this.#store)}/signed` }).end();
    if (token === TOKENS.valid) return end(200, ENGINE);
    response.writeHead(200, { "content-length": String(ENGINE.length * 2) });
    response.write(ENGINE, () => response.destroy());
  }
}

function address(server: Server): string {
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}
