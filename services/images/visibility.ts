import { HttpError } from "#lib/service/http.ts";
import { createFlights } from "./flights.ts";
import type { ImagesMetrics } from "./metrics.ts";

/** Who asks for a picture. */
export interface Asker {
  /** The token of a share link. */
  readonly share: string | undefined;
  /** The X-Forwarded-For header, handed on so that trips-api limits the client and not this service. */
  readonly forwardedFor: string | undefined;
}

/** Whether pictures may be seen. */
export interface Visibility {
  /**
   * Whether the picture is one of a point that may be seen now by whoever asks. Refuses with 503 when nobody knows;
   * with the reason of the signal when it is aborted.
   */
  shows(key: string, asker: Asker, signal: AbortSignal): Promise<boolean>;
}

/** For how long an answer holds, in milliseconds: a deletion takes effect no later. */
export const HOLDS_MS = 10_000;

const KEPT = 20_000;
const ANSWERS_WITHIN_MS = 3_000;

/** What trips-api says of a picture that is deleted, hidden or unknown, or of a share that is unknown or over. */
const HIDDEN = new Set([401, 403, 404, 410]);

/** Shows every picture of the bucket. */
export const EVERYTHING: Visibility = { shows: async () => true };

/**
 * Asks trips-api for every picture: `HEAD <url>/api/images/<key>`. `If-None-Match: *` spares it the look into the store, and its 304
 * means that the picture may be seen. What it said holds for {@link HOLDS_MS}, 20,000 answers of it; equal questions at the same time are one.
 * Every answer but yes and no, and none in 3 s, is a 503: no picture is given out that might be hidden.
 */
export function createVisibility(deps: {
  readonly url: string;
  readonly metrics: Pick<ImagesMetrics, "visibility">;
  readonly now?: () => number;
}): Visibility {
  const now = deps.now ?? Date.now;
  const base = deps.url.replace(/\/+$/, "");
  const known = new Map<string, { readonly shown: boolean; readonly until: number }>();
  const flights = createFlights<boolean>();

  const look = async (key: string, { share, forwardedFor }: Asker, signal: AbortSignal): Promise<boolean> => {
    const query = share === undefined ? "" : `?share=${encodeURIComponent(share)}`;
    const response = await fetch(`${base}/api/images/${key}${query}`, {
      method: "HEAD",
      headers: { "if-none-match": "*", ...(forwardedFor === undefined ? {} : { "x-forwarded-for": forwardedFor }) },
      redirect: "error",
      signal: AbortSignal.any([signal, AbortSignal.timeout(ANSWERS_WITHIN_MS)]),
    });
    if (response.ok || response.status === 304) return true;
    if (HIDDEN.has(response.status)) return false;
    throw new Error(`trips-api answered ${response.status}; expected 200, 304 or 404.`);
  };
  const ask = async (name: string, key: string, asker: Asker, signal: AbortSignal): Promise<boolean> => {
    const asked = now();
    try {
      const shown = await look(key, asker, signal);
      deps.metrics.visibility.inc({ result: shown ? "shown" : "hidden" });
      known.delete(name);
      known.set(name, { shown, until: asked + HOLDS_MS });
      if (known.size > KEPT) known.delete(known.keys().next().value!);
      return shown;
    } catch (cause) {
      deps.metrics.visibility.inc({ result: "unknown" });
      const message = "Whether this picture may be shown is not known now; try again soon.";
      throw new HttpError(503, "visibility_unknown", message, { cause });
    }
  };

  return {
    async shows(key, asker, signal) {
      const name = `${key} ${asker.share ?? ""}`;
      const found = known.get(name);
      if (found && now() < found.until) {
        deps.metrics.visibility.inc({ result: "remembered" });
        return found.shown;
      }
      return flights.join(name, signal, (stop) => ask(name, key, asker, stop));
    },
  };
}
