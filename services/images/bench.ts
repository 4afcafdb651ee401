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

  --pictures N  pictures made in each round (default 8)
  --rounds N    rounds (default 7) of each of the three in turn; the median of their ratios counts
  --requests N  requests while the memory is watched (default 200)

Exit status 1 when the service makes less than 0.9 of what sharp alone makes, or its memory grows.
`;
const LIMIT = 0.9;
/** Between the 50th request and the last: what one more decoded picture would take. */
const GROWTH_MB = 60;

/** Pictures a second, and seconds of processor time that this process and the service took for all of them. */
interface Rate {
  readonly pictures: number;
  readonly own: number;
  readonly service: number;
}

const { values } = parseArgs({
  options: {
    pictures: { type: "string", default: "8" },
    rounds: { type: "string", default: "7" },
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
      // nosemgrep: environment-outside-config -- what Bazel's Node needs to find itself, and no setting
      ...Object.fromEntries(Object.entries(process.env).filter(([name]) => name.startsWith("JS_BINARY__"))),
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

  const metric = async (name: string) => {
    const text = await (await fetch(`${url}/metrics`, { signal: AbortSignal.timeout(5_000) })).text();
    return Number(new RegExp(`^${name}\\S* (\\S+)$`, "m").exec(text)?.[1]);
  };

  /** Does the work for 0 to count - 1, two at once for each core. */
  async function rate(count: number, work: (index: number) => Promise<unknown>): Promise<Rate> {
    let next = 0;
    const [begin, own, service] = [performance.now(), process.cpuUsage(), await metric("process_cpu_seconds_total")];
    await Promise.all(
      Array.from({ length: 2 * cores }, async () => {
        while (next < count) await work(next++);
      }),
    );
    const { user, system } = process.cpuUsage(own);
    return {
      pictures: (count * 1_000) / (performance.now() - begin),
      own: (user + system) / 1e6,
      service: (await metric("process_cpu_seconds_total")) - service,
    };
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
    const seen = { service: [] as Rate[], alone: [] as Rate[], memory: [] as Rate[] };
    await Promise.all([rate(cores, alone(variant, format)), rate(cores, asked(variant, format))]);
    for (let round = 0; round < rounds; round++) {
      seen.memory.push(await rate(pictures, inMemory(variant, format)));
      seen.alone.push(await rate(pictures, alone(variant, format)));
      seen.service.push(await rate(pictures, asked(variant, format)));
    }
    const per = (of: Rate[]) => `${median(of.map(({ pictures }) => pictures)).toFixed(1)}/s`;
    const ratio = (to: Rate[]) => median(seen.service.map(({ pictures }, round) => pictures / to[round]!.pictures));
    const cpu = median(seen.alone.map(({ own }) => own)) / median(seen.service.map(({ service }) => service));
    const found = ratio(seen.alone);
    failed ||= found < LIMIT;
    say(
      `${variant} ${format}: ${per(seen.service)}, sharp alone ${per(seen.alone)}, ratio ${found.toFixed(2)} ` +
        `${found < LIMIT ? "BELOW" : "≥"} ${LIMIT} (by processor time ${cpu.toFixed(2)}); ` +
        `in memory ${per(seen.memory)}, ratio ${ratio(seen.memory).toFixed(2)}`,
    );
  }

  const memory = async () => (await metric("process_resident_memory_bytes")) / 1e6;
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
