import { readFile } from "node:fs/promises";
import { parseArgs } from "node:util";
import { waitMs } from "#lib/service/retry.ts";
import { type Program } from "#lib/testing/process.ts";
import { type Rig, startRig } from "./testing/rig.ts";

const HELP = `Brings many small photos from a simulated camera that fails at random through the service, a real NATS and a real S3 server,
and compares that to a plain client that only downloads the same files from the same camera without faults.

  ./bazel run //services/trips-capture:bench [-- options]

  --photos N   photos on the card (default 10000)
  --chaos P    chance of each request to the camera to fail (default 0.01)
  --kills N    times that the service is killed (SIGKILL) on the way (default 5); the store and the stream restart once each
  --workers N  downloads at once, in both (default 4)

Exit status 1 when a photo is lost or doubled.
`;

const { values } = parseArgs({
  options: {
    photos: { type: "string", default: "10000" },
    chaos: { type: "string", default: "0.01" },
    kills: { type: "string", default: "5" },
    workers: { type: "string", default: "4" },
    help: { type: "boolean", short: "h", default: false },
  },
});
if (values.help) process.stdout.write(HELP);
else process.exitCode = await measure();

async function measure(): Promise<number> {
  const [photos, chaos, kills, workers] = [values.photos, values.chaos, values.kills, values.workers].map(Number) as [
    number,
    number,
    number,
    number,
  ];
  const rig = await startRig({ SIM_SEED: 7, CAPTURE_WIDTH: 16, CAPTURE_HEIGHT: 16 });
  const say = (text: string) => process.stdout.write(`${text}\n`);
  try {
    process.stderr.write("taking photos\n");
    await fillCard(rig, photos);
    const plainS = await plainClient(rig, workers);
    say(`plain client  ${(photos / plainS).toFixed(0)} photos/s, downloads only, ${workers} at once, no faults`);

    const seconds = await through(rig, { photos, chaos, kills, workers });
    say(
      `service       ${(photos / seconds).toFixed(0)} photos/s, ${(plainS / seconds).toFixed(2)} of that, camera to store and stream;` +
        ` ${chaos * 100} % of requests failed, ${kills} kills, restarts of S3 and NATS`,
    );
    const { lost, doubled } = await count(rig, photos);
    say(`of ${photos} photos lost ${lost}, doubled ${doubled}`);
    return lost + doubled === 0 ? 0 : 1;
  } finally {
    await rig.close();
  }
}

/** Puts photos on the card that differ in a comment with their number: painting each would take longer than the rest. */
async function fillCard({ simulator }: Rig, count: number): Promise<void> {
  await simulator.camera.take();
  const picture = await readFile(simulator.card.list()[0]!.path);
  await simulator.card.format();
  for (let number = 0; number < count; number++) {
    const comment = Buffer.alloc(8);
    comment.writeUInt16BE(0xfffe, 0);
    comment.writeUInt16BE(6, 2);
    comment.writeUInt32BE(number, 4);
    await simulator.card.add(
      Buffer.concat([picture.subarray(0, 2), comment, picture.subarray(2)]),
      new Date(1_777_000_000_000 + number * 1_000),
    );
  }
}

async function plainClient(rig: Rig, workers: number): Promise<number> {
  const files = rig.simulator.card.list();
  const started = performance.now();
  const next = files.values();
  const worker = async () => {
    for (const { folder, name } of next)
      await (
        await fetch(`${rig.simulator.url}/videos/DCIM/${folder}/${name}`, { signal: AbortSignal.timeout(60_000) })
      ).arrayBuffer();
  };
  await Promise.all(Array.from({ length: workers }, worker));
  return (performance.now() - started) / 1000;
}

/** Runs the service until so many photos are published, with what goes wrong on the way; gives the seconds. */
async function through(
  rig: Rig,
  { photos, chaos, kills, workers }: { photos: number; chaos: number; kills: number; workers: number },
): Promise<number> {
  rig.simulator.camera.faults = { ...rig.simulator.camera.faults, chaos };
  const env = { DOWNLOADS: String(workers), UPLOADS: String(workers), LOG_LEVEL: "error" };
  const started = performance.now();
  let service: Program = rig.start(env);
  const published = async (wanted: number) => {
    for (;;) {
      const { done } = (await rig.overview(1).catch(() => null))?.counts ?? { done: 0 };
      if (done >= wanted) return;
      await waitMs(500);
    }
  };
  for (let kill = 1; kill <= kills; kill++) {
    await published((photos * kill) / (kills + 1));
    process.stderr.write(`killing the service (${kill} of ${kills})\n`);
    await service.stop("SIGKILL");
    if (kill === 1) await rig.s3.stop().then(() => rig.s3.start());
    if (kill === 2) await rig.nats.stop("SIGKILL").then(() => rig.nats.start());
    service = rig.start(env);
  }
  await published(photos);
  const seconds = (performance.now() - started) / 1000;
  await service.stop("SIGTERM");
  return seconds;
}

/** Compares the stream and the store with what the camera took. */
async function count(rig: Rig, photos: number): Promise<{ lost: number; doubled: number }> {
  const events = await rig.events();
  const ids = new Set(events.map(({ id }) => id));
  let stored = 0;
  for (const { image } of events) if ((await rig.stored(image!.key)) === image!.sha256) stored++;
  return { lost: photos - Math.min(ids.size, stored), doubled: events.length - ids.size };
}
