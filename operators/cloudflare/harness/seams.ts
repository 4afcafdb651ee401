import type { KubeApi, Watch } from "#lib/operator/api.ts";
import { mint } from "#lib/machine/evidence.ts";
import { success } from "#lib/operator/errors.ts";
import { type Answer, mayBeCommitted } from "../api/errors.ts";
import type { App, Cloudflare, RecordSpec } from "../api/types.ts";
import { annotations, type Deployment, FINALIZER } from "../deployment.ts";
import { hashOf, markText } from "../marks.ts";
import type { Surroundings } from "./types.ts";

const ok = <T>(value: T): Answer<T> => ({ ok: true, value });

/** Takes a write without an answer for one that was not made. */
export function withoutDoubts(client: Cloudflare): Cloudflare {
  const sure = async <T>(work: Promise<Answer<T>>): Promise<Answer<T>> => {
    const answer = await work;
    if (answer.ok || !mayBeCommitted(answer.error)) return answer;
    return { ok: false, error: { kind: "Throttled", code: 0, message: "no answer", retryAfterMs: 1_000 } };
  };
  const { records, apps, tunnels } = client;
  return {
    ...client,
    records: { ...records, batch: (...given) => sure(records.batch(...given)) },
    apps: {
      list: (...given) => apps.list(...given),
      create: (...given) => sure(apps.create(...given)),
      update: (...given) => sure(apps.update(...given)),
      delete: (...given) => sure(apps.delete(...given)),
    },
    tunnels: { ...tunnels, configure: (...given) => sure(tunnels.configure(...given)) },
  };
}

/** Says at once that the tunnel is configured, and configures it 5 s later. */
export function withLateRoutes({ tunnels, ...client }: Cloudflare, { clock }: Surroundings): Cloudflare {
  return {
    ...client,
    tunnels: {
      ...tunnels,
      configure: async (id, configuration) => {
        const before = await tunnels.configuration(id);
        if (!before.ok) return before;
        clock.setTimer(5_000, () => void tunnels.configure(id, configuration).catch(() => {}));
        return ok({ ...configuration, version: before.value.version + 1 });
      },
    },
  };
}

/** Says at once that an application is made, and makes it 90 s later. */
export function withLateApps({ apps, ...client }: Cloudflare, { clock }: Surroundings): Cloudflare {
  return {
    ...client,
    apps: {
      ...apps,
      create: async (spec) => {
        clock.setTimer(90_000, () => void apps.create(spec).catch(() => {}));
        const made: App = {
          ...spec,
          destinations: [spec.domain],
          id: mint("access.apps", "id", "made"),
          aud: mint("access.apps", "aud", "made"),
        };
        return ok(made);
      },
    },
  };
}

/** Writes records without a mark. */
export function withoutMarks({ records, ...client }: Cloudflare): Cloudflare {
  const plain = (spec: RecordSpec) => ({
    ...spec,
    comment: "",
    ...(spec.type === "TXT" && { content: '"published"' }),
  });
  return {
    ...client,
    records: {
      ...records,
      batch: async (zone, { posts = [], ...batch }, options) => {
        const answer = await records.batch(zone, { ...batch, posts: posts.map(plain) }, options);
        if (!answer.ok) return answer;
        const made = answer.value.posts.map((record, index) => ({ ...record, ...posts[index] }));
        return ok({ ...answer.value, posts: made });
      },
    },
  };
}

/** Takes all records without a comment for those of the Deployment. */
export function withEverybodysRecords({ records, ...client }: Cloudflare): Cloudflare {
  const comment = markText({ owner: "test", hash: hashOf("shop/web") });
  return {
    ...client,
    records: {
      ...records,
      list: async (...given) => {
        const answer = await records.list(...given);
        if (!answer.ok) return answer;
        return ok(answer.value.map((record) => ({ ...record, comment: record.comment || comment })));
      },
    },
  };
}

/** Finds no application that is there. */
export const withoutApps = ({ apps, ...client }: Cloudflare): Cloudflare => ({
  ...client,
  apps: { ...apps, list: async () => ok([]) },
});

/** Makes applications without a policy, which let nobody in. */
export const withoutPolicies = ({ apps, ...client }: Cloudflare): Cloudflare => ({
  ...client,
  apps: {
    ...apps,
    create: async (spec, options) => await apps.create({ ...spec, policies: [] }, options),
    update: async (id, spec, options) => await apps.update(id, { ...spec, policies: [] }, options),
  },
});

/** Lets the tunnel's end admit what carries no token. */
export const withoutTokens = ({ tunnels, ...client }: Cloudflare): Cloudflare => ({
  ...client,
  tunnels: {
    ...tunnels,
    configure: async (id, { ingress, settings }, options) => {
      const open = ingress.map(({ originRequest: _, ...rule }) => rule);
      const made = await tunnels.configure(id, { ingress: open, settings }, options);
      return made.ok ? ok({ ...made.value, ingress }) : made;
    },
  },
});

/** Sets no finalizer, and believes that it is set. */
export function withoutFinalizers(api: KubeApi<Deployment>): KubeApi<Deployment> {
  const shown = (object: Deployment): Deployment => {
    const { metadata } = object;
    if (metadata.annotations?.[annotations.state] === undefined) return object;
    return { ...object, metadata: { ...metadata, finalizers: [FINALIZER] } };
  };
  async function* watched(watch: Watch<Deployment>): Watch<Deployment> {
    for (;;) {
      const next = await watch.next();
      if (next.done) return next.value;
      const event = next.value;
      yield "object" in event ? { ...event, object: shown(event.object) } : event;
    }
  }
  return {
    ...api,
    list: async (options) => {
      const page = await api.list(options);
      return page.ok ? success({ ...page.value, items: page.value.items.map(shown) }) : page;
    },
    watch: async (options) => {
      const started = await api.watch(options);
      return started.ok ? success(watched(started.value)) : started;
    },
    merge: async (name, { metadata, ...patch }, options) => {
      const { finalizers: _, ...kept } = metadata as { readonly finalizers?: unknown };
      const merged = await api.merge(name, { ...patch, metadata: kept }, options);
      return merged.ok ? success(shown(merged.value)) : merged;
    },
  };
}

/** Believes its first list for ever. */
export function withOneList(api: KubeApi<Deployment>): KubeApi<Deployment> {
  let first: ReturnType<typeof api.list> | undefined;
  return { ...api, list: (options) => (first ??= api.list(options)) };
}
