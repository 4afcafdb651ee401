import { createReadStream } from "node:fs";
import { readFile } from "node:fs/promises";
import { Type } from "typebox";
import { HttpError, type HttpServer } from "#lib/service/http.ts";
import type { Camera } from "./camera.ts";
import type { Card } from "./card.ts";

/** Adds `GET /videos/DCIM/<folder>/<file>`: whole, from a byte on, or cut off when that fault is switched. */
export function registerDownloads(server: HttpServer, { camera, card }: { camera: Camera; card: Card }): void {
  const params = Type.Object({ folder: Type.String(), name: Type.String() });
  server.get("/videos/DCIM/:folder/:name", { schema: { params } }, async (request, reply) => {
    const mediaPath = `${request.params.folder}/${request.params.name}`;
    const file = await card.find(mediaPath);
    if (!file) throw new HttpError(404, "no_such_file", `${mediaPath} is not on the card.`);

    if (camera.faults.truncateDownloads > 0) {
      camera.faults = { ...camera.faults, truncateDownloads: camera.faults.truncateDownloads - 1 };
      const bytes = await readFile(file.path);
      reply.hijack();
      reply.raw.writeHead(200, { "content-type": "image/jpeg", "content-length": file.bytes });
      reply.raw.write(bytes.subarray(0, bytes.length >> 1), () => reply.raw.destroy());
      return reply;
    }

    reply.type("image/jpeg").header("last-modified", new Date(file.createdS * 1000).toUTCString());
    const from = camera.faults.ignoreRange ? null : rangeStart(request.headers.range);
    if (from === null) return reply.header("content-length", file.bytes).send(createReadStream(file.path));
    if (from >= file.bytes) {
      reply.header("content-range", `bytes */${file.bytes}`);
      throw new HttpError(416, "range_not_satisfiable", `${mediaPath} has ${file.bytes} bytes.`);
    }
    return reply
      .code(206)
      .header("content-range", `bytes ${from}-${file.bytes - 1}/${file.bytes}`)
      .header("content-length", file.bytes - from)
      .send(createReadStream(file.path, { start: from }));
  });
}

function rangeStart(header: string | undefined): number | null {
  const match = /^bytes=(\d+)-$/.exec(header ?? "");
  return match ? Number(match[1]) : null;
}
