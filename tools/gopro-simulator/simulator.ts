import { createHealth } from "#lib/service/health.ts";
import { listen } from "#lib/service/http.ts";
import type { Logger } from "#lib/service/logs.ts";
import { createMetrics } from "#lib/service/metrics.ts";
import { type Camera, openCamera } from "./camera.ts";
import { type Card, openCard } from "./card.ts";
import type { Config } from "./config.ts";
import { createRoute } from "./route.ts";
import { buildServer } from "./server.ts";

/** A running simulator. */
export interface Simulator {
  readonly url: string;
  readonly camera: Camera;
  readonly card: Card;
  close(): Promise<void>;
}

/** Puts the card in, switches the camera on and listens. */
export async function startSimulator(config: Config, logger: Logger): Promise<Simulator> {
  const card = await openCard(config.STATE_DIR);
  const camera = await openCamera({
    stateDir: config.STATE_DIR,
    card,
    route: createRoute(),
    speed: config.SIM_SPEED,
    width: config.CAPTURE_WIDTH,
    height: config.CAPTURE_HEIGHT,
    busyMs: config.BUSY_MS,
    now: Date.now,
  });
  const server = buildServer({
    camera,
    card,
    logger,
    health: createHealth([]),
    metrics: createMetrics("gopro-simulator"),
  });
  const url = await listen(server, config);
  logger.info({ url, photos: (await card.list()).length }, "camera is on");
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
