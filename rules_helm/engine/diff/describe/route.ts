import { type Both, byPath, type Path, setDifference } from "../changes.ts";
import { dangerous, type Line, say } from "../say.ts";
import { at, type Json, type JsonObject, listAt, textAt, textsAt } from "../tree.ts";
import type { Kind } from "./kind.ts";

const reach = "it can be reached there from outside the cluster";

/** Ingresses: what is served where. */
export const ingress: Kind = {
  rules: [
    {
      at: ["spec", "rules"],
      say: (was, is, path, both) => orByPath(routes(ingressRoutes(both.was), ingressRoutes(both.is)), was, is, path),
    },
  ],
  introduce: (object) => served(ingressRoutes(object)),
};

/** HTTPRoutes and GRPCRoutes of the Gateway API. */
export const httpRoute: Kind = {
  rules: [
    {
      at: ["spec", "hostnames"],
      say: (was, is) => {
        const { gone, come } = setDifference(listAt(was), listAt(is));
        return [
          ...come.map((host) => dangerous(say`host ${{ is: String(host) }} added`, reach)),
          ...gone.map((host) => say`host ${{ was: String(host) }} removed`),
        ];
      },
    },
    { at: ["spec", "rules"], say: gatewayRules },
  ],
  introduce: (object) => served(gatewayRoutes(object)),
};

/** A place that is served, and what serves it. */
type Routes = ReadonlyMap<string, string>;

function ingressRoutes(object: JsonObject): Routes {
  const routes = new Map<string, string>();
  for (const rule of listAt(object, "spec", "rules")) {
    const host = textAt(rule, "host") || "any host";
    for (const path of listAt(rule, "http", "paths")) {
      const exact = textAt(path, "pathType") === "Exact" ? " exactly" : "";
      const port =
        textAt(path, "backend", "service", "port", "number") || textAt(path, "backend", "service", "port", "name");
      const backend = textAt(path, "backend", "service", "name") || textAt(path, "backend", "resource", "name");
      routes.set(`${host}${textAt(path, "path") || "/"}${exact}`, `${backend}${port === "" ? "" : `:${port}`}`);
    }
  }
  return routes;
}

function gatewayRoutes(object: JsonObject): Routes {
  const hosts = textsAt(object, "spec", "hostnames");
  const routes = new Map<string, string>();
  for (const rule of listAt(object, "spec", "rules")) {
    const backends = listAt(rule, "backendRefs").map((ref) => {
      const weight = textAt(ref, "weight");
      return `${textAt(ref, "name")}:${textAt(ref, "port")}${weight === "" || weight === "1" ? "" : ` (weight ${weight})`}`;
    });
    const matches = listAt(rule, "matches");
    for (const match of matches.length === 0 ? [{}] : matches) {
      const method = textAt(match, "method");
      const exact = textAt(match, "path", "type") === "Exact" ? " exactly" : "";
      const where = `${method === "" ? "" : `${method} `}${hosts.length === 1 ? hosts[0] : ""}${textAt(match, "path", "value") || "/"}${exact}`;
      routes.set(where, backends.join(", ") || "no backend");
    }
  }
  return routes;
}

function gatewayRules(was: Json | undefined, is: Json | undefined, path: Path, both: Both): Line[] {
  const hostnames = at(both.is, "spec", "hostnames") ?? [];
  const served = (rules: Json | undefined) => gatewayRoutes({ spec: { hostnames, rules: rules ?? [] } });
  return orByPath(routes(served(was), served(is)), was, is, path);
}

/** Headers, filters, timeouts and kinds of paths change without a place or its backend. */
function orByPath(lines: Line[], was: Json | undefined, is: Json | undefined, path: Path): Line[] {
  return lines.length > 0 ? lines : [byPath(was, is, path)];
}

function routes(was: Routes, is: Routes): Line[] {
  const hosts = new Set([...was.keys()].map(hostOf));
  const lines = [...is].flatMap(([place, backend]): Line[] => {
    const before = was.get(place);
    if (before === backend) return [];
    if (before !== undefined) return [say`${{ it: place }} goes to ${{ was: before }} → ${{ is: backend }}`];
    return [
      dangerous(
        say`now serves ${{ is: place }} from ${{ it: backend }}`,
        !place.startsWith("/") && !hosts.has(hostOf(place)) && reach,
      ),
    ];
  });
  const gone = [...was.keys()]
    .filter((place) => !is.has(place))
    .map((place) => say`no longer serves ${{ was: place }}`);
  return [...lines, ...gone];
}

function hostOf(place: string): string {
  return place.split("/")[0]!;
}

function served(routes: Routes): Line[] {
  return [...routes].map(([place, backend]) =>
    dangerous(say`serves ${{ is: place }} from ${{ it: backend }}`, !place.startsWith("/") && reach),
  );
}
