import { readFile, rename, writeFile } from "node:fs/promises";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { Card } from "./card.ts";
import type { Drive } from "./drive.ts";
import { type Faults, NO_FAULTS } from "./faults.ts";
import { modelOf, type ModelName } from "./model.ts";
import { rawFile, takePhoto } from "./photo.ts";
import { received } from "./receiver.ts";
import type { Route } from "./route.ts";

/** How the simulated camera and its car behave. */
export interface CameraOptions {
  readonly stateDir: string;
  readonly card: Card;
  readonly route: Route;
  readonly drive: Drive;
  /** Where a camera that remembers nothing is (metres from the start of the route), and its clock; else at the start, in summer time. */
  readonly fresh?: { readonly distance: number; readonly zoneMinutes: number };
  readonly model: ModelName;
  /** Numbers from 0 to 1 for what happens by chance. */
  readonly chance: () => number;
  readonly faults?: Partial<Faults>;
  /** How many times faster than the drive says the car is. */
  readonly speed: number;
  readonly width: number;
  readonly height: number;
  /** How long the camera is busy after the picture is on the card, in milliseconds. */
  readonly busyMs: number;
  /** The real clock, in milliseconds since 1970. */
  readonly now: () => number;
}

/** The camera, its clock and the car that carries it. */
export interface Camera {
  faults: Faults;
  readonly model: ModelName;
  readonly settings: Map<number, number>;
  /** The two states that a client has to wait for. */
  state(): { busy: boolean; encoding: boolean; asleep: boolean };
  /** Whether it answers everything with "Unknown error". */
  confused(): boolean;
  /** Turbo transfer, during which it takes no pictures. */
  turbo: boolean;
  /** Takes pictures in the background; or says why not. */
  shutter(): "taken" | "busy" | "no room" | "turbo";
  /** Takes a picture at once, whatever the camera is at; each is 250 m of the road further. */
  take(): Promise<void>;
  /** Resolves when the picture that is being taken is on the card and the camera is idle. */
  idle(): Promise<void>;
  /** Marks that a client was here, so that the camera does not sleep. */
  touch(): void;
  wake(): void;
  /** Off and on again: ends "Unknown error", sleep and turbo transfer. */
  power(): void;
  clock(): { now: Date; zoneMinutes: number };
  setClock(now: Date, zoneMinutes: number): void;
}

interface Persisted {
  distance: number;
  clockOffsetMs: number;
  zoneMinutes: number;
}

/** A burst's pictures are so far apart on the road and in time, those of `take` on the road. */
const BURST_M = 1;
const BURST_MS = 33;
const APART_M = 250;
/** The share of "Unknown error" that ends by itself. */
const RECOVERS = 0.2;

/** Opens the camera with what it remembers: how far it has come, and how its clock was set. */
export async function openCamera(options: CameraOptions): Promise<Camera> {
  const stateFile = path.join(options.stateDir, "camera.json");
  const persisted = await remembered(stateFile, options.fresh);
  const startedAt = options.now();
  let poweredAt = startedAt;
  let healsAt: number | null = null;
  let extraDistance = 0;
  let lastTouch = startedAt;
  let asleep = false;
  let [busy, encoding] = [false, false];
  let working: Promise<void> = Promise.resolve();

  const distance = () => {
    const driven = ((options.now() - startedAt) / 1_000) * options.speed;
    return options.drive.after(persisted.distance, driven) + extraDistance;
  };
  const clockNow = () => new Date(options.now() + persisted.clockOffsetMs);
  const save = async () => {
    const state: Persisted = { ...persisted, distance: distance() };
    await writeFile(`${stateFile}.part`, JSON.stringify(state));
    await rename(`${stateFile}.part`, stateFile);
  };

  const picture = (at: number, takenAt: Date): Buffer => {
    const { gpsLock, zeroPlace, clockOffsetS, timeZoneUnset, noExif, cutPictures } = camera.faults;
    const bytes = takePhoto({
      position: received(options.route.at(at), takenAt),
      distance: at,

      takenAt: new Date(takenAt.getTime() + clockOffsetS * 1000),
      zoneMinutes: timeZoneUnset ? null : persisted.zoneMinutes,
      gpsLock: gpsLock && modelOf(options.model).gps,
      zeroPlace,
      noExif,
      model: modelOf(options.model).name,
      width: options.width,
      height: options.height,
    });
    return cutPictures ? bytes.subarray(0, Math.ceil((bytes.length * 2) / 3)) : bytes;
  };
  const put = async (at: number, takenAt: Date) => {
    const { burst } = camera.faults;
    const pictures = Array.from({ length: burst }, (_, index) => {
      return picture(at + index * BURST_M, new Date(takenAt.getTime() + index * BURST_MS));
    });
    const raw = camera.settings.get(125) === 1 ? rawFile(pictures[0]!) : undefined;
    if (burst === 1) await options.card.add(pictures[0]!, takenAt, raw);
    else await options.card.addGroup(pictures, takenAt);
  };
  const expose = async (at: number, takenAt: Date) => {
    await sleep(1);
    await put(at, takenAt);
    encoding = false;
    await save();
    await sleep(options.busyMs);
  };

  const camera: Camera = {
    faults: { ...NO_FAULTS, ...options.faults },
    model: options.model,
    turbo: false,
    settings: new Map(modelOf(options.model).settings),
    state() {
      const { sleepAfterS } = camera.faults;
      if (sleepAfterS !== null && options.now() - lastTouch > sleepAfterS * 1000) asleep = true;
      return { busy, encoding, asleep };
    },
    confused() {
      const { unknownError, unknownErrorAfterS, unknownErrorForS } = camera.faults;
      if (unknownError || unknownErrorAfterS === null) return unknownError;
      const now = options.now();
      if (now - poweredAt < unknownErrorAfterS * 1000) return false;
      healsAt ??= options.chance() < RECOVERS ? now + unknownErrorForS * 1000 : Infinity;
      if (now < healsAt) return true;
      poweredAt = now;
      healsAt = null;
      return false;
    },
    shutter() {
      if (busy || encoding) return "busy";
      if (camera.turbo) return "turbo";
      if (camera.faults.storage !== "ok") return "no room";
      busy = encoding = true;
      working = expose(distance(), clockNow()).finally(() => {
        busy = encoding = false;
      });
      return "taken";
    },
    async take() {
      extraDistance += APART_M;
      await put(distance(), clockNow());
    },
    idle: () => working,
    touch: () => void (lastTouch = options.now()),
    wake() {
      asleep = false;
      lastTouch = options.now();
    },
    power() {
      asleep = camera.turbo = false;
      poweredAt = lastTouch = options.now();
      healsAt = null;
    },
    clock: () => ({ now: clockNow(), zoneMinutes: persisted.zoneMinutes }),
    setClock(now, zoneMinutes) {
      persisted.clockOffsetMs = now.getTime() - options.now();
      persisted.zoneMinutes = zoneMinutes;
    },
  };
  return camera;
}

async function remembered(file: string, start: CameraOptions["fresh"]): Promise<Persisted> {
  const { distance = 0, zoneMinutes = 60 } = start ?? {};
  const fresh: Persisted = { distance, zoneMinutes, clockOffsetMs: 0 };
  const text = await readFile(file, "utf8").catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return undefined;
    throw error;
  });
  return text === undefined ? fresh : { ...fresh, ...(JSON.parse(text) as Partial<Persisted>) };
}
