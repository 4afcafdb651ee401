import { Type } from "typebox";
import { createHttpServer, HttpError, type HttpServer } from "#lib/service/http.ts";
import type { Health } from "#lib/service/health.ts";
import type { Logger } from "#lib/service/logs.ts";
import type { Metrics } from "#lib/service/metrics.ts";
import type { Camera } from "./camera.ts";
import type { Card } from "./card.ts";
import { registerDownloads } from "./downloads.ts";
import { FaultsSchema } from "./faults.ts";

/** What the simulator's server is made of. */
export interface ServerDeps {
  readonly camera: Camera;
  readonly card: Card;
  readonly logger: Logger;
  readonly health: Health;
  readonly metrics: Metrics;
}

const CAMERA_INFO = {
  model_number: "65",
  model_name: "HERO13 Black",
  firmware_version: "H24.01.02.10.00",
  serial_number: "C3534200000123",
  ap_mac_addr: "0a0b0c0d0e0f",
  ap_ssid: "GP00000123",
};

const MediaPath = Type.Object({ path: Type.String({ pattern: "^\\d{3}GOPRO/[A-Z0-9]{8}\\.[A-Z0-9]{3}$" }) });
const Digits = (pattern: string) => Type.String({ pattern });

/** Builds the camera's HTTP API (Open GoPro 2.0) and the switches of the simulator. */
export function buildServer(deps: ServerDeps): HttpServer {
  const { camera, card } = deps;
  const server = createHttpServer(deps);

  server.addHook("onRequest", async (request, reply) => {
    if (!/^\/(gopro|videos)\//.test(request.url)) return;
    if (camera.state().asleep) {
      reply.hijack();
      request.raw.socket.destroy();
      return;
    }
    camera.touch();
    if (camera.faults.unknownError) await reply.code(500).send({ error: "Unknown error" });
  });

  server.get("/gopro/camera/keep_alive", () => ({}));
  server.get("/gopro/camera/info", () => CAMERA_INFO);
  server.get("/gopro/camera/control/set_ui_controller", () => ({}));
  server.get("/gopro/media/turbo_transfer", () => ({}));
  server.get("/gopro/camera/state", async () => {
    const { busy, encoding } = camera.state();
    const photos = (await card.list()).length;
    const gps = camera.faults.gpsLock ? 1 : 0;
    const status = { 1: 1, 2: 3, 6: 0, 8: +busy, 10: +encoding, 33: 0, 34: 9999 - photos, 38: photos, 54: 61_234_567 };
    return {
      status: { ...status, 68: gps, 70: 87, 82: 1, 85: 0, 113: 0 },
      settings: Object.fromEntries(camera.settings),
    };
  });
  server.get(
    "/gopro/camera/setting",
    { schema: { querystring: Type.Object({ setting: Type.Integer(), option: Type.Integer() }) } },
    ({ query }) => {
      if (!camera.settings.has(query.setting))
        throw new HttpError(403, "unsupported", `Setting ${query.setting} is not simulated.`);
      camera.settings.set(query.setting, query.option);
      return {};
    },
  );

  server.get("/gopro/camera/get_date_time", () => {
    const { now, zoneMinutes } = camera.clock();
    const local = new Date(now.getTime() + zoneMinutes * 60_000);
    return {
      date: [local.getUTCFullYear(), local.getUTCMonth() + 1, local.getUTCDate()].join("_"),
      time: [local.getUTCHours(), local.getUTCMinutes(), local.getUTCSeconds()].join("_"),
      dst: 0,
      tzone: zoneMinutes,
    };
  });
  server.get(
    "/gopro/camera/set_date_time",
    {
      schema: {
        querystring: Type.Object({
          date: Digits("^\\d{4}_\\d{1,2}_\\d{1,2}$"),
          time: Digits("^\\d{1,2}_\\d{1,2}_\\d{1,2}$"),
          tzone: Type.Integer({ minimum: -840, maximum: 840, default: 0 }),
          dst: Type.Integer({ minimum: 0, maximum: 1, default: 0 }),
        }),
      },
    },
    ({ query }) => {
      const [year, month, day] = query.date.split("_").map(Number) as [number, number, number];
      const [hour, minute, second] = query.time.split("_").map(Number) as [number, number, number];
      const zone = query.tzone + query.dst * 60;
      camera.setClock(new Date(Date.UTC(year, month - 1, day, hour, minute, second) - zone * 60_000), zone);
      return {};
    },
  );

  server.get("/gopro/camera/shutter/start", () => {
    if (!camera.shutter()) throw new HttpError(409, "busy", "The camera is busy; wait until status 8 and 10 are 0.");
    camera.idle().catch((err: unknown) => deps.logger.error({ err }, "the picture was not written"));
    return {};
  });
  server.get("/gopro/camera/shutter/stop", () => ({}));

  server.get("/gopro/media/list", async () => {
    const folders = new Map<string, object[]>();
    for (const { folder, name, bytes, createdS } of await card.list()) {
      const files = folders.get(folder) ?? [];
      folders.set(folder, files);
      files.push({ n: name, cre: String(createdS), mod: String(createdS), s: String(bytes) });
    }
    return { id: "1554375628411872255", media: [...folders].map(([d, fs]) => ({ d, fs })) };
  });
  server.get("/gopro/media/last_captured", async (_request, reply) => {
    const last = (await card.list()).at(-1);
    return last ? { folder: last.folder, file: last.name } : reply.code(204).send();
  });
  server.get("/gopro/media/info", { schema: { querystring: MediaPath } }, async ({ query }) => {
    const file = await card.find(query.path);
    if (!file) throw new HttpError(400, "no_such_file", `${query.path} is not on the card.`);
    const plain = {
      ct: "4",
      hc: "0",
      eis: "0",
      mp: "1",
      rot: "0",
      tr: "0",
      us: "0",
      raw: "0",
      wdr: "0",
      hdr: "0",
      lc: "0",
    };
    return { ...plain, cre: String(file.createdS), s: String(file.bytes) };
  });
  server.get("/gopro/media/delete/file", { schema: { querystring: MediaPath } }, async ({ query }) => {
    if (!(await card.remove(query.path))) throw new HttpError(400, "no_such_file", `${query.path} is not on the card.`);
    return {};
  });
  registerDownloads(server, deps);

  server.get("/simulator/faults", () => camera.faults);
  server.post(
    "/simulator/faults",
    { schema: { body: Type.Partial(FaultsSchema, { additionalProperties: false }) } },
    ({ body }) => {
      camera.faults = { ...camera.faults, ...body };
      return camera.faults;
    },
  );
  server.post("/simulator/wake", () => {
    camera.wake();
    return {};
  });
  return server;
}
