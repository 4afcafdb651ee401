import type { Clock } from "#lib/operator/clock.ts";
import { answered } from "./api/errors.ts";
import type { App, CallOptions, Cloudflare, DnsRecord, Zone } from "./api/types.ts";
import { txtName } from "./marks.ts";
import { Recent } from "./recent.ts";
import { type Contents, type Identity, type KnownApp, KnownWorld, type Placed } from "./world.ts";

/** A write whose end is not known, about a hostname. */
interface Doubt {
  readonly sinceMs: number;
  readonly hash: string;
}

/** What an observer needs. */
export interface ObserveOptions {
  readonly cloudflare: Cloudflare;
  readonly clock: Clock;
  /** The operator's name in marks. */
  readonly owner: string;
  /** The name of the tunnel, which must exist. */
  readonly tunnel: string;
  /**
   * After so long a write whose answer never came has happened or never will, and no list is from before it. For so
   * long a new leader leaves the tunnel as it is.
   */
  readonly settleMs: number;
  readonly signal: AbortSignal;
}

/**
 * Keeps a picture of Cloudflare while one leader leads: from lists, from answers to its own writes, which count for
 * more than a list that is a little old, and from looks at single hostnames.
 */
export class Observation {
  readonly world: KnownWorld;
  /** From when on the writes of whoever led before are in all lists. */
  readonly settledAtMs: number;
  readonly #options: ObserveOptions;
  readonly #apps: Recent<App>;
  readonly #records: Recent<Placed>;
  readonly #doubts = new Map<string, Doubt>();
  /** Applications that this process has made, and has not tried to delete: by identifier. */
  readonly #made = new Set<string>();
  /** Applications that are about to be deleted: by identifier. */
  readonly #doomed = new Set<string>();
  #loadedFromMs: number;
  #loading: Promise<void> | undefined;

  private constructor(options: ObserveOptions, world: KnownWorld, startMs: number) {
    const { clock, settleMs } = options;
    this.#options = options;
    this.world = world;
    this.settledAtMs = startMs + settleMs;
    this.#loadedFromMs = startMs;
    this.#apps = new Recent(clock, settleMs);
    this.#records = new Recent(clock, settleMs);
  }

  /**
   * Reads everything for the first time.
   * @throws CloudflareFailure when a call fails; Error when there is no such tunnel, or it is not configured by Cloudflare
   */
  static async start(options: ObserveOptions): Promise<Observation> {
    const { cloudflare, clock, owner, tunnel: name, signal } = options;
    const startMs = clock.elapsedMs();
    const [tunnel] = answered(`find the tunnel ${name}`, await cloudflare.tunnels.list({ name }, { signal }));
    if (tunnel === undefined)
      throw new Error(
        `No tunnel is named ${name}; expected one, which the operator has for itself. Create it at Cloudflare and run cloudflared with its token.`,
      );
    if (tunnel.configuredBy !== "cloudflare")
      throw new Error(
        `The tunnel ${name} is configured by a file beside cloudflared; expected one that Cloudflare configures. Migrate it, or create another.`,
      );
    const teamName = answered("read the team's name", await cloudflare.organization.teamName({ signal }));
    const identity: Identity = { owner, tunnel, teamName };
    const { apps, ...contents } = await read(options, identity, { signal });
    const world = new KnownWorld(identity, { ...contents, apps: apps.map((app) => ({ app, proven: false })) });
    return new Observation(options, world, startMs);
  }

  /** Whether what other leaders did is all in sight: the tunnel may be configured, applications may be deleted. */
  get settled(): boolean {
    return this.#loadedFromMs >= this.settledAtMs;
  }

  /** Reads everything again, once for all who ask meanwhile. @throws CloudflareFailure when a call fails */
  async load(options: CallOptions = {}): Promise<void> {
    this.#loading ??= this.#load(options).finally(() => (this.#loading = undefined));
    await this.#loading;
  }

  async #load(options: CallOptions): Promise<void> {
    const fromMs = this.#options.clock.elapsedMs();
    const contents = await read(this.#options, this.world.identity, options);
    const known = this.world.configuration;
    this.world.replace({
      ...contents,
      records: this.#records.over(contents.records, ({ record }) => record.id, fromMs),
      apps: this.#apps.over(contents.apps, ({ id }) => id, fromMs).map((app) => this.#known(app, fromMs)),
      configuration: contents.configuration.version < known.version ? known : contents.configuration,
    });
    this.#loadedFromMs = fromMs;
  }

  /** Reads anew what is at one hostname. @throws CloudflareFailure when a call fails */
  async look(hostname: string, options: CallOptions = {}): Promise<void> {
    const { cloudflare, clock, settleMs } = this.#options;
    const fromMs = clock.elapsedMs();
    const apps = answered(`look at ${hostname}`, await cloudflare.apps.list({ domain: hostname }, options));
    const listed: Placed[] = [];
    for (const zone of this.world.zonesOver(hostname))
      for (const name of [hostname, txtName(hostname)])
        for (const record of answered(`look at ${name}`, await cloudflare.records.list(zone.id, { name }, options)))
          listed.push({ zone, record });
    const doubt = this.#doubts.get(hostname);
    if (doubt !== undefined && fromMs >= doubt.sinceMs + settleMs) {
      this.#doubts.delete(hostname);
      for (const { id } of apps) this.#doomed.delete(id);
    }
    const before = this.world.appAt(hostname)?.app;
    this.world.dropApp(hostname);
    for (const app of this.#apps.over(apps, ({ id }) => id, fromMs, before ? [before] : []))
      this.world.putApp(this.#known(app, fromMs));
    const placed = [...this.world.recordsAt(hostname), ...this.world.recordsAt(txtName(hostname))];
    for (const { record } of placed) this.world.dropRecord(record.id);
    for (const one of this.#records.over(listed, ({ record }) => record.id, fromMs, placed)) this.world.putRecord(one);
  }

  /** Reads everything again once that shows all that other leaders did. @returns milliseconds until then; 0 when it is done */
  async settle(options: CallOptions = {}): Promise<number> {
    if (this.settled) return 0;
    const leftMs = this.settledAtMs - this.#options.clock.elapsedMs();
    if (leftMs > 0) return leftMs;
    await this.load(options);
    return this.settled ? 0 : 1;
  }

  /** A write about a hostname has no known end. */
  doubt(hostname: string, hash: string): void {
    this.#doubts.set(hostname, { sinceMs: this.#options.clock.elapsedMs(), hash });
  }

  /** Milliseconds until a look at the hostname tells for sure what is there; undefined without a doubt, 0 when it is time to look. */
  doubtfulForMs(hostname: string): number | undefined {
    const doubt = this.#doubts.get(hostname);
    if (doubt === undefined) return undefined;
    return Math.max(0, doubt.sinceMs + this.#options.settleMs - this.#options.clock.elapsedMs());
  }

  /** Hostnames with a doubt about what was written for a Deployment. */
  doubtsOf(hash: string): readonly string[] {
    return [...this.#doubts].filter(([, doubt]) => doubt.hash === hash).map(([hostname]) => hostname);
  }

  /** An application is about to be deleted: from now on no route relies on it. */
  doom({ id, domain }: App): void {
    this.#doomed.add(id);
    this.#judge(domain);
  }

  /** It was not deleted, for sure. */
  spare({ id, domain }: App): void {
    this.#doomed.delete(id);
    this.#judge(domain);
  }

  wroteApp(app: App, created: boolean): void {
    if (created) this.#made.add(app.id);
    this.#apps.put(app.id, app);
    this.world.putApp(this.#known(app, this.#loadedFromMs));
  }

  deletedApp({ id, domain }: App): void {
    this.#apps.drop(id);
    this.#made.delete(id);
    this.#doomed.delete(id);
    if (this.world.appAt(domain)?.app.id === id) this.world.dropApp(domain);
  }

  wroteRecord(zone: Zone, record: DnsRecord): void {
    this.#records.put(record.id, { zone, record });
    this.world.putRecord({ zone, record });
  }

  deletedRecord(id: string): void {
    this.#records.drop(id);
    this.world.dropRecord(id);
  }

  /** Says anew of the application of a hostname whether it surely exists. */
  #judge(hostname: string): void {
    const known = this.world.appAt(hostname);
    if (known !== undefined) this.world.putApp(this.#known(known.app, this.#loadedFromMs));
  }

  #known(app: App, fromMs: number): KnownApp {
    return { app, proven: !this.#doomed.has(app.id) && (fromMs >= this.settledAtMs || this.#made.has(app.id)) };
  }
}

/** What all lists hold. */
interface Listed extends Omit<Contents, "apps"> {
  readonly apps: readonly App[];
}

/** Reads all lists: one after the other, so that little of the budget is taken at once. */
async function read({ cloudflare }: ObserveOptions, { tunnel }: Identity, options: CallOptions): Promise<Listed> {
  const zones = answered("list zones", await cloudflare.zones.list(options));
  const records: Placed[] = [];
  for (const zone of zones)
    for (const record of answered(
      `list the records of ${zone.name}`,
      await cloudflare.records.list(zone.id, {}, options),
    ))
      records.push({ zone, record });
  return {
    zones,
    records,
    apps: answered("list applications", await cloudflare.apps.list({}, options)),
    policies: answered("list policies", await cloudflare.policies.list(options)),
    tags: answered("list tags", await cloudflare.tags.list(options)),
    configuration: answered("read the tunnel", await cloudflare.tunnels.configuration(tunnel.id, options)),
  };
}
