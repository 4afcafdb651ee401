/**
 * Thrown when the camera does not do what it should.
 * `gone`: the file is not on the card; `unreachable`: no answer; `refused`: an answer that is an error; `unknown`: the camera answers
 * everything with "Unknown error", as it does after some hours; `truncated`: fewer bytes than announced; `busy`: not idle in time.
 */
export class CameraError extends Error {
  readonly code: "gone" | "unreachable" | "refused" | "unknown" | "truncated" | "busy";
  constructor(code: CameraError["code"], message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = "CameraError";
    this.code = code;
  }
}

/** Where a camera answers, and how to log in where it asks for that (COHN). */
export interface CameraAddress {
  /** Without a slash at its end. */
  readonly baseUrl: string;
  readonly wired: boolean;
  readonly user?: string;
  readonly password?: string;
}

/** Asks the camera. Every method throws {@link CameraError}. */
export interface CameraHttp {
  /** An answer with a body that is not yet read; `answerMs` until it begins. */
  request(path: string, options?: { method?: "GET" | "HEAD"; range?: string; signal?: AbortSignal }): Promise<Response>;
  /** The JSON of an answer below `/gopro`. */
  json(path: string): Promise<unknown>;
}

/** Makes the HTTP half of a camera client. When `stopped` is aborted, what is under way fails as unreachable. */
export function openCameraHttp(address: CameraAddress, answerMs: number, stopped: AbortSignal): CameraHttp {
  const { baseUrl, user, password } = address;
  const login =
    user === undefined ? {} : { authorization: `Basic ${Buffer.from(`${user}:${password ?? ""}`).toString("base64")}` };

  async function request(
    path: string,
    { method = "GET", range, signal }: { method?: "GET" | "HEAD"; range?: string; signal?: AbortSignal } = {},
  ): Promise<Response> {
    const late = new AbortController();
    const timer = setTimeout(() => late.abort(new Error(`no answer within ${answerMs} ms`)), answerMs);
    let response: Response;
    try {
      response = await fetch(baseUrl + path, {
        method,
        headers: { ...login, ...(range === undefined ? {} : { range }) },
        signal: AbortSignal.any([stopped, late.signal, ...(signal ? [signal] : [])]),
      });
    } catch (cause) {
      throw unreachable(path, cause);
    } finally {
      clearTimeout(timer);
    }
    if (response.ok) return response;
    throw refusal(path, response.status, await response.text().catch(() => ""));
  }

  const unreachable = (path: string, cause: unknown) =>
    new CameraError(
      "unreachable",
      `The camera at ${baseUrl} did not answer ${path}; check CAMERA, that the camera is on and that this machine is in its network.`,
      { cause },
    );

  return {
    request,
    async json(path) {
      const response = await request(`/gopro${path}`);
      let text: string;
      try {
        text = await response.text();
      } catch (cause) {
        throw unreachable(path, cause);
      }
      try {
        return text === "" ? {} : (JSON.parse(text) as unknown);
      } catch (cause) {
        throw new CameraError("refused", `The camera answered ${path} with something that is not JSON.`, { cause });
      }
    },
  };
}

function refusal(path: string, status: number, body: string): CameraError {
  const said = body.slice(0, 200);
  if (/unknown error/i.test(said))
    return new CameraError(
      "unknown",
      `The camera answers ${path} with "Unknown error". It recovers by itself at times; else switch it off and on, and try another SD card.`,
    );
  if (status === 401)
    return new CameraError(
      "refused",
      `The camera asks for a login at ${path}; set CAMERA_USER and CAMERA_PASSWORD to those of /gopro/cohn/status.`,
    );
  if (status === 416) return new CameraError("truncated", `The camera has no bytes where ${path} was to go on.`);
  return new CameraError(
    status === 404 ? "gone" : "refused",
    `The camera answered ${path} with ${status}: ${said || "nothing"}`,
  );
}
