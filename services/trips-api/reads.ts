import type { FastifyReply, FastifyRequest } from "fastify";
import { Type } from "typebox";
import {
  DigestSchema,
  ErrorReplySchema,
  PointsReplySchema,
  StatsReplySchema,
  UnreadableReplySchema,
} from "#lib/schemas/trips/v1/api.ts";
import { PointSchema } from "#lib/schemas/trips/v1/point.ts";
import { SeqSchema } from "#lib/schemas/trips/v1/seq.ts";
import { TOKEN_PATTERN } from "#lib/schemas/trips/v1/stream.ts";
import { TripReplySchema, TripsReplySchema } from "#lib/schemas/trips/v1/summary.ts";
import { HttpError, type HttpServer } from "#lib/service/http.ts";
import { inChunks } from "#lib/tracks/formats/journey.ts";
import { EXPORTS } from "#lib/tracks/formats/write.ts";
import type { Access } from "./access.ts";
import type { History } from "./history.ts";
import { journeyOf } from "./journey.ts";
import type { Live } from "./live.ts";
import { findPoints, frontier, pointText } from "./points.ts";
import { createReader, type Reader } from "./reader.ts";
import { isKnown, sendPieces } from "./sending.ts";
import { createTiles, MAX_ZOOM } from "./tiles.ts";
import { shownUntil, type View } from "./view.ts";

/** What the routes that read are made of. */
export interface ReadDeps {
  readonly reader: Reader;
  readonly live: Live;
  readonly access: Access;
  /** The states that were; null while there is no connection. */
  readonly history: () => History | null;
  /** Where others reach this service, for links in exports; null leaves links out. */
  readonly publicUrl: string | null;
}

/** Every read takes these. */
export const asks = {
  share: Type.Optional(Type.String({ minLength: 1, maxLength: 200, description: "token of a share link" })),
  seq: Type.Optional(
    Type.Integer({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER, description: "the state after this event" }),
  ),
};
const strict = { additionalProperties: false };
const tripParams = Type.Object({ id: Type.String({ pattern: TOKEN_PATTERN }) });
const read = (summary: string, reply: object) => ({
  ...{ summary, tags: ["read"] },
  response: { 200: { description: "What was asked for.", ...reply }, "4xx": ErrorReplySchema },
});
const notModified = (reply: FastifyReply) => reply.code(304).send();

/** Adds everything that reads: points, trips, figures, tiles, exports, digest. */
export function registerReads(server: HttpServer, deps: ReadDeps): void {
  const { live, access } = deps;
  const tiles = new WeakMap<Reader, ReturnType<typeof createTiles>>();
  const readers = new WeakMap<object, Reader>();

  const readerAt = async (seq: number | undefined): Promise<Reader> => {
    const { store } = deps.reader;
    if (seq === undefined || seq === store.seq) return deps.reader;
    if (seq > store.seq)
      throw new HttpError(404, "not_yet", `The stream is at ${store.seq}; there is no event ${seq}.`);
    const history = deps.history();
    if (!history) throw new HttpError(503, "unavailable", "The stream cannot be reached; try again later.");
    const past = await history.at(seq);
    let reader = readers.get(past);
    if (!reader) readers.set(past, (reader = createReader(past)));
    return reader;
  };
  const open = async (request: FastifyRequest) => {
    const query = request.query as { share?: string; seq?: number };
    const view = access.viewOf({ authorization: request.headers.authorization, share: query.share });
    return { view, reader: await readerAt(query.seq) };
  };
  const known = (request: FastifyRequest, reply: FastifyReply, reader: Reader, view: View, more = "") =>
    isKnown(request, reply, [
      ...[view.key, reader.store.incarnation, reader.store.seq, shownUntil(view, Date.now())],
      ...[request.url.split("?")[0]!, JSON.stringify(request.query), more],
    ]);
  const tripFor = (reader: Reader, view: View, id: string) => {
    const worked = reader.trip(view, id);
    if (!worked) throw new HttpError(404, "no_such_trip", `There is no trip ${id}.`);
    return worked;
  };

  const pointsQuery = Type.Object(
    {
      ...asks,
      trip: Type.Optional(Type.String({ pattern: TOKEN_PATTERN })),
      day: Type.Optional(Type.String({ pattern: "^\\d{4}-\\d{2}-\\d{2}$", description: "local day of the trip" })),
      after: Type.Optional(SeqSchema),
      limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 1_000_000 })),
      filter: Type.Optional(Type.Literal("off", { description: "noise too" })),
      photos: Type.Optional(Type.Literal("only")),
    },
    strict,
  );
  server.get(
    "/api/points",
    { schema: { querystring: pointsQuery, ...read("Points by the time they were taken", PointsReplySchema) } },
    async (request, reply) => {
      const { view, reader } = await open(request);
      const { trip, day, after, limit, filter, photos } = request.query;
      if (day !== undefined && trip === undefined) {
        throw new HttpError(400, "bad_request", "A day is one of a trip; say `trip` too.");
      }
      if (known(request, reply, reader, view)) return notModified(reply);
      const noise = filter === "off";
      const page = findPoints(reader, view, { trip, day, after, limit, noise, photosOnly: photos === "only" });
      function* pieces() {
        let separator = '{"points":[';
        for (const text of page.texts()) {
          yield separator + text;
          separator = ",\n";
        }
        yield `${page.count === 0 ? separator : ""}],"seq":${page.seq}}`;
      }
      return sendPieces(request, reply, "application/json; charset=utf-8", inChunks(pieces()));
    },
  );

  server.get(
    "/api/points/:id",
    { schema: { params: tripParams, querystring: Type.Object(asks, strict), ...read("One point", PointSchema) } },
    async (request, reply) => {
      const { view, reader } = await open(request);
      const { id } = request.params;
      const row = reader.store.table.find(id);
      if (row < 0 || reader.sees(view, row) !== "now") {
        throw new HttpError(404, "no_such_point", `There is no point ${id}.`);
      }
      if (known(request, reply, reader, view)) return notModified(reply);
      const detail = reader.trip(view, reader.partition.tripOf(row))?.detail;
      const noise = detail?.noise[detail.rows.indexOf(row)] ?? 0;
      return reply.type("application/json; charset=utf-8").send(pointText(reader, row, noise));
    },
  );

  server.get(
    "/api/trips",
    { schema: { querystring: Type.Object(asks, strict), ...read("All trips, the newest first", TripsReplySchema) } },
    async (request, reply) => {
      const { view, reader } = await open(request);
      if (known(request, reply, reader, view)) return notModified(reply);
      const trips = reader.trips(view);
      const seq = Math.min(frontier(reader, view), ...trips.map((worked) => worked.seq));
      return { trips: trips.map(({ detail }) => detail.reply.trip), seq };
    },
  );

  server.get(
    "/api/trips/:id",
    {
      schema: {
        ...{ params: tripParams, querystring: Type.Object(asks, strict) },
        ...read("A trip with its days, stops and gaps", TripReplySchema),
      },
    },
    async (request, reply) => {
      const { view, reader } = await open(request);
      const worked = tripFor(reader, view, request.params.id);
      if (known(request, reply, reader, view)) return notModified(reply);
      return { ...worked.detail.reply, seq: Math.min(worked.seq, frontier(reader, view)) };
    },
  );

  const formats = Type.Union([Type.Literal("gpx"), Type.Literal("geojson"), Type.Literal("kml")]);
  server.get(
    "/api/trips/:id/export.:format",
    {
      schema: {
        params: Type.Object({ id: Type.String({ pattern: TOKEN_PATTERN }), format: formats }),
        ...{ querystring: Type.Object(asks, strict), summary: "A trip as GPX, GeoJSON or KML", tags: ["read"] },
      },
    },
    async (request, reply) => {
      const { view, reader } = await open(request);
      const { id, format } = request.params;
      const { detail } = tripFor(reader, view, id);
      if (known(request, reply, reader, view)) return notModified(reply);
      const pictures = deps.publicUrl === null ? null : `${deps.publicUrl.replace(/\/+$/, "")}/api/images`;
      const { mediaType, write } = EXPORTS[format];
      reply.header("content-disposition", `attachment; filename="${id}.${format}"`);
      return sendPieces(request, reply, mediaType, write(journeyOf(detail, reader.store.table, pictures)));
    },
  );

  const place = (maximum: number) => Type.Integer({ minimum: 0, maximum });
  server.get(
    "/api/tiles/:trip/:z/:x/:y.mvt",
    {
      schema: {
        params: Type.Object({
          trip: Type.String({ pattern: TOKEN_PATTERN }),
          ...{ z: place(MAX_ZOOM), x: place(2 ** MAX_ZOOM - 1), y: place(2 ** MAX_ZOOM - 1) },
        }),
        querystring: Type.Object(asks, strict),
        ...{ summary: "Vector tile of a trip: layers `route` and `points`, exact at zoom 14", tags: ["read"] },
      },
    },
    async (request, reply) => {
      const { view, reader } = await open(request);
      const { trip, ...at } = request.params;
      const worked = tripFor(reader, view, trip);
      const etag = [worked.version, reader.store.incarnation, request.url.split("?")[0]!];
      if (isKnown(request, reply, etag)) return notModified(reply);
      let maker = tiles.get(reader);
      if (!maker) tiles.set(reader, (maker = createTiles()));
      const tile = maker.tile(worked, reader.store.table, at);
      if (!tile) return reply.code(204).send();
      return reply.type("application/vnd.mapbox-vector-tile").send(Buffer.from(tile));
    },
  );

  server.get(
    "/api/stats",
    { schema: { querystring: Type.Object(asks, strict), ...read("What there is, and who watches", StatsReplySchema) } },
    async (request) => {
      const { view, reader } = await open(request);
      const { store } = reader;
      const trips = reader.trips(view, true).flatMap(({ detail }) => (detail.rows.length > 0 ? [detail.rows] : []));
      const times = trips.flatMap((rows) => [rows[0]!, rows.at(-1)!]).map((row) => store.table.columns.time[row]!);
      const at = (time: number) => (times.length === 0 ? null : new Date(time).toISOString());
      return {
        points: trips.reduce((sum, rows) => sum + rows.length, 0),
        firstAt: at(Math.min(...times)),
        lastAt: at(Math.max(...times)),
        viewers: live.viewers(),
        seq: frontier(reader, view),
        unreadable: store.unreadable().total,
        digest: await store.digest(),
      };
    },
  );

  server.get(
    "/api/digest",
    { schema: { querystring: Type.Object(asks, strict), ...read("Fingerprint of the state", DigestSchema) } },
    async (request) => (await open(request)).reader.store.digest(),
  );

  server.get(
    "/api/unreadable",
    { schema: { querystring: Type.Object(asks, strict), ...read("Events that were skipped", UnreadableReplySchema) } },
    async (request) => (await open(request)).reader.store.unreadable(),
  );
}
