import { parsePoints } from "./points.ts";
import type { TripAction } from "./state.ts";

/** Where an image of the bucket is served, relative to the page. */
export function imageUrl(key: string): string {
  return `api/images/${key}`;
}

/** Where the live socket is, for the changes after a sequence. The page may stand at any path. */
export function liveUrl(after: number): string {
  const url = new URL(`api/live?after=${after}`, document.baseURI);
  url.protocol = url.protocol === "https:" ? "wss:" : "ws:";
  return url.href;
}

/** Loads all points. Fails with a sentence for the reader. */
export async function loadPoints(signal: AbortSignal): Promise<Extract<TripAction, { type: "loaded" }>> {
  const reply = await fetch("api/points", { signal, headers: { accept: "application/json" } }).catch(
    (cause: unknown) => {
      throw new Error("The server does not answer.", { cause });
    },
  );
  if (!reply.ok) throw new Error(`The server answered with status ${reply.status}.`);
  const parsed = parsePoints(await reply.json().catch(() => null));
  if (parsed === null) throw new Error("The server's answer is not a list of photos.");
  return { type: "loaded", ...parsed };
}
