import type { KubeApi } from "#lib/operator/api.ts";
import { valueOf } from "#lib/operator/errors.ts";
import { fencedApi, noFence } from "#lib/operator/fence.ts";
import { type KubeObject, nameOf, keyOf } from "#lib/operator/object.ts";
import { deployments } from "#lib/operator/resources.ts";
import { callBudget } from "../api/budget.ts";
import { cloudflareClient } from "../api/client.ts";
import { type Answer, answered } from "../api/errors.ts";
import { type AppId, type Cloudflare, type RecordId, type Tunnel, tunnelTarget, type Zone } from "../api/types.ts";
import { ACCOUNT, TOKEN } from "../fake/types.ts";
import type { Subject, Surroundings } from "./types.ts";

/** How an operator goes about it that keeps no watch, no cache and no state of its own beside an annotation. */
export interface Design {
  /** When the finalizer is set: before anything is made, or after all is. */
  readonly finalizer: "first" | "last";
  /** Whether what is there already is taken over; otherwise that it is there is an error. */
  readonly adopts: boolean;
  /** What is deleted: what the annotation recorded, or what is found by name. */
  readonly deletes: "recorded" | "found";
  /** Where the route comes in a deletion. */
  readonly route: "first" | "last";
  /** Whether each write asks the fence before. */
  readonly fenced?: true;
}

/** The designs by the letters that they go by: each mends something of the one before. */
export const designs: Readonly<Record<"A" | "B" | "C" | "D" | "E", Design>> = {
  A: { finalizer: "last", adopts: false, deletes: "recorded", route: "last" },
  B: { finalizer: "first", adopts: false, deletes: "recorded", route: "last" },
  C: { finalizer: "first", adopts: true, deletes: "recorded", route: "last" },
  D: { finalizer: "first", adopts: true, deletes: "found", route: "last" },
  E: { finalizer: "first", adopts: true, deletes: "found", route: "first" },
};

const FINALIZER = "example.org/published";
const STATE = "example.org/state";
const POLL_MS = 2_000;

interface State {
  readonly record?: RecordId;
  readonly app?: AppId;
}

/** An operator that looks at all Deployments every two seconds, and brings each where it is to be: record, application, route. */
export function plainOperator(design: Design): Subject {
  const operator = async ({ clock, kube, fetch, fence }: Surroundings): Promise<void> => {
    const asked = design.fenced ? fence : noFence();
    const api = fencedApi(kube.api(deployments), asked);
    const budget = callBudget({ clock, limit: 1_000_000 });
    const client = cloudflareClient({ clock, budget, fetch, account: ACCOUNT, token: TOKEN, fence: asked });
    while (!fence.signal.aborted) {
      const listed = await api.list();
      for (const object of listed.ok ? listed.value.items : []) {
        // nosemgrep: swallowed-error -- a design that fails tries again at its next look, and what comes of it is what is judged
        try {
          await reconcile(design, object, api, client);
        } catch {}
      }
      await clock.sleep(POLL_MS, fence.signal);
    }
  };
  return { operator, election: "harness" };
}

async function reconcile(design: Design, object: KubeObject, api: KubeApi<KubeObject>, client: Cloudflare) {
  const { annotations = {}, finalizers = [], deletionTimestamp } = object.metadata;
  const hostname = annotations["cloudflare.ingress.hostname"];
  if (hostname === undefined) return;
  // nosemgrep: unchecked-json-cast -- what the design itself wrote; users of the harness leave this annotation alone
  const state = JSON.parse(annotations[STATE] ?? "{}") as State;
  const name = nameOf(keyOf(object.metadata));
  const zone = answered("list zones", await client.zones.list())[0]!;
  const tunnel = answered("list tunnels", await client.tunnels.list())[0]!;
  const write = async (metadata: object) => void valueOf("write", await api.merge(name, { metadata }));

  if (deletionTimestamp !== undefined) {
    if (!finalizers.includes(FINALIZER)) return;
    const route = () => setRoute(client, tunnel, hostname, undefined);
    if (design.route === "first") await route();
    await remove(design, client, zone, hostname, state);
    if (design.route === "last") await route();
    return await write({ finalizers: finalizers.filter((one) => one !== FINALIZER) });
  }
  const finalize = () => write({ finalizers: [...finalizers, FINALIZER] });
  const missing = !finalizers.includes(FINALIZER);
  if (missing && design.finalizer === "first") await finalize();
  const record = state.record ?? (await createRecord(design, client, zone, tunnel, hostname));
  if (state.record === undefined) await write({ annotations: { [STATE]: JSON.stringify({ record }) } });
  const app =
    state.app ?? (await createApp(design, client, hostname, annotations["cloudflare.zero-trust.policy"] ?? ""));
  if (state.app === undefined) await write({ annotations: { [STATE]: JSON.stringify({ record, app }) } });
  await setRoute(client, tunnel, hostname, `http://${name.name}.${name.namespace}.svc:80`);
  if (missing && design.finalizer === "last") await finalize();
}

async function createRecord(
  design: Design,
  client: Cloudflare,
  zone: Zone,
  tunnel: Tunnel,
  name: string,
): Promise<RecordId> {
  const spec = { type: "CNAME", name, content: tunnelTarget(tunnel.id), proxied: true, ttl: 1, comment: "" };
  const made = await client.records.batch(zone.id, { posts: [spec] });
  if (made.ok || made.error.kind !== "RecordExists" || !design.adopts)
    return answered("create record", made).posts[0]!.id;
  return only(answered("list records", await client.records.list(zone.id, { name }))).id;
}

async function createApp(design: Design, client: Cloudflare, domain: string, policy: string): Promise<AppId> {
  const policies = answered("list policies", await client.policies.list()).filter(({ name }) => name === policy);
  const spec = { name: domain, domain, policies: [only(policies).id], tags: [], sessionDuration: "24h" };
  const made = await client.apps.create(spec);
  if (made.ok || made.error.kind !== "AppExists" || !design.adopts) return answered("create application", made).id;
  return only(answered("list applications", await client.apps.list({ domain }))).id;
}

async function setRoute(client: Cloudflare, tunnel: Tunnel, hostname: string, service: string | undefined) {
  const { ingress, settings } = answered("read routes", await client.tunnels.configuration(tunnel.id));
  const present = ingress.find((rule) => rule.hostname === hostname);
  if (present?.service === service) return;
  const others = ingress.filter((rule) => rule.hostname !== hostname && rule.hostname !== undefined);
  const own = service === undefined ? [] : [{ hostname, service }];
  const next = { ingress: [...others, ...own, { service: "http_status:404" }], settings };
  answered("write routes", await client.tunnels.configure(tunnel.id, next));
}

async function remove(design: Design, client: Cloudflare, zone: Zone, name: string, state: State): Promise<void> {
  const found = design.deletes === "found";
  const records = found
    ? answered("list records", await client.records.list(zone.id, { name })).map(({ id }) => id)
    : [state.record].filter((id) => id !== undefined);
  if (records.length > 0) gone(await client.records.batch(zone.id, { deletes: records }));
  const apps = found
    ? answered("list applications", await client.apps.list({ domain: name })).map(({ id }) => id)
    : [state.app].filter((id) => id !== undefined);
  for (const id of apps) gone(await client.apps.delete(id));
}

function gone(answer: Answer<unknown>): void {
  if (!answer.ok && (answer.error.kind === "NotFound" || answer.error.kind === "RecordMissing")) return;
  answered("delete", answer);
}

function only<T>(items: readonly T[]): T {
  if (items.length === 1) return items[0]!;
  throw new Error(`${items.length} found; expected one.`);
}
