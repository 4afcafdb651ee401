import { type Static, Type } from "typebox";
import { Refusal } from "./reply.ts";
import { bodyOf, paged, type Route, type RouteCall } from "./route.ts";
import { type FakeApp, type FakePolicy, having, hexId, lacking, uuid, type World } from "./world.ts";

const appSchema = Type.Object({
  type: Type.String({ minLength: 1 }),
  name: Type.String({ minLength: 1 }),
  domain: Type.Optional(Type.String()),
  destinations: Type.Optional(Type.Array(Type.Object({ type: Type.Optional(Type.String()), uri: Type.String() }))),
  policies: Type.Optional(
    Type.Array(
      Type.Union([
        Type.String(),
        Type.Object({ id: Type.String(), precedence: Type.Optional(Type.Integer({ minimum: 1 })) }),
      ]),
    ),
  ),
  tags: Type.Optional(Type.Array(Type.String(), { maxItems: 25 })),
  session_duration: Type.Optional(Type.String({ pattern: "^(\\d+(ns|us|ms|s|m|h))+$" })),
});
const policySchema = Type.Object({
  name: Type.String({ minLength: 1 }),
  decision: Type.Union([
    Type.Literal("allow"),
    Type.Literal("deny"),
    Type.Literal("non_identity"),
    Type.Literal("bypass"),
  ]),
  include: Type.Array(Type.Unknown(), { minItems: 1 }),
});
const tagSchema = Type.Object({ name: Type.String({ minLength: 1, maxLength: 35 }) });

const INVALID = 12130;
const access = "/accounts/:account/access";

/** Access: applications, reusable policies, tags, the organization. */
export const accessRoutes: readonly Route[] = [
  {
    method: "GET",
    path: `${access}/apps`,
    run: (call) => {
      const { query, world } = call;
      const [domain, name] = [query.get("domain")?.toLowerCase(), query.get("name")];
      const exact = query.get("exact") === "true";
      const fits = (value: string, wanted: string | null | undefined) =>
        wanted == null || (exact ? value === wanted : value.includes(wanted));
      const apps = [...world.apps.values()].filter((app) => fits(app.domain, domain) && fits(app.name, name));
      return paged(apps, call, 1000, (app) => shownApp(world, app));
    },
  },
  {
    method: "GET",
    path: `${access}/apps/:app`,
    run: (call) => ({ result: shownApp(call.world, appOf(call)) }),
  },
  {
    method: "POST",
    path: `${access}/apps`,
    run: (call) => {
      const { world } = call;
      const app = built(world, bodyOf(appSchema, call, INVALID), uuid(world.made), hexId(world.made, 64));
      return { result: shownApp(world, app), world: { ...put(world, app), made: world.made + 1 } };
    },
  },
  {
    method: "PUT",
    path: `${access}/apps/:app`,
    run: (call) => {
      const { id, aud } = appOf(call);
      const app = built(call.world, bodyOf(appSchema, call, INVALID), id, aud);
      return { result: shownApp(call.world, app), world: put(call.world, app) };
    },
  },
  {
    method: "DELETE",
    path: `${access}/apps/:app`,
    run: (call) => {
      const { id } = appOf(call);
      return { result: { id }, world: { ...call.world, apps: lacking(call.world.apps, id) } };
    },
  },
  {
    method: "GET",
    path: `${access}/policies`,
    run: (call) => paged([...call.world.policies.values()], call, 1000, (policy) => shownPolicy(call.world, policy)),
  },
  {
    method: "POST",
    path: `${access}/policies`,
    run: (call) => {
      const { world } = call;
      const policy: FakePolicy = { ...bodyOf(policySchema, call, INVALID), id: uuid(world.made) };
      return {
        result: shownPolicy(world, policy),
        world: { ...world, made: world.made + 1, policies: having(world.policies, policy.id, policy) },
      };
    },
  },
  {
    method: "DELETE",
    path: `${access}/policies/:policy`,
    run: (call) => {
      const { world, params } = call;
      const policy = world.policies.get(params["policy"]!);
      if (policy === undefined) throw missing("policy");
      if (appsWith(world, policy.id) > 0)
        throw new Refusal(400, INVALID, "access.api.error.invalid_request: the policy is in use");
      return { result: { id: policy.id }, world: { ...world, policies: lacking(world.policies, policy.id) } };
    },
  },
  {
    method: "GET",
    path: `${access}/tags`,
    run: (call) => paged([...call.world.tags], call, 1000, (name) => ({ name })),
  },
  {
    method: "POST",
    path: `${access}/tags`,
    run: (call) => {
      const { name } = bodyOf(tagSchema, call, INVALID);
      const { world } = call;
      if (world.tags.has(name)) throw new Refusal(400, INVALID, "access.api.error.invalid_request: the tag exists");
      return { result: { name }, world: { ...world, tags: new Set(world.tags).add(name) } };
    },
  },
  {
    method: "DELETE",
    path: `${access}/tags/:tag`,
    run: ({ world, params }) => {
      const name = params["tag"]!;
      if (!world.tags.has(name)) throw missing("tag");
      const apps = new Map(
        [...world.apps].map(([id, app]) => [id, { ...app, tags: app.tags.filter((tag) => tag !== name) }]),
      );
      return {
        result: { name },
        world: { ...world, apps, tags: new Set([...world.tags].filter((tag) => tag !== name)) },
      };
    },
  },
  {
    method: "GET",
    path: `${access}/organizations`,
    run: () => ({ result: { name: "Homelab", auth_domain: "homelab.cloudflareaccess.com" } }),
  },
];

function built(world: World, body: Static<typeof appSchema>, id: string, aud: string): FakeApp {
  const given = body.destinations ?? (body.domain === undefined ? [] : [{ uri: body.domain }]);
  const destinations = given.map(({ type: kind = "public", uri }) => ({ type: kind, uri: uri.toLowerCase() }));
  const domain = destinations[0]?.uri ?? "";
  if (body.type === "self_hosted") for (const { uri } of destinations) checkDomain(world, uri, id);
  const policies = (body.policies ?? [])
    .map((policy, index) => (typeof policy === "string" ? { id: policy, precedence: index + 1 } : policy))
    .toSorted((a, b) => (a.precedence ?? 0) - (b.precedence ?? 0))
    .map((policy) => policy.id);
  const unknownPolicy = policies.find((policy) => !world.policies.has(policy));
  if (unknownPolicy !== undefined) throw invalid(`policy ${unknownPolicy} does not exist`);
  const unknownTag = body.tags?.find((tag) => !world.tags.has(tag));
  if (unknownTag !== undefined) throw invalid(`tag ${unknownTag} does not exist`);
  const { type, name, tags = [], session_duration = "24h" } = body;
  return { id, aud, type, name, domain, destinations, policies, tags, session_duration };
}

function checkDomain(world: World, domain: string, id: string): void {
  const host = domain.split("/")[0]!;
  const zones = [...world.zones.values()];
  if (!zones.some(({ name }) => host === name || host.endsWith(`.${name}`)))
    throw invalid(`domain ${host} does not belong to a zone of the account`);
  for (const app of world.apps.values())
    if (app.id !== id && app.destinations.some(({ uri }) => uri === domain))
      throw new Refusal(409, 11010, "access.api.error.application_already_exists");
}

const put = (world: World, app: FakeApp): World => ({ ...world, apps: having(world.apps, app.id, app) });

function appOf({ world, params }: RouteCall): FakeApp {
  const app = world.apps.get(params["app"]!);
  if (app === undefined) throw missing("application");
  return app;
}

function shownApp(world: World, { policies, ...app }: FakeApp): object {
  return {
    ...app,
    self_hosted_domains: app.destinations.map(({ uri }) => uri),
    policies: policies.map((id, index) => ({
      id,
      precedence: index + 1,
      reusable: true,
      name: world.policies.get(id)?.name,
      decision: world.policies.get(id)?.decision,
    })),
  };
}

const shownPolicy = (world: World, policy: FakePolicy): object => ({
  ...policy,
  reusable: true,
  app_count: appsWith(world, policy.id),
});

function appsWith(world: World, policy: string): number {
  let count = 0;
  for (const { policies } of world.apps.values()) if (policies.includes(policy)) count++;
  return count;
}

const invalid = (what: string) => new Refusal(400, INVALID, `access.api.error.invalid_request: ${what}`);
const missing = (what: string) => new Refusal(404, 11021, `access.api.error.not_found: no such ${what}`);
