import { Type } from "typebox";
import { Compile } from "typebox/compile";
import { type LatLng, roundCoordinate } from "#lib/geo/geo.ts";
import type { ElevationSource, Heights } from "./source.ts";

/** How an elevation service is asked. */
export interface ServiceOptions {
  /** Where the lookup is POSTed to. */
  readonly url: string;
  /** Places of one request. */
  readonly batch?: number;
  readonly timeoutMs?: number;
  /** Answers that are kept in memory. */
  readonly kept?: number;
  readonly signal?: AbortSignal;
}

const Reply = Compile(
  Type.Object({
    results: Type.Array(
      Type.Object({ elevation: Type.Union([Type.Number({ minimum: -12_000, maximum: 9_000 }), Type.Null()]) }),
    ),
  }),
);

const MAX_REPLY_BYTES = 4 * 1024 * 1024;

/**
 * Elevations from a service that speaks Open-Elevation's protocol (Open Topo Data answers likewise): `POST {"locations":
 * [{"latitude", "longitude"}]}` gives `{"results": [{"elevation"}]}` in the same order, in metres. One request at a time; after one that fails the rest is not asked.
 * What is known is kept by coordinates of five decimals; failures and unknown places are not, so that the next question asks again.
 */
export function elevationService(options: ServiceOptions): ElevationSource {
  const { batch = 100, kept = 10_000 } = options;
  const known = new Map<string, number>();
  return {
    name: "service",
    async heights(places: readonly LatLng[]): Promise<Heights> {
      const answers = new Map<string, number | null>();
      const open: string[] = [];
      for (const key of new Set(places.map(keyOf))) {
        const height = known.get(key);
        if (height === undefined) open.push(key);
        else answers.set(key, height);
      }
      let failure: string | null = null;
      try {
        for (let start = 0; start < open.length; start += batch) {
          const keys = open.slice(start, start + batch);
          const heights = await ask(keys, options);
          keys.forEach((key, i) => {
            answers.set(key, heights[i]!);
            if (heights[i] !== null) known.set(key, heights[i]!);
          });
        }
      } catch (error) {
        failure = (error as Error).message;
      }
      for (const oldest of known.keys()) {
        if (known.size <= kept) break;
        known.delete(oldest);
      }
      return { heights: places.map((place) => answers.get(keyOf(place)) ?? null), failure };
    },
  };
}

const keyOf = ({ lat, lng }: LatLng) => `${roundCoordinate(lat)},${roundCoordinate(lng)}`;

async function ask(
  keys: readonly string[],
  { url, timeoutMs = 10_000, signal }: ServiceOptions,
): Promise<(number | null)[]> {
  const locations = keys.map((key) => {
    const [latitude, longitude] = key.split(",").map(Number);
    return { latitude, longitude };
  });
  const deadline = AbortSignal.timeout(timeoutMs);
  const text = await post(url, JSON.stringify({ locations }), signal ? AbortSignal.any([signal, deadline]) : deadline);
  let reply: unknown;
  try {
    reply = JSON.parse(text);
  } catch (cause) {
    throw new Error(`The elevation service answered with something else than JSON: ${text.slice(0, 80)}`, { cause });
  }
  if (!Reply.Check(reply) || reply.results.length !== keys.length)
    throw new Error(
      `The elevation service was asked for ${keys.length} places and answered with something else: ${text.slice(0, 80)}`,
    );
  return reply.results.map(({ elevation }) => elevation);
}

async function post(url: string, body: string, signal: AbortSignal): Promise<string> {
  try {
    const response = await fetch(url, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body,
      signal,
      redirect: "error",
    });
    const chunks: Uint8Array[] = [];
    let size = 0;
    for await (const chunk of response.body ?? []) {
      size += chunk.length;
      if (size > MAX_REPLY_BYTES) throw new Error(`its answer is longer than ${MAX_REPLY_BYTES} bytes`);
      chunks.push(chunk);
    }
    if (!response.ok) throw new Error(`it answered ${response.status}`);
    return Buffer.concat(chunks).toString();
  } catch (cause) {
    throw new Error(
      `The elevation service did not help: ${(cause as Error).message}. Its places stay unknown for now.`,
      { cause },
    );
  }
}
