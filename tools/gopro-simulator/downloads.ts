import { createReadStream } from "node:fs";
import { readFile } from "node:fs/promises";
import type { FastifyReply } from "fastify";
import { Type } from "typebox";
import { HttpError, type HttpServer } from "#lib/service/http.ts";
import type { Camera } from "./camera.ts";
import type { Card, CardFile } from "./card.ts";
import type { Faults } from "./faults.ts";

type Break = "truncateDownloads" | "shortDownloads";

/** Adds `/videos/DCIM/<folder>/<file>`: whole, from a byte on, or cut off when that fault is switched. */
export function registerDownloads(
  server: HttpServer,
  { camera, card, chance }: { camera: Camera; card: Card; chance: () => number },
): void {
  const plain = Type.String({ pattern: "^[A-Za-z0-9]+(\\.[A-Za-z0-9]+)?$", maxLength: 16 });
  const params = Type.Object({ folder: plain, name: plain });
  server.get("/videos/DCIM/:folder/:name", { schema: { params } }, async (request, reply) => {
    const mediaPath = `${request.params.folder}/${request.params.name}`;
    const file = camera.faults.storage === "removed" ? null : card.find(mediaPath);
    if (!file) throw new HttpError(404, "no_such_file", `${mediaPath} is not on the card.`);

    const from = camera.faults.ignoreRange ? null : rangeStart(request.headers.range, file.bytes);
    const broken = request.method === "HEAD" || from?.last !== undefined ? null : nextBreak(camera, chance);
    if (broken) return cut(reply, file, from?.first ?? 0, broken);

    reply.type("image/jpeg").header("last-modified", new Date(file.createdS * 1000).toUTCString());
    // nosemgrep: path-from-request -- the path is the card's own; the request only names one of its files
    if (from === null) return reply.header("content-length", file.bytes).send(createReadStream(file.path));
    const last = from.last ?? file.bytes - 1;
    if (from.first > last) {
      reply.header("content-range", `bytes */${file.bytes}`);
      throw new HttpError(416, "range_not_satisfiable", `${mediaPath} has ${file.bytes} bytes.`);
    }
    reply.code(206).header("content-range", `bytes ${from.first}-${last}/${file.bytes}`);
    reply.header("content-length", last - from.first + 1);
    // nosemgrep: path-from-request -- as above
    return reply.send(createReadStream(file.path, { start: from.first, end: last }));
  });
}

function nextBreak(camera: Camera, chance: () => number): Break | null {
  const { faults } = camera;
  for (const name of ["truncateDownloads", "shortDownloads"] as const) {
    if (faults[name] === 0) continue;
    camera.faults = { ...faults, [name]: faults[name] - 1 } satisfies Faults;
    return name;
  }
  if (faults.chaos === 0 || chance() >= faults.chaos) return null;
  return chance() < 0.5 ? "truncateDownloads" : "shortDownloads";
}

/** The first half of what was asked for: with the connection lost, or in good order but without a promised length. */
async function cut(reply: FastifyReply, file: CardFile, from: number, how: Break): Promise<FastifyReply> {
  const bytes = (await readFile(file.path)).subarray(from);
  const half = bytes.subarray(0, bytes.length >> 1);
  reply.hijack();
  const range = from > 0 ? { "content-range": `bytes ${from}-${file.bytes - 1}/${file.bytes}` } : {};
  const status = from > 0 ? 206 : 200;
  if (how === "shortDownloads") {
    reply.raw.writeHead(status, { "content-type": "image/jpeg", ...range });
    reply.raw.end(half);
  } else {
    reply.raw.writeHead(status, { "content-type": "image/jpeg", "content-length": bytes.length, ...range });
    reply.raw.write(half, () => reply.raw.destroy());
  }
  return reply;
}

function rangeStart(header: string | undefined, length: number): { first: number; last?: number } | null {
  const match = /^bytes=(\d+)-(\d*)$/.exec(header ?? "");
  if (!match) return null;
  const first = Number(match[1]);
  return match[2] ? { first, last: Math.min(Number(match[2]), length - 1) } : { first };
}
