import { waitMs } from "#lib/service/retry.ts";
import { type CardFile, picturesOf } from "./media.ts";

/**
 * Thrown when the camera does not do what it should.
 * `gone`: the file is not on the card; `unreachable`: no answer; `refused`: an answer that is an error;
 * `truncated`: fewer bytes than announced, after all tries; `busy`: not idle in time.
 */
export class CameraError extends Error {
  readonly code: "gone" | "unreachable" | "refused" | "truncated" | "busy";
  constructor(code: CameraError["code"], message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = "CameraError";
    this.code = code;
  }
}

/** A camera that speaks Open GoPro's HTTP API 2.0. */
export interface CameraClient {
  /** Tells the camera that we are here; every 3 s. */
  keepAlive(): Promise<void>;
  /** Sets the camera's clock and time zone. */
  setClock(now: Date, zoneMinutes: number): Promise<void>;
  /** Takes one picture: waits until the camera is idle, presses, and waits until the picture is on the card. */
  takePicture(): Promise<void>;
  /** The JPEGs on the card, oldest first. */
  list(): Promise<CardFile[]>;
  /** The bytes of a file, as many as announced; resumes a broken download when the camera honours Range. */
  download(file: CardFile): Promise<Uint8Array>;
}

/** How long the client waits for things, in milliseconds. */
export interface Patience {
  readonly answerMs: number;
  readonly downloadMs: number;
  readonly idleMs: number;
  readonly pollMs: number;
  readonly retryMs: number;
  readonly downloadTries: number;
}

const PATIENCE: Patience = {
  answerMs: 10_000,
  downloadMs: 60_000,
  idleMs: 30_000,
  pollMs: 100,
  retryMs: 1_000,
  downloadTries: 4,
};

/**
 * Makes a client for the camera at a base URL. Connects to nothing until a method is called.
 * When the signal is aborted, what is under way fails as unreachable.
 */
export function openCameraClient(
  baseUrl: string,
  options: { signal?: AbortSignal; patience?: Partial<Patience> } = {},
): CameraClient {
  const { answerMs, downloadMs, idleMs, pollMs, retryMs, downloadTries } = { ...PATIENCE, ...options.patience };
  const stopped = options.signal ?? new AbortController().signal;
  const base = baseUrl.replace(/\/+$/, "");

  async function request(path: string, headers: Record<string, string> = {}, timeoutMs = answerMs): Promise<Response> {
    let response: Response;
    try {
      response = await fetch(base + path, {
        headers,
        signal: AbortSignal.any([stopped, AbortSignal.timeout(timeoutMs)]),
      });
    } catch (cause) {
      throw new CameraError(
        "unreachable",
        `The camera at ${base} did not answer ${path}; check CAMERA_URL and that it is on.`,
        { cause },
      );
    }
    if (response.ok) return response;
    const text = (await response.text()).slice(0, 200);
    throw new CameraError(
      response.status === 404 ? "gone" : "refused",
      `The camera answered ${path} with ${response.status}: ${text}`,
    );
  }

  async function json(path: string): Promise<unknown> {
    try {
      return await (await request(`/gopro${path}`)).json();
    } catch (cause) {
      if (cause instanceof CameraError) throw cause;
      throw new CameraError("refused", `The camera answered ${path} with something that is not JSON.`, { cause });
    }
  }

  async function untilIdle(): Promise<void> {
    const deadline = Date.now() + idleMs;
    for (;;) {
      const { status } = (await json("/camera/state")) as { status?: Record<string, unknown> };
      if (status?.["8"] === 0 && status["10"] === 0) return;
      if (Date.now() > deadline)
        throw new CameraError("busy", `The camera was not idle within ${idleMs} ms (status 8 and 10).`);
      await waitMs(pollMs, stopped);
    }
  }

  async function attempt(file: CardFile, have: Uint8Array): Promise<{ bytes: Uint8Array; whole: boolean }> {
    const path = `/videos/DCIM/${file.folder}/${file.name}`;
    const response = await request(path, have.length > 0 ? { range: `bytes=${have.length}-` } : {}, downloadMs);
    const resumed =
      response.status === 206 && response.headers.get("content-range")?.startsWith(`bytes ${have.length}-`);
    const chunks: Uint8Array[] = resumed ? [have] : [];
    const announced = file.bytes || Number(response.headers.get("content-length") ?? 0) + (resumed ? have.length : 0);
    try {
      for await (const chunk of response.body ?? []) chunks.push(chunk);
    } catch {
      return { bytes: Buffer.concat(chunks), whole: false };
    }
    const bytes = Buffer.concat(chunks);
    return { bytes, whole: announced > 0 && bytes.length === announced };
  }

  return {
    keepAlive: async () => void (await json("/camera/keep_alive")),
    async setClock(now, zoneMinutes) {
      const local = new Date(now.getTime() + zoneMinutes * 60_000);
      const date = [local.getUTCFullYear(), local.getUTCMonth() + 1, local.getUTCDate()].join("_");
      const time = [local.getUTCHours(), local.getUTCMinutes(), local.getUTCSeconds()].join("_");
      await json(`/camera/set_date_time?date=${date}&time=${time}&tzone=${zoneMinutes}&dst=0`);
    },
    async takePicture() {
      await untilIdle();
      await json("/camera/shutter/start");
      await untilIdle();
    },
    list: async () => picturesOf(await json("/media/list")),
    async download(file) {
      let have: Uint8Array = new Uint8Array();
      for (let tries = 1; tries <= downloadTries; tries++) {
        const { bytes, whole } = await attempt(file, have);
        if (whole) return bytes;
        have = file.bytes > 0 && bytes.length < file.bytes ? bytes : new Uint8Array();
        if (tries < downloadTries) await waitMs(retryMs * 2 ** (tries - 1), stopped);
      }
      throw new CameraError(
        "truncated",
        `${file.folder}/${file.name} arrived short ${downloadTries} times; expected ${file.bytes} bytes.`,
      );
    },
  };
}
