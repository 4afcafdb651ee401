import type { KubeApi, KubeServer, Resource, Watch } from "#lib/operator/api.ts";
import type { Clock, Timer } from "#lib/operator/clock.ts";
import { withSleep } from "#lib/operator/clock.ts";
import { success } from "#lib/operator/errors.ts";
import { type Fence, LeadershipLost } from "#lib/operator/fence.ts";
import { keyOf, type KubeObject } from "#lib/operator/object.ts";
import { leases } from "#lib/operator/resources.ts";
import type { Fetch } from "../api/fetch.ts";
import type { CallRecord, Surroundings } from "./types.ts";

/** A call that a process is about to make. */
export type PlannedCall = Pick<CallRecord, "lease" | "server" | "text" | "write" | "sent">;

/** Makes a call of a process, with all that goes wrong with it. */
export type Through = <R>(process: Process, call: PlannedCall, make: () => Promise<R>) => Promise<R>;

/** What a process needs of the run. */
export interface ProcessOptions {
  readonly name: string;
  readonly clock: Clock;
  readonly kube: KubeServer;
  readonly fetch: Fetch;
  readonly random: () => number;
  readonly through: Through;
  /** Whether this process leads, as far as the harness says. */
  readonly leads: () => boolean;
  readonly term: number;
}

/**
 * A process that can die at any instant, between any two of its steps: then none of its calls begins or ends, and no
 * timer of its fires. It can stand still too, as in a long garbage collection or on a machine that is suspended: then
 * all of that happens when it goes on, first what it was about to send and the answers, after them the timers.
 */
export class Process {
  readonly name: string;
  readonly surroundings: Surroundings;
  readonly #lost = new AbortController();
  readonly #dead = new AbortController();
  readonly #timers = new Set<Timer>();
  readonly #overdue = new Set<() => void>();
  #still: PromiseWithResolvers<void> | undefined;
  #clock: Clock;

  constructor(options: ProcessOptions) {
    const { name, kube, fetch, random, through } = options;
    this.name = name;
    this.#clock = options.clock;
    this.surroundings = {
      name,
      clock: this.#mortalClock(),
      kube: this.#mortalKube(kube, through),
      fetch: this.#mortalFetch(fetch, through),
      random,
      fence: this.#fence(options),
    };
  }

  get alive(): boolean {
    return !this.#dead.signal.aborted;
  }

  get standsStill(): boolean {
    return this.#still !== undefined;
  }

  /** It learns that it leads no longer. */
  depose(): void {
    this.#lost.abort(new LeadershipLost("another process leads"));
  }

  kill(): void {
    for (const timer of this.#timers) timer.cancel();
    this.#timers.clear();
    this.#overdue.clear();
    this.#dead.abort();
  }

  /** Lets go of it once the run is over: a signal that others were made of keeps all of them in memory until it is aborted. */
  bury(): void {
    this.kill();
    this.depose();
  }

  stand(): void {
    this.#still ??= Promise.withResolvers();
  }

  goOn(): void {
    this.#still?.resolve();
    this.#still = undefined;
    for (const fire of this.#overdue) this.#clock.setTimer(0, fire);
  }

  /** Waits until it does not stand still; for ever, when it is dead. */
  async ready(): Promise<void> {
    while (this.#still !== undefined) await this.#still.promise;
    if (!this.alive) await never();
  }

  /** What came of a call, if the process is there to hear of it. */
  async heard<R>(work: Promise<R>): Promise<R> {
    try {
      return await work;
    } finally {
      await this.ready();
    }
  }

  #mortalClock(): Clock {
    return withSleep({
      nowMs: () => this.#clock.nowMs(),
      setTimer: (ms, run) => {
        if (!this.alive) return { cancel: () => {} };
        let over = false;
        const fire = () => {
          if (over || !this.alive) return;
          if (this.standsStill) return void this.#overdue.add(fire);
          end();
          run();
        };
        const end = () => {
          over = true;
          this.#timers.delete(timer);
          this.#overdue.delete(fire);
        };
        const timer = this.#clock.setTimer(ms, fire);
        this.#timers.add(timer);
        return {
          cancel: () => {
            end();
            timer.cancel();
          },
        };
      },
    });
  }

  #fence({ leads, term }: ProcessOptions): Fence {
    return {
      signal: this.#lost.signal,
      term,
      check: async () => {
        await this.ready();
        if (!leads()) throw new LeadershipLost("another process leads");
      },
    };
  }

  #mortalFetch(fetch: Fetch, through: Through): Fetch {
    return (url, request) => {
      const { pathname, search } = new URL(url);
      const path = pathname.replace(/^.*\/client\/v4/, "").replace(/\/(accounts|zones)\/0*([0-9a-f]+)(?=\/)/, "/$1/$2");
      const call: PlannedCall = {
        lease: false,
        server: "cloudflare",
        text: `${request.method} ${path}`,
        write: request.method !== "GET",
        sent: search + (request.body ?? ""),
      };
      return through(this, call, () => fetch(url, request));
    };
  }

  #mortalKube(kube: KubeServer, through: Through): KubeServer {
    return {
      api: <T extends KubeObject>(resource: Resource): KubeApi<T> => {
        const api = kube.api<T>(resource);
        const call = <R>(verb: string, what: string, sent: unknown, make: () => Promise<R>): Promise<R> =>
          through(this, plannedCall(resource, verb, what, sent), make);
        return {
          resource,
          list: (options) => call("list", "", undefined, () => api.list(options)),
          watch: async (options) => {
            const signal = options.signal ? AbortSignal.any([options.signal, this.#dead.signal]) : this.#dead.signal;
            const { resourceVersion } = options;
            const started = await call("watch", "", { resourceVersion }, () => api.watch({ ...options, signal }));
            return started.ok ? success(this.#mortalWatch(started.value)) : started;
          },
          get: (name, options) => call("get", keyOf(name), undefined, () => api.get(name, options)),
          create: (name, object, options) =>
            call("create", keyOf(name), object, () => api.create(name, object, options)),
          apply: (name, fields, options) => call("apply", keyOf(name), fields, () => api.apply(name, fields, options)),
          merge: (name, patch, options) => {
            const { resourceVersion } = options ?? {};
            return call("merge", keyOf(name), { resourceVersion, patch }, () => api.merge(name, patch, options));
          },
          delete: (name, options) =>
            call("delete", keyOf(name), options?.preconditions, () => api.delete(name, options)),
        };
      },
    };
  }

  async *#mortalWatch<T>(watch: Watch<T>): Watch<T> {
    try {
      for (;;) {
        const next = await this.heard(watch.next());
        if (next.done) return next.value;
        yield next.value;
      }
    } finally {
      if (this.alive) await watch.return(success(undefined));
    }
  }
}

function plannedCall({ group, plural }: Resource, verb: string, what: string, sent: unknown): PlannedCall {
  return {
    lease: group === leases.group,
    server: "kubernetes",
    text: `${verb} ${plural}${what === "" ? "" : ` ${what}`}`,
    write: !["list", "watch", "get"].includes(verb),
    sent: sent === undefined ? "" : JSON.stringify(sent),
  };
}

/** What a dead process waits for: a promise of its own each time, so that nothing keeps the dead in memory. */
export const never = (): Promise<never> => new Promise(() => {});
