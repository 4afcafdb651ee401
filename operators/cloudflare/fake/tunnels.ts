import { type Static, Type } from "typebox";
import { Refusal } from "./reply.ts";
import { bodyOf, paged, type Route, type RouteCall } from "./route.ts";
import { type FakeRule, type FakeTunnel, having, uuid, type World } from "./world.ts";

const tunnelSchema = Type.Object({
  name: Type.String({ minLength: 1 }),
  config_src: Type.Optional(Type.Union([Type.Literal("cloudflare"), Type.Literal("local")])),
});
const configurationSchema = Type.Object({
  config: Type.Object({
    ingress: Type.Array(
      Type.Object({
        hostname: Type.Optional(Type.String()),
        path: Type.Optional(Type.String()),
        service: Type.String({ minLength: 1 }),
        originRequest: Type.Optional(Type.Record(Type.String(), Type.Unknown())),
      }),
    ),
  }),
});

const BAD_CONFIGURATION = 1056;
const tunnels = "/accounts/:account/cfd_tunnel";

/** Tunnels and their configurations. */
export const tunnelRoutes: readonly Route[] = [
  {
    method: "GET",
    path: tunnels,
    run: (call) => {
      const [name, deleted] = [call.query.get("name"), call.query.get("is_deleted")];
      const found = [...call.world.tunnels.values()].filter(
        (tunnel) =>
          (name === null || tunnel.name === name) &&
          (deleted === null || String(tunnel.deletedMs !== null) === deleted),
      );
      return paged(found, call, 1000, shown);
    },
  },
  {
    method: "POST",
    path: tunnels,
    run: (call) => {
      const { name, config_src = "local" } = bodyOf(tunnelSchema, call, 1002);
      const { world } = call;
      if ([...world.tunnels.values()].some((tunnel) => tunnel.name === name && tunnel.deletedMs === null))
        throw new Refusal(409, 1013, "You already have a tunnel with this name.");
      const tunnel: FakeTunnel = { id: uuid(world.made), name, config_src, deletedMs: null, version: 0, config: null };
      return { result: shown(tunnel), world: { ...put(world, tunnel), made: world.made + 1 } };
    },
  },
  {
    method: "DELETE",
    path: `${tunnels}/:tunnel`,
    run: (call) => {
      const tunnel = { ...tunnelOf(call), deletedMs: call.nowMs };
      return { result: shown(tunnel), world: put(call.world, tunnel) };
    },
  },
  {
    method: "GET",
    path: `${tunnels}/:tunnel/configurations`,
    run: (call) => ({ result: configurationOf(tunnelOf(call)) }),
  },
  {
    method: "PUT",
    path: `${tunnels}/:tunnel/configurations`,
    run: (call) => {
      const before = tunnelOf(call);
      const { config } = bodyOf(configurationSchema, call, BAD_CONFIGURATION);
      checkRules(config.ingress);
      const tunnel: FakeTunnel = {
        ...before,
        version: before.version + 1,
        config: config as Static<typeof configurationSchema>["config"] & { readonly ingress: readonly FakeRule[] },
      };
      return { result: configurationOf(tunnel), world: put(call.world, tunnel) };
    },
  },
];

function checkRules(rules: readonly Pick<FakeRule, "hostname" | "path">[]): void {
  rules.forEach(({ hostname = "", path = "" }, index) => {
    const takesAll = (hostname === "" || hostname === "*") && path === "";
    if (index === rules.length - 1 && !takesAll)
      throw bad("The last ingress rule must match all URLs (i.e. it should not have a hostname or path filter)");
    if (index < rules.length - 1 && takesAll)
      throw bad(`Rule #${index + 1} matches all URLs, so that the rules after it are never reached`);
  });
  if (rules.length === 0) throw bad("No ingress rules were given");
}

const bad = (why: string) => new Refusal(400, BAD_CONFIGURATION, `Bad Configuration: Validation failed: ${why}`);
const put = (world: World, tunnel: FakeTunnel): World => ({
  ...world,
  tunnels: having(world.tunnels, tunnel.id, tunnel),
});

function tunnelOf({ world, params }: RouteCall): FakeTunnel {
  const tunnel = world.tunnels.get(params["tunnel"]!);
  if (tunnel === undefined || tunnel.deletedMs !== null) throw new Refusal(404, 1003, "Tunnel not found");
  return tunnel;
}

const shown = ({ id, name, config_src, deletedMs }: FakeTunnel): object => ({
  id,
  name,
  config_src,
  remote_config: config_src === "cloudflare",
  deleted_at: deletedMs === null ? null : new Date(deletedMs).toISOString(),
});

const configurationOf = ({ id, version, config }: FakeTunnel): object => ({
  tunnel_id: id,
  version,
  config,
  source: "cloudflare",
});
