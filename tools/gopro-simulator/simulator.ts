import { createHealth } from "#lib/service/health.ts";
import { listen } from "#lib/service/http.ts";
import type { Logger } from "#lib/service/logs.ts";
import { createMetrics } from "#lib/service/metrics.ts";
import { type Camera, openCamera } from "./camera.ts";
import { type Card, openCard } from "./card.ts";
import { seededChance } from "./chance.ts";
import type { Config } from "./config.ts";
import { createDrive } from "./drive.ts";
import { parseFaults } from "./faults.ts";
import { openPast } from "./past.ts";
import { createRoute } from "./route.ts";
import { buildServer } from "./server.ts";

/** A running simulator. */
export interface Simulator {
  readonly url: string;
  readonly camera: Camera;
  readonly card: Card;
  /** Resolves when the pictures of the days before are on the card. */
  readonly past: Promise<void>;
  close(): Promise<void>;
}

/** The configuration; what concerns faults and history may be left out. */
export type SimulatorConfig = Omit<Config, "SIM_MODEL" | "SIM_SEED" | "SIM_FAULTS" | "SIM_HISTORY_DAYS"> &
  Partial<Config>;

/** Puts the card in, switches the camera on and listens. */
export async function startSimulator(config: SimulatorConfig, logger: Logger): Promise<Simulator> {
  const card = await openCard(config.STATE_DIR);
  const route = createRoute();
  const drive = createDrive(route);
  const past = await openPast({
    stateDir: config.STATE_DIR,
    card,
    route,
    drive,
    model: config.SIM_MODEL ?? "HERO13",
    days: config.SIM_HISTORY_DAYS ?? 0,
    seed: config.SIM_SEED ?? 1,
    now: Date.now(),
  });
  const chance = seededChance(config.SIM_SEED ?? 1);
  const camera = await openCamera({
    stateDir: config.STATE_DIR,
    card,
    route,
    drive,
    ...(past.history.pictures.length > 0 ? { fresh: past.history } : {}),
    model: config.SIM_MODEL ?? "HERO13",
    chance,
    faults: parseFaults(config.SIM_FAULTS ?? "{}"),
    speed: config.SIM_SPEED,
    width: config.CAPTURE_WIDTH,
    height: config.CAPTURE_HEIGHT,
    busyMs: config.BUSY_MS,
    now: Date.now,
  });
  const server = buildServer({
    camera,
    card,
    chance,
    logger,
    health: createHealth([]),
    metrics: createMetrics("gopro-simulator"),
  });
  const url = await listen(server, config);
  logger.info({ url, photos: card.pictures }, "camera is on");
  const stop = new AbortController();
  const writing = past.write(stop.signal).then((written) => {
    if (written > 0) logger.info({ written }, "the days before are on the card");
  });
  writing.catch((err: unknown) => logger.error({ err }, "the pictures of the days before were not all written"));
  return {
    url,
    camera,
    card,
    past: writing,
    close: async () => {
      stop.abort();
      await server.close();
      await writing.catch(() => {});
      await camera.idle();
    },
  };
}
