import type { Patch } from "#lib/operator/api.ts";
import type { KubeObject, ObjectName } from "#lib/operator/object.ts";
import { deployments } from "#lib/operator/resources.ts";
import { annotations } from "../deployment.ts";
import type { Stage } from "../harness/types.ts";

/** Those who use the cluster and the account while the operator works. */
export interface People {
  /** A minute of theirs: a change to one in 500 Deployments, and every other minute something by hand in Cloudflare. */
  act(): void;
  /** What they have done, by its name. */
  readonly done: ReadonlyMap<string, number>;
}

export interface PeopleOptions {
  readonly stage: Stage;
  /** Deployments at first; about as many stay. */
  readonly objects: number;
  /** The share of them that is to be published. */
  readonly published: number;
  /** A number in [0, 1). */
  readonly random: () => number;
}

/** Of 50 places for each Deployment one is empty, so that there is something to create. */
const SPARE = 1.02;
const OBJECTS_A_CHANGE = 500;
const FOREIGN_MS = 3_600_000;
const DOMAIN = "example.org";
const POLICIES = ["family", "friends"] as const;

/** Fills the cluster, and gives those who will use it. Draws everything: the same numbers do the same. */
export function people({ stage, objects, published, random }: PeopleOptions): People {
  const { kube, cloudflare, zone, tunnel, clock } = stage;
  const { user } = cloudflare;
  const places = Math.ceil(objects * SPARE);
  const done = new Map<string, number>();
  for (const policy of POLICIES) user.policy(policy);

  const name = (index: number): ObjectName => ({ namespace: `team-${index % 20}`, name: `app-${index}` });
  const hostname = (index: number) => `app-${index}.${DOMAIN}`;
  const one = <T>(items: readonly T[]): T | undefined => items[Math.floor(random() * items.length)];
  const wish = (index: number) => ({
    [annotations.hostname]: hostname(index),
    [annotations.policy]: one(POLICIES)!,
  });
  const create = (index: number) =>
    kube.user.create(deployments, name(index), {
      metadata: { annotations: random() < published ? wish(index) : {} },
      spec: { replicas: 1 },
    });
  for (let index = 0; index < objects; index++) create(index);

  const find = (index: number) => kube.user.get<KubeObject>(deployments, name(index));
  /** A place that fits; undefined when 200 draws found none. */
  const place = (fits: (object: KubeObject | undefined) => boolean): number | undefined => {
    for (let draw = 0; draw < 200; draw++) {
      const index = Math.floor(random() * places);
      if (fits(find(index))) return index;
    }
    return undefined;
  };
  const isThere = (object: KubeObject | undefined) =>
    object !== undefined && object.metadata.deletionTimestamp === undefined;
  const isPublished = (object: KubeObject | undefined) =>
    isThere(object) && object?.metadata.annotations?.[annotations.hostname] !== undefined;
  const merge = (index: number | undefined, patch: Patch) => {
    if (index !== undefined) kube.user.merge(deployments, name(index), patch);
  };
  const annotate = (index: number | undefined, given: Readonly<Record<string, string | null>>) =>
    merge(index, { metadata: { annotations: given } });
  const rules = () => cloudflare.world.tunnels.get(tunnel)?.config?.ingress ?? [];
  const configure = (ingress: readonly object[]) =>
    user.call("PUT", `/accounts/:account/cfd_tunnel/${tunnel}/configurations`, { config: { ingress } });
  const record = () => one([...cloudflare.world.records.values()].filter(({ type }) => type === "CNAME"));
  const app = () => one([...cloudflare.world.apps.values()]);

  const inKubernetes: readonly Act[] = [
    [40, "roll out", () => merge(place(isThere), { spec: { replicas: Math.floor(random() * 5) } })],
    [
      10,
      "publish",
      () => {
        const index = place((object) => isThere(object) && !isPublished(object));
        if (index !== undefined) annotate(index, wish(index));
      },
    ],
    [10, "withdraw", () => annotate(place(isPublished), { [annotations.hostname]: null, [annotations.policy]: null })],
    [
      10,
      "delete",
      () => {
        const index = place(isThere);
        if (index !== undefined) kube.user.delete(deployments, name(index));
      },
    ],
    [
      10,
      "create",
      () => {
        const index = place((object) => object === undefined);
        if (index !== undefined) create(index);
      },
    ],
    [5, "change the policy", () => annotate(place(isPublished), { [annotations.policy]: one(POLICIES)! })],
    [
      5,
      "change the hostname",
      () => {
        const index = place(isPublished);
        if (index !== undefined)
          annotate(index, { [annotations.hostname]: `v${Math.floor(random() * 9)}.${hostname(index)}` });
      },
    ],
    [2, "change the port", () => annotate(place(isPublished), { [annotations.port]: one(["80", "8080"])! })],
    [2, "name a policy that there is not", () => annotate(place(isPublished), { [annotations.policy]: "famly" })],
    [2, "switch off or on", () => annotate(place(isPublished), { [annotations.disabled]: one(["true", "false"])! })],
    [
      2,
      "ask for another's hostname",
      () => annotate(place(isPublished), { [annotations.hostname]: hostname(Math.floor(random() * places)) }),
    ],
    [2, "spoil the recorded state", () => annotate(place(isPublished), { [annotations.state]: "{" })],
  ];
  const inCloudflare: readonly Act[] = [
    [
      6,
      "delete a record by hand",
      () => {
        const found = record();
        if (found) user.call("DELETE", `/zones/${zone}/dns_records/${found.id}`);
      },
    ],
    [
      6,
      "let a record point elsewhere by hand",
      () => {
        const found = record();
        if (found) user.call("PATCH", `/zones/${zone}/dns_records/${found.id}`, { content: "elsewhere.example.net" });
      },
    ],
    [
      6,
      "delete an application by hand",
      () => {
        const found = app();
        if (found) user.call("DELETE", `/accounts/:account/access/apps/${found.id}`);
      },
    ],
    [
      6,
      "take the policies off an application by hand",
      () => {
        const found = app();
        if (found === undefined) return;
        const { id, aud: _, ...rest } = found;
        user.call("PUT", `/accounts/:account/access/apps/${id}`, { ...rest, policies: [] });
      },
    ],
    [
      6,
      "let a route lead elsewhere by hand",
      () => {
        const chosen = one(rules().filter((rule) => rule.hostname !== undefined));
        if (chosen)
          configure(rules().map((rule) => (rule === chosen ? { ...rule, service: "http://other:80" } : rule)));
      },
    ],
    [1, "remove all routes by hand", () => void configure([{ service: "http_status:404" }])],
    [6, "put a record of their own where a Deployment may want one, for an hour", foreignRecord],
  ];
  function foreignRecord(): void {
    const index = place((object) => !isPublished(object));
    if (index === undefined) return;
    if ([...cloudflare.world.records.values()].some((other) => other.name === hostname(index))) return;
    const body = { type: "A", name: hostname(index), content: "192.0.2.1" };
    const { id } = user.call("POST", `/zones/${zone}/dns_records`, body) as { readonly id: string };
    clock.setTimer(FOREIGN_MS, () => {
      if (cloudflare.world.records.has(id)) user.call("DELETE", `/zones/${zone}/dns_records/${id}`);
    });
  }

  const doOne = (acts: readonly Act[]) => {
    let left = random() * acts.reduce((sum, [weight]) => sum + weight, 0);
    const [, what, act] = acts.find(([weight]) => (left -= weight) < 0) ?? acts[0]!;
    done.set(what, (done.get(what) ?? 0) + 1);
    act();
  };
  return {
    act: () => {
      for (let change = 0; change < Math.ceil(objects / OBJECTS_A_CHANGE); change++) doOne(inKubernetes);
      if (random() < 0.5) doOne(inCloudflare);
    },
    done,
  };
}

/** How often among its like, what, and how. */
type Act = readonly [weight: number, what: string, act: () => void];
