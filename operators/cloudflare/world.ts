import type { App, DnsRecord, IngressRule, Policy, Tunnel, TunnelConfiguration, Zone } from "./api/types.ts";
import { tunnelTarget } from "./api/types.ts";
import { hostnameOfTxt, readMark, tagOf } from "./marks.ts";

/** A record and the zone that it is in. */
export interface Placed {
  readonly zone: Zone;
  readonly record: DnsRecord;
}

/** An application of Cloudflare, as far as it is known. */
export interface KnownApp {
  readonly app: App;
  /** Whether it surely exists: it answered a call of this process, or stands in a list that cannot be out of date. */
  readonly proven: boolean;
}

/** What never changes while an operator runs. */
export interface Identity {
  /** The operator's name in marks. */
  readonly owner: string;
  /** The tunnel, which is the operator's alone. */
  readonly tunnel: Tunnel;
  /** The team that signs in, for the check at the tunnel's end. */
  readonly teamName: string;
}

/** Cloudflare as it is known, held in memory: plans are made of it alone. */
export interface World {
  readonly identity: Identity;
  readonly zones: readonly Zone[];
  readonly configuration: TunnelConfiguration;
  readonly tags: ReadonlySet<string>;
  /** The zone that a hostname is in: of those that fit, the longest. */
  zoneOf(hostname: string): Zone | undefined;
  recordsAt(name: string): readonly Placed[];
  appAt(hostname: string): KnownApp | undefined;
  /** The policies of a name: expected to be one. */
  policiesNamed(name: string): readonly Policy[];
  ruleOf(hostname: string): IngressRule | undefined;
  /** Hostnames at which something carries the mark of this operator with this hash. */
  hostnamesOf(hash: string): readonly string[];
  /** Hostnames at which anything is this operator's. */
  ownHostnames(): ReadonlySet<string>;
  /** The hash on what is this operator's at a hostname; several after edits by hand, or while a hostname passes from one to another. */
  hashesAt(hostname: string): ReadonlySet<string>;
}

/** Whether a record is the operator's: by its mark, or since it leads to the operator's tunnel. */
export function isOwnRecord({ owner, tunnel }: Identity, { type, content, comment }: DnsRecord): boolean {
  if (type === "TXT") return readMark(content)?.owner === owner;
  if (!["A", "AAAA", "CNAME"].includes(type)) return false;
  return readMark(comment)?.owner === owner || content === tunnelTarget(tunnel.id);
}

/** Whether an application is the operator's: by its tag or its name. */
export const isOwnApp = ({ owner }: Identity, { name, tags }: App): boolean =>
  tags.includes(tagOf(owner)) || readMark(name)?.owner === owner;

/** What a world is made of. */
export interface Contents {
  readonly zones: readonly Zone[];
  readonly records: readonly Placed[];
  readonly apps: readonly KnownApp[];
  readonly policies: readonly Policy[];
  readonly tags: readonly string[];
  readonly configuration: TunnelConfiguration;
}

/** A {@link World} that is kept up to date. */
export class KnownWorld implements World {
  readonly identity: Identity;
  zones: readonly Zone[] = [];
  tags: Set<string> = new Set();
  #configuration: TunnelConfiguration = { version: 0, ingress: [], settings: {} };
  #records = new Map<string, Placed>();
  #byName = new Map<string, Set<string>>();
  #apps = new Map<string, KnownApp>();
  #domains = new Map<string, string>();
  #policies = new Map<string, Policy[]>();
  #rules = new Map<string, IngressRule>();
  /** hash → hostname → how many objects carry it there. "" is the hash of what is ours without saying whose. */
  #owned = new Map<string, Map<string, number>>();

  constructor(identity: Identity, contents: Contents) {
    this.identity = identity;
    this.replace(contents);
  }

  replace({ zones, records, apps, policies, tags, configuration }: Contents): void {
    this.zones = zones.filter(({ status }) => status === "active").toSorted((a, b) => b.name.length - a.name.length);
    this.tags = new Set(tags);
    this.#policies = Map.groupBy(policies, ({ name }) => name);
    this.#records.clear();
    this.#byName.clear();
    this.#apps.clear();
    this.#domains.clear();
    this.#owned.clear();
    for (const placed of records) this.putRecord(placed);
    for (const app of apps) this.putApp(app);
    this.configuration = configuration;
  }

  get configuration(): TunnelConfiguration {
    return this.#configuration;
  }

  set configuration(configuration: TunnelConfiguration) {
    this.#configuration = configuration;
    this.#rules = new Map();
    for (const rule of configuration.ingress)
      if (rule.hostname !== undefined && !this.#rules.has(rule.hostname)) this.#rules.set(rule.hostname, rule);
  }

  putRecord(placed: Placed): void {
    const { id, name } = placed.record;
    this.dropRecord(id);
    this.#records.set(id, placed);
    this.#byName.set(name, (this.#byName.get(name) ?? new Set()).add(id));
    this.#countRecord(placed.record, 1);
  }

  dropRecord(id: string): void {
    const before = this.#records.get(id);
    if (before === undefined) return;
    const { name } = before.record;
    this.#records.delete(id);
    const ids = this.#byName.get(name)!;
    if (ids.delete(id) && ids.size === 0) this.#byName.delete(name);
    this.#countRecord(before.record, -1);
  }

  putApp(known: KnownApp): void {
    const { id, domain } = known.app;
    const elsewhere = this.#domains.get(id);
    if (elsewhere !== undefined) this.dropApp(elsewhere);
    this.dropApp(domain);
    this.#apps.set(domain, known);
    this.#domains.set(id, domain);
    this.#countApp(known.app, 1);
  }

  dropApp(hostname: string): void {
    const before = this.#apps.get(hostname);
    if (before === undefined) return;
    this.#apps.delete(hostname);
    this.#domains.delete(before.app.id);
    this.#countApp(before.app, -1);
  }

  zoneOf(hostname: string): Zone | undefined {
    return this.zones.find(({ name }) => hostname === name || hostname.endsWith(`.${name}`));
  }

  recordsAt(name: string): readonly Placed[] {
    return [...(this.#byName.get(name) ?? [])].map((id) => this.#records.get(id)!);
  }

  appAt(hostname: string): KnownApp | undefined {
    return this.#apps.get(hostname);
  }

  policiesNamed(name: string): readonly Policy[] {
    return this.#policies.get(name) ?? [];
  }

  ruleOf(hostname: string): IngressRule | undefined {
    return this.#rules.get(hostname);
  }

  hostnamesOf(hash: string): readonly string[] {
    return [...(this.#owned.get(hash)?.keys() ?? [])];
  }

  ownHostnames(): ReadonlySet<string> {
    return new Set([...this.#owned.values()].flatMap((hostnames) => [...hostnames.keys()]));
  }

  hashesAt(hostname: string): ReadonlySet<string> {
    const own = [...this.recordsAt(hostname).filter(({ record }) => isOwnRecord(this.identity, record))].map(
      ({ record }) => readMark(record.comment)?.hash ?? "",
    );
    const app = this.#apps.get(hostname)?.app;
    if (app && isOwnApp(this.identity, app)) own.push(readMark(app.name)?.hash ?? "");
    return new Set(own);
  }

  #countRecord(record: DnsRecord, change: 1 | -1): void {
    if (!isOwnRecord(this.identity, record)) return;
    const isTxt = record.type === "TXT";
    const hostname = isTxt ? hostnameOfTxt(record.name) : record.name;
    if (hostname !== undefined) this.#count(readMark(isTxt ? record.content : record.comment)?.hash, hostname, change);
  }

  #countApp(app: App, change: 1 | -1): void {
    if (isOwnApp(this.identity, app)) this.#count(readMark(app.name)?.hash, app.domain, change);
  }

  #count(hash = "", hostname: string, change: 1 | -1): void {
    const hostnames = this.#owned.get(hash) ?? new Map<string, number>();
    const count = (hostnames.get(hostname) ?? 0) + change;
    if (count > 0) hostnames.set(hostname, count);
    else hostnames.delete(hostname);
    if (hostnames.size > 0) this.#owned.set(hash, hostnames);
    else this.#owned.delete(hash);
  }
}
