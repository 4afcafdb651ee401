/** A zone as the API shows it. */
export interface FakeZone {
  readonly id: string;
  readonly name: string;
  readonly status: "active" | "pending";
}

/** A DNS record as the API shows it. */
export interface FakeRecord {
  readonly id: string;
  readonly zone_id: string;
  readonly zone_name: string;
  readonly type: string;
  readonly name: string;
  readonly content: string;
  readonly proxied: boolean;
  readonly proxiable: boolean;
  readonly ttl: number;
  readonly comment: string | null;
}

/** An Access application; policies by identifier, the first one first. */
export interface FakeApp {
  readonly id: string;
  readonly aud: string;
  readonly type: string;
  readonly name: string;
  /** In lower case; empty for a type without one. */
  readonly domain: string;
  readonly destinations: readonly { readonly type: string; readonly uri: string }[];
  readonly policies: readonly string[];
  readonly tags: readonly string[];
  readonly session_duration: string;
}

/** A reusable Access policy. */
export interface FakePolicy {
  readonly id: string;
  readonly name: string;
  readonly decision: "allow" | "deny" | "non_identity" | "bypass";
  readonly include: readonly unknown[];
}

/** One rule of a tunnel. */
export interface FakeRule {
  readonly hostname?: string;
  readonly path?: string;
  readonly service: string;
  readonly originRequest?: Readonly<Record<string, unknown>>;
}

/** A tunnel with its configuration. */
export interface FakeTunnel {
  readonly id: string;
  readonly name: string;
  readonly config_src: "cloudflare" | "local";
  /** When it was deleted; null while it is there. */
  readonly deletedMs: number | null;
  /** Counts configurations. */
  readonly version: number;
  readonly config: { readonly ingress: readonly FakeRule[]; readonly [setting: string]: unknown } | null;
}

/** Everything that one account holds. Never changed: a write makes another one. */
export interface World {
  readonly zones: ReadonlyMap<string, FakeZone>;
  readonly records: ReadonlyMap<string, FakeRecord>;
  readonly apps: ReadonlyMap<string, FakeApp>;
  readonly policies: ReadonlyMap<string, FakePolicy>;
  readonly tags: ReadonlySet<string>;
  readonly tunnels: ReadonlyMap<string, FakeTunnel>;
  /** Objects made so far: identifiers are counted, so that the same calls give the same ones. */
  readonly made: number;
}

/** An account with nothing in it. */
export const emptyWorld: World = {
  zones: new Map(),
  records: new Map(),
  apps: new Map(),
  policies: new Map(),
  tags: new Set(),
  tunnels: new Map(),
  made: 0,
};

/** What is there, as lists: JSON that people and files read. */
export function listsOf({ zones, records, apps, policies, tags, tunnels, made }: World): WorldLists {
  return {
    ...{ zones: [...zones.values()], records: [...records.values()], apps: [...apps.values()] },
    ...{ policies: [...policies.values()], tags: [...tags], tunnels: [...tunnels.values()], made },
  };
}

/** A {@link World} whose maps are lists. */
export interface WorldLists {
  readonly zones: readonly FakeZone[];
  readonly records: readonly FakeRecord[];
  readonly apps: readonly FakeApp[];
  readonly policies: readonly FakePolicy[];
  readonly tags: readonly string[];
  readonly tunnels: readonly FakeTunnel[];
  readonly made: number;
}

/** The world that lists show. */
export function worldOf({ zones, records, apps, policies, tags, tunnels, made }: WorldLists): World {
  const byId = <T extends { readonly id: string }>(items: readonly T[]) => new Map(items.map((one) => [one.id, one]));
  return {
    ...{ zones: byId(zones), records: byId(records), apps: byId(apps), policies: byId(policies) },
    ...{ tags: new Set(tags), tunnels: byId(tunnels), made },
  };
}

/** The next identifier, of `length` hexadecimal digits. */
export const hexId = (made: number, length = 32): string => (made + 1).toString(16).padStart(length, "0");

/** The next identifier, as a UUID. */
export const uuid = (made: number): string => `00000000-0000-4000-8000-${hexId(made, 12)}`;

/** A copy of a map with one entry more, or another value for it. */
export const having = <T>(map: ReadonlyMap<string, T>, id: string, value: T): ReadonlyMap<string, T> =>
  new Map(map).set(id, value);

/** A copy of a map without one entry. */
export function lacking<T>(map: ReadonlyMap<string, T>, id: string): ReadonlyMap<string, T> {
  const copy = new Map(map);
  copy.delete(id);
  return copy;
}
