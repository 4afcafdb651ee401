import { createHealth } from "#lib/service/health.ts";
import { listen } from "#lib/service/http.ts";
import type { Logger } from "#lib/service/logs.ts";
import { createMetrics } from "#lib/service/metrics.ts";
import { type Camera, openCamera } from "./camera.ts";
import { type Card, openCard } from "./card.ts";
import { seededChance } from "./chance.ts";
import type { Config } from "./config.ts";
import { parseFaults } from "./faults.ts";
import { createRoute } from "./route.ts";
import { buildServer } from "./server.ts";

/** A running simulator. */
export interface Simulator {
  readonly url: string;
  readonly camera: Camera;
  readonly card: Card;
  close(): Promise<void>;
}

/** The configuration; what concerns faults may be left out. */
export type SimulatorConfig = Omit<Config, "SIM_MODEL" | "SIM_SEED" | "SIM_FAULTS"> & Partial<Config>;

/** Puts the card in, switches the camera on and listens. */
export async function startSimulator(config: SimulatorConfig, logger: Logger): Promise<Simulator> {
  const card = await openCard(config.STATE_DIR);
  const chance = seededChance(config.SIM_SEED ?? 1);
  const camera = await openCamera({
    stateDir: config.STATE_DIR,
    card,
    route: createRoute(),
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
  return {
    url,
    camera,
    card,
    close: async () => {
      await server.close();
      await camera.idle();
    },
  };
}
