import type { KubeApi, KubeServer, Resource, Watch } from "#lib/operator/api.ts";
import type { Clock, Timer } from "#lib/operator/clock.ts";
import { withSleep } from "#lib/operator/clock.ts";
import { success } from "#lib/operator/errors.ts";
import { type Fence, LeadershipLost } from "#lib/operator/fence.ts";
import { keyOf, type KubeObject } from "#lib/operator/object.ts";
import type { Fetch } from "../api/fetch.ts";
import type { CallRecord, Surroundings } from "./types.ts";

/** A call that a process is about to make. */
export type PlannedCall = Omit<CallRecord, "index">;

/** What a process needs of the run. */
export interface ProcessOptions {
  readonly name: string;
  readonly clock: Clock;
  readonly kube: KubeServer;
  readonly fetch: Fetch;
  readonly random: () => number;
  /** Makes a call, with all that goes wrong with it. */
  readonly through: <R>(process: Process, call: PlannedCall, make: () => Promise<R>) => Promise<R>;
  /** Whether this process leads. */
  readonly leads: () => boolean;
  readonly term: number;
}

/** A process that can die at any instant, between any two of its steps: then none of its calls begins or ends, and no timer of its fires. */
export class Process {
  readonly name: string;
  readonly surroundings: Surroundings;
  readonly #lost = new AbortController();
  readonly #dead = new AbortController();
  readonly #timers = new Set<Timer>();

  constructor(options: ProcessOptions) {
    this.name = options.name;
    this.surroundings = {
      clock: this.#mortalClock(options.clock),
      kube: this.#mortalKube(options),
      fetch: this.#mortalFetch(options),
      random: options.random,
      fence: this.#fence(options),
    };
  }

  get alive(): boolean {
    return !this.#dead.signal.aborted;
  }

  /** It learns that it leads no longer. */
  depose(): void {
    this.#lost.abort(new LeadershipLost("another process leads"));
  }

  kill(): void {
    for (const timer of this.#timers) timer.cancel();
    this.#timers.clear();
    this.#dead.abort();
  }

  /** What came of a call, if the process is there to hear of it. */
  async heard<R>(work: Promise<R>): Promise<R> {
    try {
      return await work;
    } finally {
      if (!this.alive) await never;
    }
  }

  #mortalClock(clock: Clock): Clock {
    return withSleep({
      nowMs: () => clock.nowMs(),
      setTimer: (ms, run) => {
        if (!this.alive) return { cancel: () => {} };
        const timer = clock.setTimer(ms, () => {
          this.#timers.delete(timer);
          run();
        });
        this.#timers.add(timer);
        return {
          cancel: () => {
            this.#timers.delete(timer);
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
        if (!this.alive) await never;
        if (!leads()) throw new LeadershipLost("another process leads");
      },
    };
  }

  #mortalFetch({ fetch, through }: ProcessOptions): Fetch {
    return (url, request) => {
      const { pathname } = new URL(url);
      const path = pathname.replace(/^.*\/client\/v4/, "").replace(/\/(accounts|zones)\/0*([0-9a-f]+)(?=\/)/, "/$1/$2");
      const call = {
        server: "cloudflare",
        text: `${request.method} ${path}`,
        write: request.method !== "GET",
      } as const;
      return through(this, call, () => fetch(url, request));
    };
  }

  #mortalKube({ kube, through }: ProcessOptions): KubeServer {
    return {
      api: <T extends KubeObject>(resource: Resource): KubeApi<T> => {
        const api = kube.api<T>(resource);
        const call = (verb: string, write: boolean, what = ""): PlannedCall => ({
          server: "kubernetes",
          text: `${verb} ${resource.plural}${what === "" ? "" : ` ${what}`}`,
          write,
        });
        return {
          resource,
          list: (options) => through(this, call("list", false), () => api.list(options)),
          watch: async (options) => {
            const signal = options.signal ? AbortSignal.any([options.signal, this.#dead.signal]) : this.#dead.signal;
            const started = await through(this, call("watch", false), () => api.watch({ ...options, signal }));
            return started.ok ? success(this.#mortalWatch(started.value)) : started;
          },
          get: (name, options) => through(this, call("get", false, keyOf(name)), () => api.get(name, options)),
          create: (name, object, options) =>
            through(this, call("create", true, keyOf(name)), () => api.create(name, object, options)),
          apply: (name, fields, options) =>
            through(this, call("apply", true, keyOf(name)), () => api.apply(name, fields, options)),
          merge: (name, patch, options) =>
            through(this, call("merge", true, keyOf(name)), () => api.merge(name, patch, options)),
          delete: (name, options) => through(this, call("delete", true, keyOf(name)), () => api.delete(name, options)),
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

/** What a dead process waits for. */
export const never: Promise<never> = new Promise(() => {});
