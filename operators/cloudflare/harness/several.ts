import { deployments } from "#lib/operator/resources.ts";
import { cloudflareActions } from "./actions.ts";
import type { Scenario, Stage, UserAction } from "./types.ts";

const hostname = "cloudflare.ingress.hostname";
const policy = "cloudflare.zero-trust.policy";
type Annotations = Readonly<Record<string, string | null>>;

/** The Deployments of the namespace shop; web2 wants the hostname of web, which comes before it. */
const wishes: Readonly<Record<string, Annotations>> = {
  web: { [hostname]: "web.example.org", [policy]: "family" },
  wiki: { [hostname]: "notes.example.org", [policy]: "friends" },
  web2: { [hostname]: "web.example.org", [policy]: "friends" },
  blog: { [hostname]: "blog.example.org", [policy]: "famly" },
};

const create = ({ kube: { user } }: Stage, name: string): void => {
  const place = { namespace: "shop", name };
  if (!user.get(deployments, place)) user.create(deployments, place, { metadata: { annotations: wishes[name]! } });
};
const change = (name: string, target: string, annotations: Annotations): UserAction => ({
  name,
  act: ({ kube: { user } }) => {
    const place = { namespace: "shop", name: target };
    if (user.get(deployments, place)) user.merge(deployments, place, { metadata: { annotations } });
  },
});
const remove = (target: string): UserAction => ({
  name: `delete ${target}`,
  act: ({ kube: { user } }) => user.delete(deployments, { namespace: "shop", name: target }),
});
const restore = (target: string): UserAction => ({
  name: `make ${target}, if it is gone`,
  act: (stage) => create(stage, target),
});

/**
 * Four Deployments: two with a hostname of their own, one that wants the hostname of another, one with a policy that
 * there is not. People delete them and make them again, and let hostnames and policies change hands.
 */
export const several: Scenario = {
  setUp: (stage) => {
    for (const name of ["family", "friends"]) stage.cloudflare.user.policy(name);
    for (const name of Object.keys(wishes)) {
      create(stage, name);
    }
  },
  actions: [
    ...Object.keys(wishes).flatMap((name) => [remove(name), restore(name)]),
    change("let web ask for the hostname of wiki", "web", { [hostname]: "notes.example.org" }),
    change("let wiki take the hostname of web", "wiki", { [hostname]: "web.example.org" }),
    change("give web its own hostname", "web", { [hostname]: "web.example.org" }),
    change("give wiki its own hostname", "wiki", { [hostname]: "notes.example.org" }),
    change("give web2 a hostname of its own", "web2", { [hostname]: "web2.example.org" }),
    change("let web2 ask for the hostname of web", "web2", { [hostname]: "web.example.org" }),
    change("let blog name a policy that there is", "blog", { [policy]: "family" }),
    change("let blog name a policy that there is not", "blog", { [policy]: "famly" }),
    change("switch web off", "web", { "cloudflare.ingress.disabled": "true" }),
    change("switch web on", "web", { "cloudflare.ingress.disabled": null }),
    change("remove the hostname of wiki", "wiki", { [hostname]: null }),
    ...cloudflareActions,
  ],
};
