import type { Evidence, Recorded } from "#lib/machine/evidence.ts";
import type { Answer } from "./errors.ts";

/** Identifiers as calls take them: recorded ones will do, fresh ones too. */
export type ZoneId = Recorded<"zones", "id">;
export type RecordId = Recorded<"dns.records", "id">;
export type AppId = Recorded<"access.apps", "id">;
export type PolicyId = Recorded<"access.policies", "id">;
export type TunnelId = Recorded<"tunnels", "id">;

/** A zone that the token reaches. */
export interface Zone {
  readonly id: Evidence<"zones", "id">;
  /** `example.org`, in punycode. */
  readonly name: string;
  /** Whether Cloudflare answers for it: only "active" zones are in use. */
  readonly status: string;
}

/** A DNS record as it is to be. */
export interface RecordSpec {
  /** `CNAME`, `TXT`, `A`, … */
  readonly type: string;
  /** The whole name, in punycode and lower case. */
  readonly name: string;
  /** For a TXT in quotes, as in a zone file. */
  readonly content: string;
  /** A, AAAA and CNAME only. */
  readonly proxied: boolean;
  /** Seconds; 1 is automatic, and the only one for what is proxied. */
  readonly ttl: number;
  /** At most 100 characters on the free plan. */
  readonly comment: string;
}

/** A DNS record as Cloudflare has it. */
export interface DnsRecord extends RecordSpec {
  readonly id: Evidence<"dns.records", "id">;
}

/** Which records a list holds: those that meet all that is given. */
export interface RecordFilter {
  readonly name?: string;
  readonly type?: string;
  readonly commentStartsWith?: string;
}

/**
 * Changes of one zone, done in one transaction in this order: deletes, patches, puts, posts; all or none. It may hold
 * {@link BATCH_LIMIT} changes.
 */
export interface RecordBatch {
  readonly deletes?: readonly RecordId[];
  /** Changes the fields that are given. */
  readonly patches?: readonly ({ readonly id: RecordId } & Partial<RecordSpec>)[];
  /** Replaces records. */
  readonly puts?: readonly ({ readonly id: RecordId } & RecordSpec)[];
  readonly posts?: readonly RecordSpec[];
}

/** Changes that a batch may hold on the free plan. */
export const BATCH_LIMIT = 200;

/** What a batch has done, each list in the order of the batch's. */
export interface BatchResult {
  readonly deletes: readonly DnsRecord[];
  readonly patches: readonly DnsRecord[];
  readonly puts: readonly DnsRecord[];
  readonly posts: readonly DnsRecord[];
}

/** A self-hosted Access application as it is to be. Without a policy it lets nobody in. */
export interface AppSpec {
  readonly name: string;
  /** The hostname, with a path if it covers only that: unique in the account. */
  readonly domain: string;
  /** Reusable policies, the first one first. */
  readonly policies: readonly PolicyId[];
  /** Names of tags, which must exist. */
  readonly tags: readonly string[];
  /** `24h`. */
  readonly sessionDuration: string;
}

/** A self-hosted Access application as Cloudflare has it. */
export interface App extends AppSpec {
  /** All hostnames, with paths where it covers only those, that it stands before. */
  readonly destinations: readonly string[];
  readonly id: Evidence<"access.apps", "id">;
  /** What its tokens are issued for: an origin that checks them needs it. */
  readonly aud: Evidence<"access.apps", "aud">;
}

/** A reusable Access policy. */
export interface Policy {
  readonly id: Evidence<"access.policies", "id">;
  readonly name: string;
  /** `bypass` lets everybody in. */
  readonly decision: "allow" | "deny" | "non_identity" | "bypass";
  /** Applications that use it. */
  readonly appCount: number;
}

/** A tunnel. Records that point to it are CNAMEs to {@link tunnelTarget}. */
export interface Tunnel {
  readonly id: Evidence<"tunnels", "id">;
  readonly name: string;
  /** Who configures it: only "cloudflare" ones can be configured here. */
  readonly configuredBy: "cloudflare" | "local";
}

/** What cloudflared does with requests before the service gets them. */
export interface OriginRequest {
  /** Refuses what does not carry a token of one of these applications. */
  readonly access?: { readonly required: boolean; readonly teamName: string; readonly audTag: readonly string[] };
  /** Other settings, which are kept as they are. */
  readonly [setting: string]: unknown;
}

/** One rule of a tunnel; the first that fits counts. */
export interface IngressRule {
  /** Absent on the last one, which takes everything else. */
  readonly hostname?: string;
  /** A regular expression. */
  readonly path?: string;
  /** `http://name.namespace.svc:80`, or `http_status:404`. */
  readonly service: string;
  readonly originRequest?: OriginRequest;
}

/** How a tunnel is configured. */
export interface TunnelConfiguration {
  /** Counts the configurations of the tunnel. 0: never configured. */
  readonly version: number;
  /** Empty, or with a last rule for everything else. */
  readonly ingress: readonly IngressRule[];
  /** Other settings of the tunnel; give them back with the next configuration, or they are lost. */
  readonly settings: Readonly<Record<string, unknown>>;
}

/** What everybody may take of the budget: `urgent` all of it (closing what is open), `background` least (looking for drift). */
export type Priority = "urgent" | "normal" | "background";

/** How a call is made. */
export interface CallOptions {
  readonly signal?: AbortSignal;
  /** "normal" unless told. */
  readonly priority?: Priority;
}

/**
 * Cloudflare, as far as the operator uses it. Expected failures are answers; nothing is retried. Lists hold all pages.
 * A list may be some seconds old: what was written just before may be missing in it, and what was deleted may stand.
 * Nothing but a program's mistake is thrown.
 */
export interface Cloudflare {
  readonly zones: {
    list(options?: CallOptions): Promise<Answer<readonly Zone[]>>;
  };
  readonly records: {
    list(zone: ZoneId, filter?: RecordFilter, options?: CallOptions): Promise<Answer<readonly DnsRecord[]>>;
    /** @throws RangeError for an empty batch, or more than {@link BATCH_LIMIT} changes */
    batch(zone: ZoneId, batch: RecordBatch, options?: CallOptions): Promise<Answer<BatchResult>>;
  };
  readonly apps: {
    /** Self-hosted applications; those of a domain, if it is given. */
    list(filter?: { readonly domain?: string }, options?: CallOptions): Promise<Answer<readonly App[]>>;
    create(app: AppSpec, options?: CallOptions): Promise<Answer<App>>;
    /** Replaces it. */
    update(id: AppId, app: AppSpec, options?: CallOptions): Promise<Answer<App>>;
    /** The value is undefined; "NotFound" when it is gone. */
    delete(id: AppId, options?: CallOptions): Promise<Answer<undefined>>;
  };
  readonly policies: {
    list(options?: CallOptions): Promise<Answer<readonly Policy[]>>;
  };
  readonly tags: {
    list(options?: CallOptions): Promise<Answer<readonly string[]>>;
    /** "Invalid" when it is there. */
    create(name: string, options?: CallOptions): Promise<Answer<string>>;
  };
  readonly organization: {
    /** The name of the team that signs in: `<team>.cloudflareaccess.com`. */
    teamName(options?: CallOptions): Promise<Answer<string>>;
  };
  readonly tunnels: {
    /** Those that are not deleted; those of a name, if it is given. */
    list(filter?: { readonly name?: string }, options?: CallOptions): Promise<Answer<readonly Tunnel[]>>;
    create(name: string, options?: CallOptions): Promise<Answer<Tunnel>>;
    configuration(id: TunnelId, options?: CallOptions): Promise<Answer<TunnelConfiguration>>;
    /** Replaces everything; the value is the new configuration. The last rule must be one for everything else. */
    configure(
      id: TunnelId,
      configuration: Pick<TunnelConfiguration, "ingress" | "settings">,
      options?: CallOptions,
    ): Promise<Answer<TunnelConfiguration>>;
  };
}

/** What a CNAME to a tunnel points to. */
export const tunnelTarget = (id: TunnelId): string => `${id}.cfargotunnel.com`;
