import type { Objects } from "#lib/objects/objects.ts";
import { HttpError } from "#lib/service/http.ts";
import type { Logger } from "#lib/service/logs.ts";
import type { Limits } from "./config.ts";
import type { Derived } from "./derived.ts";
import { createFlights } from "./flights.ts";
import { createGate, type Gate, GateFull } from "./gate.ts";
import type { ImagesMetrics } from "./metrics.ts";
import { type Refusal, render, tooManyBytes } from "./render.ts";
import { type Derivative, fileName } from "./variants.ts";

/** What pictures are made of. */
export interface PicturesDeps {
  readonly objects: Pick<Objects, "get">;
  readonly derived: Derived;
  readonly metrics: ImagesMetrics;
  readonly logger: Logger;
  readonly limits: Limits;
  /** Pictures made at once. */
  readonly encodes: number;
  /** Requests that may wait for that. */
  readonly queue: number;
}

/** Made pictures, from where they are kept or out of the store. */
export interface Pictures {
  /**
   * The bytes of a made picture. Equal requests at the same time share one making; one that nobody waits for loses its place.
   * @throws HttpError 404, 413, 415, 422, 502, 503 or 504 with a sentence for the client; the signal's reason when it is aborted
   */
  get(derivative: Derivative, signal: AbortSignal): Promise<Buffer>;
  /** Who is let in: twice as many as are made at once, so that the next inputs come while the encoders are busy. */
  readonly gate: Gate;
}

const STATUS: Record<Refusal, number> = { not_an_image: 415, too_large: 413, broken_image: 422, timed_out: 504 };

/** Joins the store, the kept pictures, the gate and the encoder. */
export function createPictures(deps: PicturesDeps): Pictures {
  const { derived, metrics, limits, logger } = deps;
  const flights = createFlights<Buffer>();
  const gate = createGate(2 * deps.encodes, deps.queue);
  const encoders = createGate(deps.encodes, deps.encodes);

  async function make(derivative: Derivative, signal: AbortSignal): Promise<Buffer> {
    const { variant, format } = derivative;
    const name = fileName(derivative);
    const kept = await derived.get(name);
    metrics.cache.inc({ result: kept ? "hit" : "miss" });
    if (kept) return kept;
    const bytes = await gate.run(async () => {
      const input = await fetchInput(deps, derivative.key, signal);
      metrics.bytes.inc({ direction: "in" }, input.byteLength);
      const rendered = await encoders.run(() => {
        const end = metrics.duration.startTimer({ variant, format });
        return render(input, variant, format, limits).finally(end);
      }, signal);
      if (rendered.ok) return rendered.bytes;
      throw new HttpError(STATUS[rendered.reason], rendered.reason, rendered.message);
    }, signal);
    await derived.put(name, bytes).catch((err: Error) => {
      metrics.unkept.inc();
      logger.warn({ err }, "a made picture could not be kept; it is made again when it is asked for again");
    });
    return bytes;
  }

  return {
    gate,
    get: (derivative, signal) =>
      flights
        .join(fileName(derivative), signal, (own) => make(derivative, own))
        .catch((error: Error) => {
          if (signal.aborted) throw error;
          const told = error instanceof GateFull ? new HttpError(503, "busy", error.message, { cause: error }) : error;
          if (told instanceof HttpError) metrics.rejected.inc({ reason: told.code });
          throw told;
        }),
  };
}

/** The stored bytes, as long as they are not too many. */
async function fetchInput(deps: PicturesDeps, key: string, signal: AbortSignal): Promise<Buffer> {
  const found = await deps.objects.get(key).catch((cause: Error) => {
    throw storeUnavailable(cause);
  });
  if (!found) throw noSuchImage(key);
  const most = deps.limits.inputBytes;
  const chunks: Uint8Array[] = [];
  let length = 0;
  const stop = (error: Error) => found.body.cancel().then(() => Promise.reject(error));
  if (found.bytes > most) return stop(new HttpError(413, "too_large", tooManyBytes(deps.limits)));
  const timeout = AbortSignal.any([signal, AbortSignal.timeout(deps.limits.seconds * 1_000)]);
  const reader = found.body.getReader();
  const cancel = () => void reader.cancel(timeout.reason).catch(() => {});
  timeout.addEventListener("abort", cancel, { once: true });
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) break;
      length += value.byteLength;
      if (length > most) {
        cancel();
        throw new HttpError(413, "too_large", tooManyBytes(deps.limits));
      }
      chunks.push(value);
    }
  } catch (cause) {
    if (cause instanceof HttpError) throw cause;
    throw storeUnavailable(cause as Error);
  } finally {
    timeout.removeEventListener("abort", cancel);
  }
  signal.throwIfAborted();
  if (timeout.aborted || length < found.bytes)
    throw storeUnavailable(new Error(`${length} of ${found.bytes} bytes of ${key} came`));
  return Buffer.concat(chunks, length);
}

/** The answer when the store gives no answer. */
export function storeUnavailable(cause: Error): HttpError {
  return new HttpError(502, "store_unavailable", "The store of pictures does not answer; try again later.", { cause });
}

/** The answer when there is no such object. */
export function noSuchImage(key: string): HttpError {
  return new HttpError(404, "no_such_image", `There is no picture ${key}.`);
}
