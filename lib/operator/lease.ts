import type { V1Lease } from "@kubernetes/client-node";
import type { KubeApi, Patch } from "./api.ts";
import { type Clock, deadline } from "./clock.ts";
import { type ApiError, type Outcome, success } from "./errors.ts";
import { microTime } from "./events.ts";
import { type Fence, LeadershipLost, StillRunning } from "./fence.ts";
import { keyOf, type Live, type ObjectName } from "./object.ts";

export type Lease = Live<V1Lease>;

/** What an election needs. The times are client-go's unless told. */
export interface ElectionOptions {
  readonly api: KubeApi<Lease>;
  readonly lease: ObjectName;
  /** Names this process, and no other one ever: the pod's name and something random. */
  readonly identity: string;
  readonly clock: Clock;
  /** A number in [0, 1). */
  readonly random: () => number;
  /** After so long without a renewal others may take the Lease: 15 s. */
  readonly leaseMs?: number;
  /** After so long without a renewal its holder gives up: 10 s. */
  readonly renewMs?: number;
  /** Time between tries: 2 s, spread by up to 1.2 times that while waiting to lead. */
  readonly retryMs?: number;
  readonly observer?: {
    /** A request about the Lease failed, and is tried again. */
    failed?(error: ApiError): void;
    leading?(term: number): void;
    lost?(why: string): void;
  };
}

const JITTER = 1.2;
/** Tries of one renewal while others write to the Lease. */
const ATTEMPTS = 5;
const RELEASE_MS = 5_000;

/**
 * Waits for leadership, does `lead` while it lasts, and goes on so until the signal is aborted.
 *
 * `lead` gets a fence whose signal is aborted when leadership is lost, and has to end then; only after it has ended this
 * process runs again. When the signal is aborted, `lead` is given time to end while the Lease is still held and renewed;
 * then it is given back, so that another can lead at once. Whether another's Lease has expired is judged by when this
 * process saw it renewed, never by the times written in it. Rejects when `lead` does; the Lease is given back all the
 * same, but for {@link StillRunning}.
 */
export async function electLeader(
  options: ElectionOptions,
  signal: AbortSignal,
  lead: (fence: Fence) => Promise<void>,
): Promise<void> {
  const { clock, random, renewMs = 10_000, retryMs = 2_000 } = options;
  const tenant = leaseTenant(options);
  while (!signal.aborted) {
    const limit = deadline(clock, renewMs / 2, signal);
    const held = await tenant.acquire(limit.signal);
    limit.release();
    if (held === undefined) {
      await clock.sleep(retryMs * (1 + random() * JITTER), signal);
      continue;
    }
    const term = startTerm(options, tenant, held);
    let release = true;
    try {
      if (signal.aborted) continue;
      options.observer?.leading?.(term.fence.term);
      await lead(term.fence);
    } catch (error) {
      release = !(error instanceof StillRunning);
      throw error;
    } finally {
      await term.end(release);
    }
  }
}

interface Held {
  readonly lease: Lease;
  /** When the request that took or renewed it was sent, by `elapsedMs`: others see it later, so it is valid for `leaseMs` from then at least. */
  readonly sentMs: number;
}

/** One that wants a Lease. */
interface Tenant {
  /** One try to get it. */
  acquire(signal: AbortSignal): Promise<Held | undefined>;
  /** One try to renew it; undefined when it is somebody else's. */
  renew(lease: Lease, signal: AbortSignal): Promise<Outcome<Held | undefined>>;
  release(lease: Lease): Promise<void>;
}

function leaseTenant({ api, lease: name, identity, clock, observer, leaseMs = 15_000 }: ElectionOptions): Tenant {
  let seen: { readonly version: string; readonly atMs: number } | undefined;
  let lastTerm = 0;
  const fieldManager = "leader-election";
  const instant = () => microTime(clock.nowMs());
  const failed = (error: ApiError) => {
    observer?.failed?.(error);
    return undefined;
  };
  const leaseDurationSeconds = Math.ceil(leaseMs / 1000);
  const take = (): Patch => ({
    spec: {
      holderIdentity: identity,
      leaseDurationSeconds,
      acquireTime: instant(),
      renewTime: instant(),
      leaseTransitions: lastTerm + 1,
    },
  });
  const learn = (lease: Lease) => void (lastTerm = Math.max(lastTerm, lease.spec?.leaseTransitions ?? 0));
  const mine = (taken: Outcome<Lease>, sentMs: number): Held | undefined => {
    if (!taken.ok) return failed(taken.error);
    learn(taken.value);
    return { lease: taken.value, sentMs };
  };
  /** Writes while the Lease is of the same term, also when somebody else writes to it meanwhile. */
  const write = async (lease: Lease, spec: Patch, signal: AbortSignal): Promise<Outcome<Held | undefined>> => {
    let { resourceVersion } = lease.metadata;
    for (let attempt = 1; ; attempt++) {
      const sentMs = clock.elapsedMs();
      const written = await api.merge(name, { spec }, { resourceVersion, fieldManager, signal });
      if (written.ok) return success({ lease: written.value, sentMs });
      const { kind } = written.error;
      if ((kind !== "Conflict" && kind !== "NotFound") || attempt === ATTEMPTS) return written;
      const read = await api.get(name, { signal });
      if (!read.ok) return read.error.kind === "NotFound" ? success(undefined) : read;
      learn(read.value);
      if (!sameTerm(read.value, lease)) return success(undefined);
      ({ resourceVersion } = read.value.metadata);
    }
  };

  return {
    acquire: async (signal) => {
      const read = await api.get(name, { signal });
      if (!read.ok && read.error.kind !== "NotFound") return failed(read.error);
      const sentMs = clock.elapsedMs();
      if (!read.ok) {
        return mine(await api.create(name, take(), { fieldManager, signal }), sentMs);
      }
      const lease = read.value;
      learn(lease);
      const { resourceVersion } = lease.metadata;
      if (seen?.version !== resourceVersion) seen = { version: resourceVersion, atMs: sentMs };
      const { holderIdentity = "", leaseDurationSeconds: lastsSeconds = 0 } = lease.spec ?? {};
      const free = holderIdentity === "" || holderIdentity === identity;
      if (!free && sentMs <= seen.atMs + lastsSeconds * 1000) return undefined;
      return mine(await api.merge(name, take(), { resourceVersion, fieldManager, signal }), sentMs);
    },
    renew: (lease, signal) => write(lease, { leaseDurationSeconds, renewTime: instant() }, signal),
    release: async (lease) => {
      const limit = deadline(clock, RELEASE_MS);
      const spec = { holderIdentity: "", leaseDurationSeconds: 1, renewTime: instant() };
      const released = await write(lease, spec, limit.signal);
      limit.release();
      if (!released.ok) failed(released.error);
    },
  };
}

/** Whether two states of a Lease are of one holder who held it all the time. */
const sameTerm = (a: Lease, b: Lease): boolean =>
  a.metadata.uid === b.metadata.uid &&
  a.spec?.holderIdentity === b.spec?.holderIdentity &&
  a.spec?.leaseTransitions === b.spec?.leaseTransitions;

/** Keeps a Lease from when it was taken until `end`, or until it is lost. */
function startTerm(
  options: ElectionOptions,
  tenant: Tenant,
  first: Held,
): { readonly fence: Fence; end(release: boolean): Promise<void> } {
  const { api, clock, leaseMs = 15_000, renewMs = 10_000, retryMs = 2_000, observer } = options;
  const lost = new AbortController();
  const ended = new AbortController();
  let held = first;

  const lose = (why: string) => {
    if (lost.signal.aborted) return;
    lost.abort(new LeadershipLost(why));
    observer?.lost?.(why);
  };
  let expiry = clock.setTimer(first.sentMs + renewMs - clock.elapsedMs(), () =>
    lose("it could not be renewed in time"),
  );
  const keep = (next: Held) => {
    held = next;
    expiry.cancel();
    expiry = clock.setTimer(next.sentMs + renewMs - clock.elapsedMs(), () => lose("it could not be renewed in time"));
  };
  const renewing = (async () => {
    while (!lost.signal.aborted && (await clock.sleep(retryMs, ended.signal))) {
      const limit = deadline(clock, renewMs / 2, lost.signal, ended.signal);
      const renewed = await tenant.renew(held.lease, limit.signal);
      limit.release();
      if (lost.signal.aborted || ended.signal.aborted) return;
      if (!renewed.ok) observer?.failed?.(renewed.error);
      else if (renewed.value === undefined) lose("somebody else holds the lease");
      else keep(renewed.value);
    }
  })();

  const check: Fence["check"] = async ({ forMs = leaseMs - renewMs, signal } = {}) => {
    const refuse = (why: string, cause?: unknown): never => {
      throw new LeadershipLost(why, cause === undefined ? {} : { cause });
    };
    if (lost.signal.aborted) refuse("the lease was lost before", lost.signal.reason);
    const limit = deadline(clock, renewMs / 2, signal, lost.signal);
    const read = await api.get(options.lease, { signal: limit.signal });
    limit.release();
    if (!read.ok) return refuse(`the lease ${keyOf(options.lease)} could not be read (${read.error.kind})`, read.error);
    if (!sameTerm(read.value, held.lease)) {
      lose("somebody else holds the lease");
      return refuse("somebody else holds the lease");
    }
    if (lost.signal.aborted) refuse("the lease was lost meanwhile", lost.signal.reason);
    if (clock.elapsedMs() + forMs > held.sentMs + leaseMs) refuse(`the lease is not sure to last ${forMs} ms more`);
  };

  return {
    fence: { signal: lost.signal, term: first.lease.spec?.leaseTransitions ?? 0, check },
    end: async (release) => {
      ended.abort();
      expiry.cancel();
      await renewing;
      if (release && !lost.signal.aborted) await tenant.release(held.lease);
    },
  };
}
