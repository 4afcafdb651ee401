import type { App, DnsRecord, IngressRule, Policy, Tunnel, TunnelConfiguration, Zone } from "./api/types.ts";
import { tunnelTarget } from "./api/types.ts";
import { hostnameOfTxt, readMark, tagOf, txtName } from "./marks.ts";

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
  /** All zones that could hold a hostname's records, the longest first. */
  zonesOver(hostname: string): readonly Zone[];
  recordsAt(name: string): readonly Placed[];
  /** The application whose domain it is. */
  appAt(hostname: string): KnownApp | undefined;
  /** An application of somebody else that has another domain, and the hostname among its destinations. */
  foreignAppOver(hostname: string): App | undefined;
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

/** The hash on a record that is the operator's; "" when its mark is gone. */
export const hashOnRecord = ({ type, comment, content }: DnsRecord): string =>
  readMark(type === "TXT" ? content : comment)?.hash ?? "";

/** The hash on an application that is the operator's; "" when its mark is gone. */
export const hashOnApp = ({ name }: App): string => readMark(name)?.hash ?? "";

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
  /** Destinations beside the domain, of applications that are not the operator's. */
  #foreign = new Map<string, App>();
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
    this.#foreign.clear();
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
    if (!isOwnApp(this.identity, known.app))
      for (const destination of known.app.destinations)
        if (destination !== domain) this.#foreign.set(destination, known.app);
  }

  dropApp(hostname: string): void {
    const before = this.#apps.get(hostname);
    if (before === undefined) return;
    this.#apps.delete(hostname);
    this.#domains.delete(before.app.id);
    this.#countApp(before.app, -1);
    for (const destination of before.app.destinations)
      if (this.#foreign.get(destination)?.id === before.app.id) this.#foreign.delete(destination);
  }

  zoneOf(hostname: string): Zone | undefined {
    return this.zones.find((zone) => isIn(zone, hostname));
  }

  zonesOver(hostname: string): readonly Zone[] {
    return this.zones.filter((zone) => isIn(zone, hostname));
  }

  recordsAt(name: string): readonly Placed[] {
    return [...(this.#byName.get(name) ?? [])].map((id) => this.#records.get(id)!);
  }

  appAt(hostname: string): KnownApp | undefined {
    return this.#apps.get(hostname);
  }

  foreignAppOver(hostname: string): App | undefined {
    return this.#foreign.get(hostname);
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
    const own = [
      ...this.recordsAt(hostname).filter(({ record }) => record.type !== "TXT"),
      ...this.recordsAt(txtName(hostname)),
    ]
      .filter(({ record }) => isOwnRecord(this.identity, record))
      .map(({ record }) => hashOnRecord(record));
    const app = this.#apps.get(hostname)?.app;
    if (app && isOwnApp(this.identity, app)) own.push(hashOnApp(app));
    return new Set(own);
  }

  #countRecord(record: DnsRecord, change: 1 | -1): void {
    if (!isOwnRecord(this.identity, record)) return;
    const isTxt = record.type === "TXT";
    const hostname = isTxt ? hostnameOfTxt(record.name) : record.name;
    if (hostname !== undefined) this.#count(hashOnRecord(record), hostname, change);
  }

  #countApp(app: App, change: 1 | -1): void {
    if (isOwnApp(this.identity, app)) this.#count(hashOnApp(app), app.domain, change);
  }

  #count(hash: string, hostname: string, change: 1 | -1): void {
    const hostnames = this.#owned.get(hash) ?? new Map<string, number>();
    const count = (hostnames.get(hostname) ?? 0) + change;
    if (count > 0) hostnames.set(hostname, count);
    else hostnames.delete(hostname);
    if (hostnames.size > 0) this.#owned.set(hash, hostnames);
    else this.#owned.delete(hash);
  }
}

const isIn = ({ name }: Zone, hostname: string): boolean => hostname === name || hostname.endsWith(`.${name}`);
