import { mkdir, rm, writeFile } from "node:fs/promises";
import path from "node:path";
import { openMessaging } from "#lib/messaging/connection.ts";
import { openObjects } from "#lib/objects/objects.ts";
import { TRIPS_STREAM } from "#lib/schemas/trips/v1/stream.ts";
import { cameraAddress } from "./address.ts";
import { type CameraClient, openCameraClient } from "./camera.ts";
import type { Config } from "./config.ts";
import { openSpool } from "./spool.ts";
import { judge } from "./vitals.ts";
import { EARLIEST_CLOCK } from "./zone.ts";

/** One check. `advice` says what to do when it is not fine. */
export interface Check {
  readonly name: string;
  readonly verdict: "fine" | "warning" | "wrong";
  readonly found: string;
  readonly advice: string | null;
}

type Finding = Omit<Check, "name">;
const fine = (found: string): Finding => ({ verdict: "fine", found, advice: null });
const warning = (found: string, advice: string): Finding => ({ verdict: "warning", found, advice });
const wrong = (found: string, advice: string): Finding => ({ verdict: "wrong", found, advice });

const CLOCK_TOLERANCE_MS = 5_000;

/** Tries everything that the service needs, each by itself, and changes nothing but for a file that it writes and removes. */
export async function diagnose(config: Config): Promise<Check[]> {
  const camera = openCameraClient(
    cameraAddress(config.CAMERA || config.CAMERA_URL || "wifi", {
      user: config.CAMERA_USER,
      password: config.CAMERA_PASSWORD,
    }),
    { patience: { answerMs: 5_000 } },
  );
  const checks: readonly (readonly [string, string, () => Promise<Finding>])[] = [
    ["host clock", "", async () => hostClock()],
    ["disk", "check STATE_DIR and who may write to it", () => disk(config)],
    ["camera", "switch it on, join its Wi-Fi or plug in its cable, and check CAMERA", () => reach(camera)],
    ["camera clock", "the service sets it when it finds the camera", () => cameraClock(camera)],
    ["camera state", "see the camera", () => cameraState(camera, config)],
    ["card", "see the camera", () => card(camera)],
    ["NATS", "start the server with JetStream (-js) and check NATS_URL", () => nats(config)],
    ["S3", "start the store and check the S3_ variables", () => store(config)],
  ];
  return Promise.all(
    checks.map(async ([name, advice, check]) => ({
      name,
      ...(await check().catch((error: Error) => wrong(error.message, advice))),
    })),
  );
}

/** The checks as text for a terminal. */
export function reportOf(checks: readonly Check[]): string {
  const sign = { fine: "ok  ", warning: "warn", wrong: "FAIL" };
  return checks
    .map(
      ({ name, verdict, found, advice }) =>
        `${sign[verdict]} ${name.padEnd(13)} ${found}\n${advice ? `     ${"".padEnd(13)} → ${advice}\n` : ""}`,
    )
    .join("");
}

function hostClock(): Finding {
  const now = new Date();
  if (now.getTime() >= EARLIEST_CLOCK) return fine(now.toISOString());
  return wrong(`${now.toISOString()} is in the past`, "let this machine get its time from the network (NTP)");
}

async function disk(config: Config): Promise<Finding> {
  await mkdir(config.STATE_DIR, { recursive: true });
  const probe = path.join(config.STATE_DIR, `.doctor-${process.pid}`);
  await writeFile(probe, "may be written").finally(() => rm(probe, { force: true }));
  const spool = openSpool(path.join(config.STATE_DIR, "spool"), {
    maxBytes: config.SPOOL_MAX_MB * 1e6,
    minFreeBytes: config.SPOOL_MIN_FREE_MB * 1e6,
  });
  const room = await spool.room(0);
  if (room.kind === "full") return wrong(room.reason, "nothing is taken from the card until there is room");
  const { files, bytes, freeBytes } = await spool.usage();
  return fine(`${files} files with ${Math.round(bytes / 1e6)} MB in the spool, ${Math.round(freeBytes / 1e6)} MB free`);
}

async function reach(camera: CameraClient): Promise<Finding> {
  await camera.keepAlive();
  const { model, firmware, serial } = await camera.info();
  const found = `${model}, firmware ${firmware}, serial number ${serial}`;
  return /HERO12/.test(model)
    ? warning(found, "a HERO12 has no GPS: geotag its pictures with a track by trips-publish")
    : fine(found);
}

async function cameraClock(camera: CameraClient): Promise<Finding> {
  const clock = await camera.clock();
  if (!clock) return warning("the camera does not tell its clock", "see its screen");
  const offMs = clock.now.getTime() - Date.now();
  const found = `${clock.now.toISOString()}, zone ${clock.zoneMinutes} min, ${Math.round(offMs / 1000)} s off`;
  if (Math.abs(offMs) <= CLOCK_TOLERANCE_MS) return fine(found);
  return warning(found, "the service sets it when it finds the camera");
}

async function cameraState(camera: CameraClient, config: Config): Promise<Finding> {
  const vitals = await camera.vitals();
  const verdict = judge(vitals, vitals.output, {
    raw: config.CAPTURE_RAW,
    rawMinFreeKb: config.RAW_MIN_FREE_MB * 1024,
    batteryWarnPercent: config.BATTERY_WARN_PERCENT,
  });
  const found = `battery ${vitals.batteryPercent ?? "?"} %, card ${vitals.storage}, ${vitals.photosLeft ?? "?"} pictures left`;
  if (verdict.holdCapture) return wrong(found, verdict.holdCapture);
  return verdict.warnings.length > 0 ? warning(found, verdict.warnings.join("; ")) : fine(found);
}

async function card(camera: CameraClient): Promise<Finding> {
  const files = await camera.list();
  return fine(`${files.length} pictures, ${Math.round(files.reduce((sum, { bytes }) => sum + bytes, 0) / 1e6)} MB`);
}

async function nats(config: Config): Promise<Finding> {
  const messaging = await openMessaging({ url: config.NATS_URL, name: "trips-capture doctor" });
  try {
    const { state } = await messaging.manager.streams.info(TRIPS_STREAM);
    return fine(`stream ${TRIPS_STREAM} with ${state.messages} events`);
  } catch (error) {
    return warning(`stream ${TRIPS_STREAM}: ${(error as Error).message}`, "the service makes it when it starts");
  } finally {
    await messaging.close();
  }
}

async function store(config: Config): Promise<Finding> {
  const objects = openObjects({
    endpoint: config.S3_ENDPOINT,
    region: config.S3_REGION,
    bucket: config.S3_BUCKET,
    accessKeyId: config.S3_ACCESS_KEY_ID,
    secretAccessKey: config.S3_SECRET_ACCESS_KEY,
    timeoutMs: 5_000,
  });
  await objects.head("photos/doctor");
  return fine(`bucket ${config.S3_BUCKET} answers`);
}
