import type { FastifyReply, FastifyRequest } from "fastify";
import { Type } from "typebox";
import { createHttpServer, HttpError, type HttpServer } from "#lib/service/http.ts";
import type { Health } from "#lib/service/health.ts";
import type { Logger } from "#lib/service/logs.ts";
import type { Metrics } from "#lib/service/metrics.ts";
import type { Camera } from "./camera.ts";
import type { Card } from "./card.ts";
import { registerControl } from "./control.ts";
import { registerDownloads } from "./downloads.ts";
import { registerMedia } from "./media.ts";
import { modelOf } from "./model.ts";

/** What the simulator's server is made of. */
export interface ServerDeps {
  readonly camera: Camera;
  readonly card: Card;
  /** Numbers from 0 to 1 for what happens by chance. */
  readonly chance: () => number;
  readonly logger: Logger;
  readonly health: Health;
  readonly metrics: Metrics;
}

const STORAGE = { ok: 0, full: 1, removed: 2, "format error": 3 } as const;
/** What is refused while the camera is busy, with that fault. */
const COMMANDS = /^\/gopro\/(camera\/(setting|set_date_time)|media\/(delete|turbo))/;
const REFUSALS = {
  busy: "The camera is busy; wait until status 8 and 10 are 0.",
  turbo: "The camera is in turbo transfer; switch that off.",
  "no room": "There is no card with room in the camera; see status 33.",
};
const KB_A_PICTURE = 5_000;
const Digits = (pattern: string) => Type.String({ pattern });

/** Builds the camera's HTTP API (Open GoPro 2.0) and the switches of the simulator. */
export function buildServer(deps: ServerDeps): HttpServer {
  const { camera, card } = deps;
  const server = createHttpServer(deps);

  const hangUp = (request: FastifyRequest, reply: FastifyReply) => {
    reply.hijack();
    request.raw.socket.destroy();
  };
  server.addHook("onRequest", async (request, reply) => {
    if (!/^\/(gopro|videos)\//.test(request.url)) return;
    const { unreachable, chaos, strictBusy } = camera.faults;
    const { asleep, busy, encoding } = camera.state();
    if (asleep || unreachable) return hangUp(request, reply);
    camera.touch();
    if (camera.confused()) return reply.code(500).send({ error: "Unknown error" });
    if (chaos > 0 && deps.chance() < chaos / 2) {
      if (deps.chance() < 0.5) return hangUp(request, reply);
      return reply.code(500).send({ error: "Internal error" });
    }
    if (strictBusy && (busy || encoding) && COMMANDS.test(request.url))
      return reply.code(503).send({ error: "The camera is busy." });
  });

  server.get("/gopro/camera/keep_alive", () => ({}));
  server.get("/gopro/camera/info", () => {
    const { name, number, firmware } = modelOf(camera.model);
    return {
      model_number: number,
      model_name: name,
      firmware_version: firmware,
      serial_number: "C3534200000123",
      ap_mac_addr: "0a0b0c0d0e0f",
      ap_ssid: "GP00000123",
    };
  });
  server.get("/gopro/camera/control/set_ui_controller", () => ({}));
  server.get("/gopro/camera/control/wired_usb", () => ({}));
  server.get("/gopro/camera/state", () => {
    const { busy, encoding } = camera.state();
    const { storage, freeKb, overheated, batteryPercent, gpsLock } = camera.faults;
    const photos = card.pictures;
    const status = {
      1: 1,
      2: 3,
      6: +overheated,
      8: +busy,
      10: +encoding,
      33: STORAGE[storage],
      34: storage === "ok" ? Math.max(0, Math.min(9999, Math.floor(freeKb / KB_A_PICTURE)) - photos) : 0,
      38: photos,
      54: freeKb,
      70: batteryPercent,
      82: 1,
      85: 0,
      113: +camera.turbo,
    };
    return {
      status: modelOf(camera.model).gps ? { ...status, 68: +gpsLock } : status,
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
    const pressed = camera.shutter();
    if (pressed !== "taken") throw new HttpError(409, pressed.replace(" ", "_"), REFUSALS[pressed]);
    camera.idle().catch((err: unknown) => deps.logger.error({ err }, "the picture was not written"));
    return {};
  });
  server.get("/gopro/camera/shutter/stop", () => ({}));

  registerMedia(server, deps);
  registerDownloads(server, deps);
  registerControl(server, deps);
  return server;
}
