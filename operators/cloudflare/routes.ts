import { isDeepStrictEqual } from "node:util";
import type { Clock } from "#lib/operator/clock.ts";
import type { Reader } from "#lib/operator/store.ts";
import { type CloudflareError, mayBeCommitted } from "./api/errors.ts";
import type { Cloudflare, IngressRule } from "./api/types.ts";
import type { Deployment } from "./deployment.ts";
import type { Observation } from "./observe.ts";
import { render } from "./plan.ts";

/** How a wish to bring the tunnel up to date ended. */
export type Synced =
  | { readonly kind: "written"; readonly version: number }
  /** For `ms` more a configuration of before may come back, from a call whose end is not known. */
  | { readonly kind: "unsettled"; readonly ms: number }
  | { readonly kind: "failed"; readonly error: CloudflareError };

/** Writes the configuration of the tunnel: the one writer that there is, one call at a time. */
export interface RouteWriter {
  /**
   * Brings the tunnel to what the Deployments and the world say when the call is made, after this was asked.
   * @param closing whether something open is to be closed: then at once; else changes wait for others a little
   * @throws LeadershipLost when another leads by now
   */
  sync(closing: boolean): Promise<Synced>;
  /** Whether a hostname has a route now, is getting one, or may have one by a call whose end is not known, of this leader or the one before. */
  mayHaveRoute(hostname: string): boolean;
}

/** Between two configurations that only open something. */
const GAP_MS = 5_000;

interface Asker {
  readonly end: (synced: Synced) => void;
  readonly fail: (error: unknown) => void;
}

/** Changes that come within this time go together. */
const GATHER_MS = 200;

/** What a writer is made of. */
export interface RouteWriterOptions {
  readonly cloudflare: Cloudflare;
  readonly observation: Observation;
  readonly cache: Reader<Deployment>;
  readonly clock: Clock;
  /** After so long a call without an answer has happened, or never will. */
  readonly settleMs: number;
  readonly signal: AbortSignal;
  /** Is told of each configuration that was written. */
  readonly onRoutes?: (before: readonly IngressRule[], after: readonly IngressRule[]) => void;
}

/** Makes a writer. */
export function routeWriter(options: RouteWriterOptions): RouteWriter {
  const { cloudflare, observation, cache, clock, settleMs, signal } = options;
  const { world } = observation;
  let askers: Asker[] = [];
  let running = false;
  let urgent = false;
  let wake: (() => void) | undefined;
  /** Hostnames of the configuration that is on its way. */
  let sending: ReadonlySet<string | undefined> | undefined;
  let wroteAtMs = -Infinity;
  /** The end of the time in which a call without an answer may still take effect. */
  let doubtfulUntilMs = -Infinity;
  /** What such a call may have left must be overwritten once that time is over. */
  let rewrite = false;

  const unsettledForMs = (): number => {
    const leftMs = Math.max(0, doubtfulUntilMs - clock.elapsedMs());
    return leftMs === 0 && rewrite ? 1 : leftMs;
  };
  const write = async (): Promise<Synced> => {
    const waitMs = await observation.settle({ signal });
    if (waitMs > 0) return { kind: "unsettled", ms: waitMs };
    const over = clock.elapsedMs() >= doubtfulUntilMs;
    const ingress = render(cache, world);
    const { version, ingress: before, settings } = world.configuration;
    if (!(rewrite && over) && isDeepStrictEqual(ingress, before)) return settledAs(version);
    sending = new Set(ingress.map(({ hostname }) => hostname));
    const answer = await cloudflare.tunnels
      .configure(world.identity.tunnel.id, { ingress, settings }, { signal, priority: "urgent" })
      .finally(() => (sending = undefined));
    wroteAtMs = clock.elapsedMs();
    if (!answer.ok) {
      if (!mayBeCommitted(answer.error)) return { kind: "failed", error: answer.error };
      doubtfulUntilMs = clock.elapsedMs() + settleMs;
      rewrite = true;
      return { kind: "failed", error: answer.error };
    }
    if (over) rewrite = false;
    options.onRoutes?.(before, answer.value.ingress);
    world.configuration = answer.value;
    return settledAs(answer.value.version);
  };
  const settledAs = (version: number): Synced => {
    const ms = unsettledForMs();
    return ms > 0 ? { kind: "unsettled", ms } : { kind: "written", version };
  };
  const run = async (): Promise<void> => {
    running = true;
    while (askers.length > 0) {
      const gapMs = wroteAtMs + GAP_MS - clock.elapsedMs();
      if (!urgent) await pause(Math.max(gapMs, GATHER_MS));
      const served = askers;
      askers = [];
      try {
        const synced = await write();
        for (const { end } of served) end(synced);
      } catch (error) {
        for (const { fail } of served) fail(error);
      }
      urgent = false;
    }
    running = false;
  };
  const pause = (ms: number): Promise<void> =>
    new Promise((resolve) => {
      const timer = clock.setTimer(ms, resolve);
      wake = () => {
        timer.cancel();
        resolve();
      };
    });

  return {
    sync: (closing) =>
      new Promise((end, fail) => {
        askers.push({ end, fail });
        if (closing) {
          urgent = true;
          wake?.();
        }
        if (!running) void run();
      }),
    mayHaveRoute: (hostname) =>
      !observation.settled ||
      unsettledForMs() > 0 ||
      world.ruleOf(hostname) !== undefined ||
      (sending?.has(hostname) ?? false),
  };
}
