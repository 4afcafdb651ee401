import { deployments } from "#lib/operator/resources.ts";
import type { World } from "../fake/world.ts";
import type { Scenario, Stage, UserAction } from "./types.ts";

const web = { namespace: "shop", name: "web" };
const hostname = "cloudflare.ingress.hostname";
const policy = "cloudflare.zero-trust.policy";
const disabled = "cloudflare.ingress.disabled";

/** One Deployment, shop/web, to be published at web.example.org under the policy `family`; another policy, and what is somebody else's. */
export function oneDeployment({ kube, cloudflare: { user }, zone }: Stage): void {
  for (const name of ["family", "friends"]) user.policy(name);
  user.call("POST", `/zones/${zone}/dns_records`, { type: "A", name: "mail.example.org", content: "192.0.2.1" });
  user.call("POST", "/accounts/:account/access/apps", {
    type: "self_hosted",
    name: "wiki",
    domain: "wiki.example.org",
  });
  createWeb(kube.user);
}

const createWeb = (user: Stage["kube"]["user"]) =>
  user.create(deployments, web, { metadata: { annotations: { [hostname]: "web.example.org", [policy]: "family" } } });

const annotate = (name: string, annotations: Readonly<Record<string, string | null>>): UserAction => ({
  name,
  act: ({ kube }) => {
    if (kube.user.get(deployments, web)) kube.user.merge(deployments, web, { metadata: { annotations } });
  },
});

/** What people do with the Deployment. */
export const deletion: UserAction = {
  name: "delete the Deployment",
  act: ({ kube }) => kube.user.delete(deployments, web),
};

/** What people do in Kubernetes. */
export const kubernetesActions: readonly UserAction[] = [
  deletion,
  annotate("change the hostname", { [hostname]: "shop.example.org" }),
  annotate("remove the hostname", { [hostname]: null }),
  forAWhile(
    "remove the hostname, and give it back 20 s later",
    { [hostname]: null },
    { [hostname]: "web.example.org" },
  ),
  forAWhile("switch it off, and on again 90 s later", { [disabled]: "true" }, { [disabled]: null }),
  annotate("switch it off", { [disabled]: "true" }),
  annotate("name a policy that there is not", { [policy]: "famly" }),
  annotate("name another policy", { [policy]: "friends" }),
  annotate("change the port", { "cloudflare.ingress.port": "8080" }),
  annotate("spoil the recorded state", { "cloudflare.ingress.state": "{" }),
  annotate("ask for the hostname of somebody else's record", { [hostname]: "mail.example.org" }),
  {
    name: "let another Deployment ask for the hostname",
    act: ({ kube: { user } }) => {
      const annotations = { [hostname]: "web.example.org", [policy]: "friends" };
      const name = { namespace: "shop", name: "web2" };
      if (!user.get(deployments, name)) user.create(deployments, name, { metadata: { annotations } });
    },
  },
  {
    name: "delete the Deployment and make it again as soon as it is gone",
    act: (stage) => {
      stage.kube.user.delete(deployments, web);
      const again = () => {
        if (stage.kube.user.get(deployments, web)) stage.clock.setTimer(500, again);
        else createWeb(stage.kube.user);
      };
      again();
    },
  },
];

/** What people do in Cloudflare, past the operator, to what is the operator's. */
export const cloudflareActions: readonly UserAction[] = [
  byHand("delete the record by hand", ({ cloudflare: { user, world }, zone }) => {
    for (const id of recordsOf(world)) user.call("DELETE", `/zones/${zone}/dns_records/${id}`);
  }),
  byHand("let the record point elsewhere by hand", ({ cloudflare: { user, world }, zone }) => {
    for (const id of recordsOf(world, "CNAME"))
      user.call("PATCH", `/zones/${zone}/dns_records/${id}`, { content: "elsewhere.example.net" });
  }),
  byHand("delete the application by hand", ({ cloudflare: { user, world } }) => {
    for (const { id } of appsOf(world)) user.call("DELETE", `/accounts/:account/access/apps/${id}`);
  }),
  byHand("take the policy off the application by hand", ({ cloudflare: { user, world } }) => {
    for (const { id, aud: _, ...app } of appsOf(world))
      user.call("PUT", `/accounts/:account/access/apps/${id}`, { ...app, policies: [] });
  }),
  byHand("remove all routes by hand", ({ cloudflare: { user }, tunnel }) => {
    const config = { ingress: [{ service: "http_status:404" }] };
    user.call("PUT", `/accounts/:account/cfd_tunnel/${tunnel}/configurations`, { config });
  }),
  byHand("let the route lead elsewhere by hand", ({ cloudflare: { user, world }, tunnel }) => {
    const ingress = (world.tunnels.get(tunnel)?.config?.ingress ?? []).map((rule) =>
      rule.hostname === "web.example.org" ? { ...rule, service: "http://elsewhere:80" } : rule,
    );
    if (ingress.length > 0)
      user.call("PUT", `/accounts/:account/cfd_tunnel/${tunnel}/configurations`, { config: { ingress } });
  }),
];

function forAWhile(
  name: string,
  first: Readonly<Record<string, string | null>>,
  then: Readonly<Record<string, string | null>>,
): UserAction {
  const seconds = Number(/(\d+) s later$/.exec(name)![1]);
  return {
    name,
    act: (stage) => {
      annotate(name, first).act(stage);
      stage.clock.setTimer(seconds * 1000, () => annotate(name, then).act(stage));
    },
  };
}

function byHand(name: string, act: (stage: Stage) => void): UserAction {
  return { name, byHand: true, act };
}

const recordsOf = (world: World, type?: string) =>
  [...world.records.values()]
    .filter((record) => record.name.endsWith("web.example.org") && (type === undefined || record.type === type))
    .map(({ id }) => id);

const appsOf = (world: World) => [...world.apps.values()].filter(({ domain }) => domain === "web.example.org");

/** One Deployment, and all that people do with it. */
export const one: Scenario = { setUp: oneDeployment, actions: [...kubernetesActions, ...cloudflareActions] };
