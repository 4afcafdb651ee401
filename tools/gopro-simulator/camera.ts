import { readFile, rename, writeFile } from "node:fs/promises";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { Card } from "./card.ts";
import { type Faults, NO_FAULTS } from "./faults.ts";
import { takePhoto } from "./photo.ts";
import type { Route } from "./route.ts";

/** How the simulated camera and its car behave. */
export interface CameraOptions {
  readonly stateDir: string;
  readonly card: Card;
  readonly route: Route;
  /** How many times faster than 60 km/h the car drives. */
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
  readonly settings: Map<number, number>;
  /** The two states that a client has to wait for. */
  state(): { busy: boolean; encoding: boolean; asleep: boolean };
  /** Takes a picture in the background; false when the camera is busy. */
  shutter(): boolean;
  /** Resolves when the picture that is being taken is on the card and the camera is idle. */
  idle(): Promise<void>;
  /** Marks that a client was here, so that the camera does not sleep. */
  touch(): void;
  wake(): void;
  clock(): { now: Date; zoneMinutes: number };
  setClock(now: Date, zoneMinutes: number): void;
}

interface Persisted {
  distance: number;
  clockOffsetMs: number;
  zoneMinutes: number;
}

const METRES_A_MS = 60_000 / 3_600_000;

/** Opens the camera with what it remembers: how far it has come, and how its clock was set. */
export async function openCamera(options: CameraOptions): Promise<Camera> {
  const stateFile = path.join(options.stateDir, "camera.json");
  const persisted = await remembered(stateFile);
  const startedAt = options.now();
  let lastTouch = startedAt;
  let asleep = false;
  let [busy, encoding] = [false, false];
  let working: Promise<void> = Promise.resolve();

  const distance = () => persisted.distance + (options.now() - startedAt) * METRES_A_MS * options.speed;
  const clockNow = () => new Date(options.now() + persisted.clockOffsetMs);
  const save = async () => {
    const state: Persisted = { ...persisted, distance: distance() };
    await writeFile(`${stateFile}.part`, JSON.stringify(state));
    await rename(`${stateFile}.part`, stateFile);
  };

  const expose = async (at: number, takenAt: Date) => {
    await sleep(1);
    const bytes = takePhoto({
      position: options.route.at(at),
      distance: at,
      takenAt,
      zoneMinutes: camera.faults.timeZoneUnset ? null : persisted.zoneMinutes,
      gpsLock: camera.faults.gpsLock,
      width: options.width,
      height: options.height,
    });
    await options.card.add(bytes, takenAt);
    encoding = false;
    await save();
    await sleep(options.busyMs);
  };

  const camera: Camera = {
    faults: { ...NO_FAULTS },
    settings: new Map([
      [59, 0],
      [83, 1],
      [125, 0],
      [171, 0],
    ]),
    state() {
      const { sleepAfterS } = camera.faults;
      if (sleepAfterS !== null && options.now() - lastTouch > sleepAfterS * 1000) asleep = true;
      return { busy, encoding, asleep };
    },
    shutter() {
      if (busy || encoding) return false;
      busy = encoding = true;
      working = expose(distance(), clockNow()).finally(() => {
        busy = encoding = false;
      });
      return true;
    },
    idle: () => working,
    touch: () => void (lastTouch = options.now()),
    wake() {
      asleep = false;
      lastTouch = options.now();
    },
    clock: () => ({ now: clockNow(), zoneMinutes: persisted.zoneMinutes }),
    setClock(now, zoneMinutes) {
      persisted.clockOffsetMs = now.getTime() - options.now();
      persisted.zoneMinutes = zoneMinutes;
    },
  };
  return camera;
}

async function remembered(file: string): Promise<Persisted> {
  const fresh: Persisted = { distance: 0, clockOffsetMs: 0, zoneMinutes: 60 };
  const text = await readFile(file, "utf8").catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return undefined;
    throw error;
  });
  return text === undefined ? fresh : { ...fresh, ...(JSON.parse(text) as Partial<Persisted>) };
}
