import { type Static, type TSchema, Type } from "typebox";
import { Compile } from "typebox/compile";
import { mint } from "#lib/machine/evidence.ts";
import type { Answer } from "./errors.ts";
import type {
  App,
  AppSpec,
  BatchResult,
  DnsRecord,
  IngressRule,
  Policy,
  Tunnel,
  TunnelConfiguration,
  Zone,
} from "./types.ts";

/** Reads what an answer holds. */
export type Reader<T> = (value: unknown) => Answer<T>;

/** What is needed of each object that Cloudflare answers with. More may be there. */
const text = Type.String();
const id = Type.String({ minLength: 1 });
const zoneSchema = Type.Object({ id, name: text, status: text });
const recordSchema = Type.Object({
  id,
  type: text,
  name: text,
  content: Type.Optional(text),
  proxied: Type.Optional(Type.Boolean()),
  ttl: Type.Optional(Type.Number()),
  comment: Type.Optional(Type.Union([Type.Null(), text])),
});
const records = Type.Optional(Type.Union([Type.Null(), Type.Array(recordSchema)]));
const batchSchema = Type.Object({ deletes: records, patches: records, puts: records, posts: records });
const anyAppSchema = Type.Object({ type: text });
const appSchema = Type.Object({
  id,
  aud: id,
  name: text,
  domain: Type.Optional(text),
  destinations: Type.Optional(
    Type.Union([Type.Null(), Type.Array(Type.Object({ type: Type.Optional(text), uri: Type.Optional(text) }))]),
  ),
  self_hosted_domains: Type.Optional(Type.Union([Type.Null(), Type.Array(text)])),
  policies: Type.Optional(Type.Array(Type.Object({ id, precedence: Type.Optional(Type.Number()) }))),
  tags: Type.Optional(Type.Union([Type.Null(), Type.Array(text)])),
  session_duration: Type.Optional(text),
});
const policySchema = Type.Object({
  id,
  name: text,
  decision: Type.Union([
    Type.Literal("allow"),
    Type.Literal("deny"),
    Type.Literal("non_identity"),
    Type.Literal("bypass"),
  ]),
  app_count: Type.Optional(Type.Number()),
});
const tagSchema = Type.Object({ name: id });
const organizationSchema = Type.Object({ auth_domain: Type.String({ pattern: "^[^.]+\\." }) });
const tunnelSchema = Type.Object({ id, name: text, config_src: Type.Optional(text) });
const ruleSchema = Type.Object({
  hostname: Type.Optional(text),
  path: Type.Optional(text),
  service: text,
  originRequest: Type.Optional(Type.Union([Type.Null(), Type.Record(text, Type.Unknown())])),
});
type WireRule = Static<typeof ruleSchema>;
const configurationSchema = Type.Object({
  version: Type.Optional(Type.Number()),
  config: Type.Optional(
    Type.Union([
      Type.Null(),
      Type.Object({ ingress: Type.Optional(Type.Union([Type.Null(), Type.Array(ruleSchema)])) }),
    ]),
  ),
});

/** An application as calls send it. */
export const appBody = ({ name, domain, policies, tags, sessionDuration }: AppSpec): object => ({
  type: "self_hosted",
  name,
  domain,
  destinations: [{ type: "public", uri: domain }],
  policies: policies.map((policy, index) => ({ id: policy, precedence: index + 1 })),
  tags,
  session_duration: sessionDuration,
});

/** A tunnel's configuration as calls send it. */
export const configurationBody = ({
  ingress,
  settings,
}: Pick<TunnelConfiguration, "ingress" | "settings">): object => ({ config: { ...settings, ingress } });

export const readZone = reader(zoneSchema, (zone): Zone => ({ ...zone, id: mint("zones", "id", zone.id) }));

const recordOf = (record: Static<typeof recordSchema>): DnsRecord => ({
  id: mint("dns.records", "id", record.id),
  type: record.type,
  name: record.name,
  content: record.content ?? "",
  proxied: record.proxied ?? false,
  ttl: record.ttl ?? 1,
  comment: record.comment ?? "",
});
export const readRecord = reader(recordSchema, recordOf);

export const readBatch = reader(batchSchema, ({ deletes, patches, puts, posts }): BatchResult => ({
  deletes: (deletes ?? []).map(recordOf),
  patches: (patches ?? []).map(recordOf),
  puts: (puts ?? []).map(recordOf),
  posts: (posts ?? []).map(recordOf),
}));

/** Whether an application is of the kind that the operator knows; others may lack what {@link readApp} needs. */
export function isSelfHosted(value: unknown): boolean {
  return anyApp.Check(value) && value.type === "self_hosted";
}
const anyApp = Compile(anyAppSchema);

export const readApp = reader(appSchema, (app): App => ({
  id: mint("access.apps", "id", app.id),
  aud: mint("access.apps", "aud", app.aud),
  name: app.name,
  domain: (app.domain ?? "").toLowerCase(),
  destinations: destinationsOf(app).map((destination) => destination.toLowerCase()),
  policies: (app.policies ?? [])
    .toSorted((a, b) => (a.precedence ?? 0) - (b.precedence ?? 0))
    .map((policy) => mint("access.policies", "id", policy.id)),
  tags: app.tags ?? [],
  sessionDuration: app.session_duration ?? "",
}));

/** What an application stands before: its destinations, or, as it was said before there were any, its domains. */
function destinationsOf({ domain, destinations, self_hosted_domains }: Static<typeof appSchema>): readonly string[] {
  if (destinations != null)
    return destinations.flatMap(({ type = "public", uri }) => (type === "public" && uri !== undefined ? [uri] : []));
  return self_hosted_domains ?? (domain === undefined ? [] : [domain]);
}

export const readPolicy = reader(policySchema, ({ id: policy, name, decision, app_count }): Policy => ({
  id: mint("access.policies", "id", policy),
  name,
  decision,
  appCount: app_count ?? 0,
}));

export const readTag = reader(tagSchema, ({ name }): string => name);

export const readTeamName = reader(organizationSchema, ({ auth_domain }): string => auth_domain.split(".")[0]!);

export const readTunnel = reader(tunnelSchema, ({ id: tunnel, name, config_src }): Tunnel => ({
  id: mint("tunnels", "id", tunnel),
  name,
  configuredBy: config_src === "cloudflare" ? "cloudflare" : "local",
}));

export const readConfiguration = reader(configurationSchema, ({ version, config }): TunnelConfiguration => {
  const { ingress, ...settings } = config ?? {};
  return { version: version ?? 0, ingress: (ingress ?? []).map(ruleOf), settings };
});

/** A rule as this program writes it: Cloudflare may show identifiers, and what is empty. */
function ruleOf({ hostname, path, service, originRequest }: WireRule): IngressRule {
  return {
    ...(hostname && { hostname }),
    ...(path && { path }),
    service,
    ...(originRequest && Object.keys(originRequest).length > 0 && { originRequest }),
  };
}

/** A reader of what fits the schema; anything else is a "ServerError", whose text does not repeat the answer. */
function reader<Schema extends TSchema, T>(schema: Schema, convert: (value: Static<Schema>) => T): Reader<T> {
  const compiled = Compile(schema);
  return (value) => {
    if (compiled.Check(value)) return { ok: true, value: convert(value as Static<Schema>) };
    const [first] = compiled.Errors(value);
    const message = `the answer is not as expected: ${first?.instancePath || "it"} ${first?.message ?? "does not fit"}`;
    return { ok: false, error: { kind: "ServerError", code: 0, message, status: 200 } };
  };
}
