import { mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openObjects } from "#lib/objects/objects.ts";
import { createHealth } from "#lib/service/health.ts";
import { listen } from "#lib/service/http.ts";
import { createMetrics } from "#lib/service/metrics.ts";
import { untilSuccess } from "#lib/service/retry.ts";
import { runService } from "#lib/service/run.ts";
import { ConfigSchema, derivedBytes, limitsOf } from "./config.ts";
import { openDerived } from "./derived.ts";
import { createImagesMetrics } from "./metrics.ts";
import { createPictures } from "./pictures.ts";
import { setUpLibvips } from "./render.ts";
import { buildServer } from "./server.ts";
import { ENCODER } from "./variants.ts";
import { createVisibility, EVERYTHING } from "./visibility.ts";

await runService({
  name: "images",
  config: ConfigSchema,
  start: async ({ config, logger, signal }) => {
    setUpLibvips();
    const health = createHealth(["store"]);
    const metrics = createMetrics("images");
    const imagesMetrics = createImagesMetrics(metrics);
    const objects = openObjects({
      endpoint: config.S3_ENDPOINT,
      region: config.S3_REGION,
      bucket: config.S3_BUCKET,
      accessKeyId: config.S3_ACCESS_KEY_ID,
      secretAccessKey: config.S3_SECRET_ACCESS_KEY,
    });
    const keep = derivedBytes(config);
    const folder = config.DERIVED_FOLDER ?? (keep === 0 ? "" : await mkdtemp(join(tmpdir(), "images-")));
    const derived = await openDerived(folder, keep);
    const pictures = createPictures({
      objects,
      derived,
      logger,
      metrics: imagesMetrics,
      limits: limitsOf(config),
      encodes: config.ENCODES,
      queue: config.QUEUE,
    });
    imagesMetrics.observe(pictures.gate, derived);
    const server = buildServer({
      pictures,
      visibility:
        config.VISIBILITY_URL === undefined
          ? EVERYTHING
          : createVisibility({ url: config.VISIBILITY_URL, metrics: imagesMetrics }),
      objects,
      logger,
      health,
      metrics,
      imagesMetrics,
      originals: config.ORIGINALS,
      avif: config.AVIF,
    });
    logger.info({ url: await listen(server, config), encoder: ENCODER, kept: derived.size }, "listening");

    const store = untilSuccess(
      async () => {
        await objects.head("photos/00/ready");
        health.ready("store");
      },
      {
        signal,
        onFailure: (err, tries) => {
          health.waiting("store", err.message);
          logger.warn({ err, tries }, "waiting for the store");
        },
      },
    );
    return async () => {
      await server.close();
      await store;
    };
  },
});
