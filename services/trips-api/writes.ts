import { randomBytes, randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import type { FastifyRequest } from "fastify";
import { type Static, type TSchema, Type } from "typebox";
import {
  ErrorReplySchema,
  ShareBodySchema,
  ShareCreatedSchema,
  SharesReplySchema,
  type ShareView,
  TripBodySchema,
} from "#lib/schemas/trips/v1/api.ts";
import { DeletionSchema, deletionSubject } from "#lib/schemas/trips/v1/deletion.ts";
import {
  SETTINGS_SUBJECT,
  SettingsSchema,
  type Share,
  ShareSchema,
  shareSubject,
} from "#lib/schemas/trips/v1/sharing.ts";
import { TOKEN_PATTERN } from "#lib/schemas/trips/v1/stream.ts";
import { TripSchema, tripSubject } from "#lib/schemas/trips/v1/trip.ts";
import { HttpError, type HttpServer } from "#lib/service/http.ts";
import { type Access, sha256 } from "./access.ts";
import type { TripStore } from "./store.ts";

/** Puts an event into the stream and tells its sequence. Fails when the stream does not take it. */
export type Publish = <Schema extends TSchema>(event: {
  subject: string;
  id: string;
  schema: Schema;
  value: Static<Schema>;
}) => Promise<number>;

/** What the routes that write are made of. */
export interface WriteDeps {
  readonly store: TripStore;
  readonly access: Access;
  /** Null while there is no connection. */
  readonly publish: () => Publish | null;
}

/** How long a write waits until this service has folded its own event, in milliseconds. */
const FOLDED_MS = 3_000;

/**
 * Adds everything that writes. A write is an event in the stream; the answer comes when this service has folded it, so
 * that whoever reads next reads it. Needs an API key.
 */
export function registerWrites(server: HttpServer, deps: WriteDeps): void {
  const { store, access } = deps;
  const params = Type.Object({ id: Type.String({ pattern: TOKEN_PATTERN }) });
  const write = (summary: string, reply: object = {}) => ({
    ...{ summary, tags: ["write"], security: [{ key: [] }] },
    response: { "2xx": { description: "Written.", ...reply }, "4xx": ErrorReplySchema },
  });
  const owner = async ({ headers: { authorization } }: FastifyRequest) =>
    access.requireOwner({ authorization, share: undefined });
  const guarded = { onRequest: owner, config: { rateLimit: { max: 60, timeWindow: 60_000 } } };

  const put: Publish = async (event) => {
    const publish = deps.publish();
    if (!publish) throw new HttpError(503, "unavailable", "The stream cannot be reached; nothing was written.");
    const seq = await publish(event).catch((cause: Error) => {
      const message = "The stream did not take the event; nothing is known to be written.";
      throw new HttpError(503, "unavailable", message, { cause });
    });
    for (const deadline = Date.now() + FOLDED_MS; store.seq < seq && Date.now() < deadline;) await sleep(5);
    return seq;
  };
  const unknown = (what: string, id: string) => new HttpError(404, `no_such_${what}`, `There is no ${what} ${id}.`);

  server.put(
    "/api/trips/:id",
    { ...guarded, schema: { params, body: TripBodySchema, ...write("Name a trip, or change it", TripSchema) } },
    async ({ params: { id }, body }) => {
      const value = { id, ...body };
      if (value.to !== null && Date.parse(value.to) < Date.parse(value.from)) {
        throw new HttpError(400, "bad_request", "A trip ends after it begins: `to` must not be before `from`.");
      }
      await put({ subject: tripSubject(value), id: randomUUID(), schema: TripSchema, value });
      return value;
    },
  );
  server.delete(
    "/api/trips/:id",
    { ...guarded, schema: { params, ...write("Forget a trip; its points stay") } },
    async ({ params: { id } }, reply) => {
      const entry = store.trips.get(id);
      if (!entry || entry.trip.deleted) throw unknown("trip", id);
      const value = { ...entry.trip, deleted: true };
      await put({ subject: tripSubject(value), id: randomUUID(), schema: TripSchema, value });
      return reply.code(204).send();
    },
  );
  server.delete(
    "/api/points/:id",
    { ...guarded, schema: { params, ...write("Delete a point for ever") } },
    async ({ params: { id } }, reply) => {
      if (store.table.find(id) < 0) throw unknown("point", id);
      await put({ subject: deletionSubject({ id }), id: `deletion-${id}`, schema: DeletionSchema, value: { id } });
      return reply.code(204).send();
    },
  );

  server.get(
    "/api/shares",
    { ...guarded, schema: { ...write("Share links that are not revoked", SharesReplySchema) } },
    async () => ({ shares: [...store.shares.values()].map(({ share }) => viewOf(share)).filter((it) => !it.revoked) }),
  );
  server.post(
    "/api/shares",
    { ...guarded, schema: { body: ShareBodySchema, ...write("Make a share link", ShareCreatedSchema) } },
    async ({ body }, reply) => {
      if (Date.parse(body.expiresAt) <= Date.now()) {
        throw new HttpError(400, "bad_request", "`expiresAt` is over already; say an instant to come.");
      }
      const token = randomBytes(32).toString("base64url");
      const value: Share = {
        ...{ id: randomUUID(), tokenSha256: sha256(token).toString("hex"), expiresAt: body.expiresAt },
        ...{ trip: body.trip ?? null, from: body.from ?? null, to: body.to ?? null },
        ...{ delayS: body.delayS ?? 0, zones: body.zones ?? [] },
      };
      await put({ subject: shareSubject(value), id: randomUUID(), schema: ShareSchema, value });
      return reply.code(201).send({ share: viewOf(value), token });
    },
  );
  server.delete(
    "/api/shares/:id",
    { ...guarded, schema: { params, ...write("End a share link") } },
    async ({ params: { id } }, reply) => {
      const entry = store.shares.get(id);
      if (!entry || entry.share.revoked) throw unknown("share", id);
      const value = { ...entry.share, revoked: true };
      await put({ subject: shareSubject(value), id: randomUUID(), schema: ShareSchema, value });
      return reply.code(204).send();
    },
  );

  server.get(
    "/api/settings",
    { ...guarded, schema: { ...write("What is hidden from everybody", SettingsSchema) } },
    async () => store.settings?.settings ?? { zones: [], delayS: 0 },
  );
  server.put(
    "/api/settings",
    { ...guarded, schema: { body: SettingsSchema, ...write("Hide places, and hold points back", SettingsSchema) } },
    async ({ body }) => {
      await put({ subject: SETTINGS_SUBJECT, id: randomUUID(), schema: SettingsSchema, value: body });
      return body;
    },
  );
}

function viewOf({ tokenSha256: _, ...share }: Share): ShareView {
  return share;
}
