/** Where requests are handed on to, or why they cannot be. */
type Origin = URL | { readonly code: string; readonly message: string };

/** Milliseconds until an origin has to have begun its answer. */
const patience = 30_000;

/** Whether a path is one of these: `*` stands for anything, as in `run_worker_first`. */
export function matchesPath(path: string, patterns: readonly string[]): boolean {
  return patterns.some((pattern) => {
    const parts = pattern.split("*").map((part) => part.replace(/[.+?^${}()|[\]\\]/g, "\\$&"));
    return new RegExp(`^${parts.join(".*")}$`).test(path);
  });
}

/** Reads the variable that names the origin, such as `https://home.example.org/trips`; its path is put before each path. */
export function parseOrigin(text: string | undefined, request: URL): Origin {
  if (text === undefined || text === "") {
    const message =
      "This site does not know where its service is: the variable API_ORIGIN is not set. Set it, and deploy again.";
    return { code: "no_origin", message };
  }
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined || !/^https?:$/.test(url.protocol) || url.username !== "" || url.search !== "") {
    const message = "The variable API_ORIGIN is not an address; expected one such as https://service.example.org.";
    return { code: "bad_origin", message };
  }
  if (url.host === request.host) {
    return { code: "bad_origin", message: "The variable API_ORIGIN names this site; expected the one of its service." };
  }
  return url;
}

/**
 * Hands a request on to the origin, as it is: method, body, headers, upgrade to a WebSocket. Redirects are the
 * browser's. Answers 503 where the variable is missing or wrong, 502 where the origin cannot be reached, 504 where it is
 * silent for 30 s.
 */
export async function passOn(request: Request, variable: string | undefined): Promise<Response> {
  const asked = new URL(request.url);
  const origin = parseOrigin(variable, asked);
  if (!(origin instanceof URL)) return failure(503, origin.code, origin.message);
  const target = new URL(origin);
  target.pathname = origin.pathname.replace(/\/$/, "") + asked.pathname;
  target.search = asked.search;
  const headers = new Headers(request.headers);
  headers.set("x-forwarded-host", asked.host);
  headers.set("x-forwarded-proto", asked.protocol.slice(0, -1));
  const waiting = new AbortController();
  const timer = setTimeout(() => waiting.abort(), patience);
  try {
    return await fetch(new Request(target, new Request(request, { headers, redirect: "manual" })), {
      signal: waiting.signal,
    });
  } catch {
    if (waiting.signal.aborted) return failure(504, "gateway_timeout", "The service of this site does not answer.");
    return failure(502, "bad_gateway", "The service of this site cannot be reached; it may be starting.");
  } finally {
    clearTimeout(timer);
  }
}

function failure(status: number, code: string, message: string): Response {
  const headers = { "cache-control": "no-store", ...(status === 503 ? {} : { "retry-after": "2" }) };
  return Response.json({ error: { code, message } }, { status, headers });
}
