import { createHash } from "node:crypto";
import { deflateSync, crc32 } from "node:zlib";
import sharp from "sharp";
import { openObjects, type Objects } from "#lib/objects/objects.ts";
import { createHealth } from "#lib/service/health.ts";
import type { HttpServer } from "#lib/service/http.ts";
import { createLogger } from "#lib/service/logs.ts";
import { createMetrics, type Metrics } from "#lib/service/metrics.ts";
import type { S3Server } from "#lib/testing/s3.ts";
import { type Derived, openDerived } from "./derived.ts";
import { createImagesMetrics } from "./metrics.ts";
import { createPictures, type Pictures } from "./pictures.ts";
import { buildServer } from "./server.ts";
import { createVisibility, EVERYTHING } from "./visibility.ts";

/** A service on a free port of the loopback, as `main.ts` would compose it. */
export interface Service {
  readonly url: string;
  readonly pictures: Pictures;
  readonly metrics: Metrics;
  close(): Promise<void>;
}

/** Opens the bucket `trips` of a server. */
export function openBucket(s3: S3Server): Objects {
  return openObjects({ ...s3, bucket: "trips" });
}

/** Starts a service over a bucket; what is not told is as large as the defaults, and nothing is kept. */
export async function startService(
  objects: Objects,
  options: {
    originals?: boolean;
    encodes?: number;
    queue?: number;
    derived?: Derived;
    visibilityUrl?: string;
    now?: () => number;
    limits?: { inputBytes?: number; inputPixels?: number; seconds?: number };
  } = {},
): Promise<Service> {
  const metrics = createMetrics("images");
  const imagesMetrics = createImagesMetrics(metrics);
  const logger = createLogger({ name: "images", level: "silent" });
  const derived = options.derived ?? (await openDerived("", 0));
  const pictures = createPictures({
    objects,
    derived,
    logger,
    metrics: imagesMetrics,
    limits: { inputBytes: 64 * 1024 * 1024, inputPixels: 64e6, seconds: 20, ...options.limits },
    encodes: options.encodes ?? 2,
    queue: options.queue ?? 64,
  });
  imagesMetrics.observe(pictures.gate, derived);
  const server: HttpServer = buildServer({
    pictures,
    visibility:
      options.visibilityUrl === undefined
        ? EVERYTHING
        : createVisibility({
            url: options.visibilityUrl,
            metrics: imagesMetrics,
            ...(options.now ? { now: options.now } : {}),
          }),
    objects,
    originals: options.originals ?? false,
    avif: true,
    logger,
    health: createHealth([]),
    metrics,
    imagesMetrics,
  });
  const url = await server.listen({ host: "127.0.0.1", port: 0 });
  return { url, pictures, metrics, close: () => server.close() };
}

/** Stores bytes under the key of older events, which names their hash. */
export async function store(objects: Objects, bytes: Uint8Array): Promise<string> {
  const hash = createHash("sha256").update(bytes).digest("hex");
  const key = `photos/${hash.slice(0, 2)}/${hash}.jpg`;
  await objects.put(key, bytes, "image/jpeg");
  return key;
}

/** A picture of one colour. */
export function plain(
  width: number,
  height: number,
  background: string | { r: number; g: number; b: number } = "teal",
) {
  return sharp({ create: { width, height, channels: 3, background } });
}

/**
 * A picture like a photo: gradients with noise, so that neither its size nor its decoding is that of a plain one. 6000 × 4500 at
 * quality 93 has 27 megapixels and 9 MB.
 */
export function photo(width: number, height: number, seed = 1) {
  const pixels = Buffer.allocUnsafe(width * height * 3);
  let state = seed;
  for (let y = 0, at = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      state = (Math.imul(state, 1_664_525) + 1_013_904_223) | 0;
      const noise = (state >>> 24) % 24;
      pixels[at++] = ((x * 200) / width + noise) & 0xff;
      pixels[at++] = ((y * 200) / height + noise) & 0xff;
      pixels[at++] = (((x + y) * 100) / height + noise) & 0xff;
    }
  }
  return sharp(pixels, { raw: { width, height, channels: 3 } });
}

/** A black PNG of one bit a pixel: few bytes for any number of pixels. */
export function bomb(width: number, height: number): Buffer {
  const chunk = (type: string, data: Buffer) => {
    const body = Buffer.concat([Buffer.from(type, "latin1"), data]);
    const [length, sum] = [Buffer.alloc(4), Buffer.alloc(4)];
    length.writeUInt32BE(data.length);
    sum.writeUInt32BE(crc32(body));
    return Buffer.concat([length, body, sum]);
  };
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header[8] = 1;
  const rows = Buffer.alloc((1 + Math.ceil(width / 8)) * height);
  return Buffer.concat([
    Buffer.from("\x89PNG\r\n\x1a\n", "latin1"),
    chunk("IHDR", header),
    chunk("IDAT", deflateSync(rows)),
    chunk("IEND", Buffer.alloc(0)),
  ]);
}

/** A JPEG whose header claims another size than its data have. */
export function lying(jpeg: Buffer, width: number, height: number): Buffer {
  const copy = Buffer.from(jpeg);
  const frame = copy.indexOf(Buffer.from([0xff, 0xc0, 0x00]));
  copy.writeUInt16BE(height, frame + 5);
  copy.writeUInt16BE(width, frame + 7);
  return copy;
}
