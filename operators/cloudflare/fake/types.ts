import type { Clock } from "#lib/operator/clock.ts";
import type { Fetch } from "../api/fetch.ts";
import type { FakeCall, FaultPlan } from "./faults.ts";
import type { QuotaOptions } from "./quota.ts";
import type { World } from "./world.ts";

/** How a fake Cloudflare behaves. */
export interface FakeCloudflareOptions {
  readonly clock: Clock;
  /** What is there at the start: nothing unless told. */
  readonly world?: World;
  /** Draws what stale reads see. */
  readonly seed?: number;
  readonly faults?: FaultPlan;
  /** How old all lists are: 0 unless told, 30 s at most. */
  readonly lagMs?: number;
  /** Time that a call takes: 0 (no timer at all) unless told. */
  readonly latencyMs?: number;
  readonly quota?: QuotaOptions;
  /** The one account: {@link ACCOUNT} unless told. */
  readonly account?: string;
  /** The one token: {@link TOKEN} unless told. */
  readonly token?: string;
}

/** The account and the token that a fake has unless it is told others. */
export const ACCOUNT = "0".repeat(32);
export const TOKEN = "local";

/** A change of the world. */
export interface Change {
  readonly before: World;
  readonly after: World;
  /** The call, or undefined for what a user did. */
  readonly call: FakeCall | undefined;
}

/**
 * Cloudflare's API v4 as far as the operator uses it, in process: envelopes, pages, codes, limits, one account. Give
 * {@link FakeCloudflare.fetch} to a client, whatever its base URL.
 */
export interface FakeCloudflare {
  readonly fetch: Fetch;
  /** What is there, however late lists are. */
  readonly world: World;
  /** Calls made so far, without those of {@link FakeCloudflare.user}. */
  readonly calls: number;
  /** Replaces the plan of faults. */
  setFaults(plan: FaultPlan): void;
  /** How old all lists are from now on, in milliseconds: 30,000 at most. */
  setLag(ms: number): void;
  /** Is told of each change directly after it; returns a function that ends this. */
  onChange(listen: (change: Change) => void): () => void;
  /** Somebody at the dashboard: at once, never counted, never faulty. */
  readonly user: CloudflareUser;
}

/** What people do by hand. */
export interface CloudflareUser {
  /**
   * Makes a call of the API; gives its result as it travels. `:account` in the path is the fake's account.
   * @throws Refusal when the API refuses it
   */
  call(method: string, path: string, body?: unknown): unknown;
  /** Makes a zone. @returns its identifier */
  zone(name: string): string;
  /** Makes a reusable policy that allows somebody. @returns its identifier */
  policy(name: string): string;
  /** Makes a tunnel that is configured here. @returns its identifier */
  tunnel(name: string): string;
}
