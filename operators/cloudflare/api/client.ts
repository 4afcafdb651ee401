import type { Answer } from "./errors.ts";
import { type Call, type Caller, type CallerOptions, caller } from "./call.ts";
import { listAll } from "./paging.ts";
import { BATCH_LIMIT, type CallOptions, type Cloudflare, type RecordBatch } from "./types.ts";
import * as wire from "./wire.ts";

/** What a client is made of. */
export interface ClientOptions extends CallerOptions {
  /** The account's identifier. */
  readonly account: string;
}

/** Cloudflare over its API v4. */
export function cloudflareClient(options: ClientOptions): Cloudflare {
  const call = caller(options);
  const account = `/accounts/${encodeURIComponent(options.account)}`;
  const apps = `${account}/access/apps`;
  const tunnels = `${account}/cfd_tunnel`;
  const zone = (id: string) => `/zones/${encodeURIComponent(id)}/dns_records`;
  const one = (folder: string, id: string) => `${folder}/${encodeURIComponent(id)}`;

  return {
    zones: {
      list: (given) =>
        listAll(
          call,
          { name: "zones.list", path: "/zones", query: { "account.id": options.account } },
          50,
          wire.readZone,
          given,
        ),
    },
    records: {
      list: (id, filter = {}, given) =>
        listAll(
          call,
          {
            name: "records.list",
            path: zone(id),
            query: {
              "name.exact": filter.name,
              type: filter.type,
              "comment.startswith": filter.commentStartsWith,
            },
          },
          5000,
          wire.readRecord,
          given,
        ),
      batch: async (id, batch, given) => {
        checkSize(batch);
        const body = {
          ...(batch.deletes?.length && { deletes: batch.deletes.map((record) => ({ id: record })) }),
          ...(batch.patches?.length && { patches: batch.patches }),
          ...(batch.puts?.length && { puts: batch.puts }),
          ...(batch.posts?.length && { posts: batch.posts }),
        };
        return await single(
          { name: "records.batch", method: "POST", path: `${zone(id)}/batch`, body },
          wire.readBatch,
          given,
        );
      },
    },
    apps: {
      list: (filter = {}, given) =>
        listAll(
          call,
          {
            name: "apps.list",
            path: apps,
            query: { domain: filter.domain, ...(filter.domain !== undefined && { exact: "true" }) },
            only: wire.isSelfHosted,
          },
          100,
          wire.readApp,
          given,
        ),
      create: (app, given) =>
        single({ name: "apps.create", method: "POST", path: apps, body: wire.appBody(app) }, wire.readApp, given),
      update: (id, app, given) =>
        single(
          { name: "apps.update", method: "PUT", path: one(apps, id), body: wire.appBody(app) },
          wire.readApp,
          given,
        ),
      delete: (id, given) =>
        single(
          { name: "apps.delete", method: "DELETE", path: one(apps, id) },
          () => ({ ok: true, value: undefined }),
          given,
        ),
    },
    policies: {
      list: (given) =>
        listAll(call, { name: "policies.list", path: `${account}/access/policies` }, 100, wire.readPolicy, given),
    },
    tags: {
      list: (given) => listAll(call, { name: "tags.list", path: `${account}/access/tags` }, 100, wire.readTag, given),
      create: (name, given) =>
        single(
          { name: "tags.create", method: "POST", path: `${account}/access/tags`, body: { name } },
          wire.readTag,
          given,
        ),
    },
    organization: {
      teamName: (given) =>
        single(
          { name: "organization.read", method: "GET", path: `${account}/access/organizations` },
          wire.readTeamName,
          given,
        ),
    },
    tunnels: {
      list: (filter = {}, given) =>
        listAll(
          call,
          { name: "tunnels.list", path: tunnels, query: { is_deleted: "false", name: filter.name } },
          100,
          wire.readTunnel,
          given,
        ),
      create: (name, given) =>
        single(
          { name: "tunnels.create", method: "POST", path: tunnels, body: { name, config_src: "cloudflare" } },
          wire.readTunnel,
          given,
        ),
      configuration: (id, given) =>
        single(
          { name: "tunnels.configuration", method: "GET", path: `${one(tunnels, id)}/configurations` },
          wire.readConfiguration,
          given,
        ),
      configure: (id, configuration, given) =>
        single(
          {
            name: "tunnels.configure",
            method: "PUT",
            path: `${one(tunnels, id)}/configurations`,
            body: wire.configurationBody(configuration),
          },
          wire.readConfiguration,
          given,
        ),
    },
  };

  async function single<T>(what: Call, read: wire.Reader<T>, given: CallOptions | undefined): Promise<Answer<T>> {
    return readWith(read, await call(what, given));
  }
}

function readWith<T>(read: wire.Reader<T>, answer: Awaited<ReturnType<Caller>>): Answer<T> {
  return answer.ok ? read(answer.value.result) : answer;
}

function checkSize({ deletes = [], patches = [], puts = [], posts = [] }: RecordBatch): void {
  const size = deletes.length + patches.length + puts.length + posts.length;
  if (size === 0 || size > BATCH_LIMIT)
    throw new RangeError(`A batch of ${size} changes; expected 1 to ${BATCH_LIMIT}. Split it, or leave it out.`);
}
