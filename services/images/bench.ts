import { availableParallelism } from "node:os";
import { parseArgs } from "node:util";
import sharp from "sharp";
import { eventually, freePort, startProgram } from "#lib/testing/process.ts";
import { startS3 } from "#lib/testing/s3.ts";
import type { Format } from "./negotiate.ts";
import { setUpLibvips } from "./render.ts";
import { openBucket, photo, store } from "./testing.ts";
import { encoded, MIME, sized, type Variant } from "./variants.ts";

const HELP = `Compares the service to sharp alone on the same photos of 27 megapixels, and watches its memory. The photos lie in a real S3
server on the same machine. "sharp alone" gets them from there too, and then does nothing but decode, resize and encode;
"in memory" is what it makes of bytes that are there already.

  ./bazel run //services/images:bench [-- options]

  --pictures N  pictures made in each round (default 16)
  --rounds N    rounds of each (default 3); the median counts
  --requests N  requests while the memory is watched (default 200)

Exit status 1 when the service makes less than 0.9 of what sharp alone makes, or its memory grows.
`;
const LIMIT = 0.9;
/** Between the 50th request and the last: what one more decoded picture would take. */
const GROWTH_MB = 60;

const { values } = parseArgs({
  options: {
    pictures: { type: "string", default: "16" },
    rounds: { type: "string", default: "3" },
    requests: { type: "string", default: "200" },
    help: { type: "boolean", short: "h", default: false },
  },
});
if (values.help) process.stdout.write(HELP);
else await measure();

async function measure(): Promise<void> {
  const [pictures, rounds, requests] = [Number(values.pictures), Number(values.rounds), Number(values.requests)];
  const cores = availableParallelism();
  const median = (numbers: number[]) => numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)] ?? NaN;
  const say = (text: string) => process.stdout.write(`${text}\n`);

  process.stderr.write("making photos\n");
  const photos: Buffer[] = [];
  for (let seed = 1; seed <= 2 * cores; seed++)
    photos.push(await photo(6000, 4500, seed).jpeg({ quality: 93 }).toBuffer());
  setUpLibvips();
  say(`${photos.length} photos of 27 megapixels, ${(photos[0]!.length / 1e6).toFixed(1)} MB; ${cores} at once`);

  const s3 = await startS3();
  const objects = openBucket(s3);
  await objects.ensureBucket();
  const keys: string[] = [];
  for (const bytes of photos) keys.push(await store(objects, bytes));
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const service = startProgram(process.execPath, ["--disable-warning=ExperimentalWarning", "services/images/main.ts"], {
    env: {
      PORT: String(port),
      LOG_LEVEL: "warn",
      S3_ENDPOINT: s3.endpoint,
      S3_ACCESS_KEY_ID: s3.accessKeyId,
      S3_SECRET_ACCESS_KEY: s3.secretAccessKey,
      DERIVED_MIB: "0",
      MALLOC_ARENA_MAX: "2",
    },
  });
  await eventually(
    "the service is ready",
    async () => (await fetch(`${url}/readyz`, { signal: AbortSignal.timeout(5_000) })).ok,
  ).catch((cause) => {
    throw new Error(`the service did not start:\n${service.output()}`, { cause });
  });

  /** Does the work for 0 to count - 1, as many at once as there are cores; pictures a second. */
  async function rate(count: number, work: (index: number) => Promise<unknown>): Promise<number> {
    let next = 0;
    const begin = performance.now();
    await Promise.all(
      Array.from({ length: 2 * cores }, async () => {
        while (next < count) await work(next++);
      }),
    );
    return (count * 1_000) / (performance.now() - begin);
  }

  const made = (bytes: Buffer, variant: Variant, format: Format) =>
    encoded(sized(sharp(bytes, { sequentialRead: true }), variant), format).toBuffer();
  const inMemory = (variant: Variant, format: Format) => (index: number) =>
    made(photos[index % photos.length]!, variant, format);
  const alone = (variant: Variant, format: Format) => async (index: number) => {
    const found = await objects.get(keys[index % keys.length]!);
    return made(Buffer.from(await new Response(found!.body).arrayBuffer()), variant, format);
  };
  const asked = (variant: Variant, format: Format) => async (index: number) => {
    const answer = await fetch(`${url}/${variant}/${keys[index % keys.length]}`, {
      headers: { accept: MIME[format] },
      signal: AbortSignal.timeout(60_000),
    });
    if (!answer.ok) throw new Error(`${answer.status} ${await answer.text()}`);
    return answer.arrayBuffer();
  };

  let failed = false;
  for (const [variant, format] of [
    ["thumb", "jpeg"],
    ["thumb", "webp"],
    ["display", "jpeg"],
    ["display", "webp"],
    ["display", "avif"],
  ] as const) {
    const [memories, alones, services]: [number[], number[], number[]] = [[], [], []];
    await Promise.all([rate(cores, alone(variant, format)), rate(cores, asked(variant, format))]);
    for (let round = 0; round < rounds; round++) {
      memories.push(await rate(pictures, inMemory(variant, format)));
      alones.push(await rate(pictures, alone(variant, format)));
      services.push(await rate(pictures, asked(variant, format)));
    }
    const ratio = median(services) / median(alones);
    failed ||= ratio < LIMIT;
    say(
      `${variant} ${format}: ${median(services).toFixed(1)}/s, sharp alone ${median(alones).toFixed(1)}/s, ratio ${ratio.toFixed(2)} ` +
        `${ratio < LIMIT ? "BELOW" : "≥"} ${LIMIT}; in memory ${median(memories).toFixed(1)}/s, ratio ${(median(services) / median(memories)).toFixed(2)}`,
    );
  }

  const memory = async () => {
    const text = await (await fetch(`${url}/metrics`, { signal: AbortSignal.timeout(5_000) })).text();
    return Number(/^process_resident_memory_bytes\S* (\S+)$/m.exec(text)?.[1]) / 1e6;
  };
  const early: number[] = [];
  const late: number[] = [];
  await rate(requests, async (index) => {
    await asked(index % 2 === 0 ? "thumb" : "display", index % 3 === 0 ? "webp" : "jpeg")(index);
    (index < 50 ? early : late).push(await memory());
  });
  const grown = Math.max(...late) - Math.max(...early);
  failed ||= !(grown < GROWTH_MB);
  say(
    `memory over ${requests} requests: at most ${Math.max(...early).toFixed(0)} MB in the first 50, ${Math.max(...late).toFixed(0)} MB after; ` +
      `grown by ${grown.toFixed(0)} MB, ${grown < GROWTH_MB ? "<" : "NOT BELOW"} ${GROWTH_MB} MB`,
  );
  await service.stop();
  await s3.close();
  process.exitCode = failed ? 1 : 0;
}
