import { waitMs } from "#lib/service/retry.ts";
import { downloadFile, type Download, type Habits, learnHabits } from "./download.ts";
import { type CardFile, picturesOf } from "./media.ts";
import { type CameraAddress, CameraError, openCameraHttp } from "./request.ts";
import { type Vitals, vitalsOf } from "./vitals.ts";

/** A camera that speaks Open GoPro's HTTP API 2.0. Every method throws {@link CameraError}. */
export interface CameraClient {
  /** Tells the camera that we are here; every 3 s. */
  keepAlive(): Promise<void>;
  /** Model, firmware and serial number. */
  info(): Promise<{ model: string; firmware: string; serial: string }>;
  vitals(): Promise<Vitals>;
  /** Takes control: of a camera on the cable, and of its own screen. */
  claim(): Promise<void>;
  /** Sets a setting once the camera is idle. */
  set(setting: number, option: number): Promise<void>;
  /** Sets the camera's clock and time zone. */
  setClock(now: Date, zoneMinutes: number): Promise<void>;
  /** The camera's clock; null when it does not say it in a way that we know. */
  clock(): Promise<{ now: Date; zoneMinutes: number } | null>;
  /** Takes one picture: waits until the camera is idle, presses, and waits until the picture is on the card. */
  takePicture(): Promise<void>;
  /** The JPEGs on the card, oldest first. */
  list(): Promise<CardFile[]>;
  /** Brings a file to a path, whole and with the length that the card says; goes on where `path` ends when the camera honours Range. */
  download(file: CardFile, path: string): Promise<Download>;
  /** Deletes a file; fine when it is not there. */
  remove(file: CardFile): Promise<void>;
  /** Faster transfers, during which the camera takes no pictures. */
  turbo(on: boolean): Promise<void>;
}

/** How long the client waits for things, in milliseconds. */
export interface Patience {
  readonly answerMs: number;
  /** Without a byte for so long a download is broken. */
  readonly stallMs: number;
  readonly idleMs: number;
  readonly pollMs: number;
  readonly retryMs: number;
  readonly downloadTries: number;
}

const PATIENCE: Patience = {
  answerMs: 10_000,
  stallMs: 20_000,
  idleMs: 30_000,
  pollMs: 100,
  retryMs: 1_000,
  downloadTries: 4,
};

/**
 * Makes a client for a camera. Connects to nothing until a method is called.
 * When the signal is aborted, what is under way fails as unreachable.
 */
export function openCameraClient(
  address: CameraAddress,
  options: { signal?: AbortSignal; patience?: Partial<Patience> } = {},
): CameraClient {
  const patience = { ...PATIENCE, ...options.patience };
  const stopped = options.signal ?? new AbortController().signal;
  const http = openCameraHttp(address, patience.answerMs, stopped);
  const { json } = http;
  let habits: Promise<Habits> | undefined;

  async function vitals(): Promise<Vitals> {
    const read = vitalsOf(await json("/camera/state"));
    if (!read) throw new CameraError("refused", "The camera's state has another shape than Open GoPro 2.0 says.");
    return read;
  }

  async function untilIdle(): Promise<void> {
    const deadline = Date.now() + patience.idleMs;
    while (!(await vitals()).idle) {
      if (Date.now() > deadline)
        throw new CameraError("busy", `The camera was not idle within ${patience.idleMs} ms (status 8 and 10).`);
      await waitMs(patience.pollMs, stopped);
    }
  }

  const habitsFor = (file: CardFile): Promise<Habits> => {
    habits ??= learnHabits(http, file);
    habits.catch(() => (habits = undefined));
    return habits;
  };

  return {
    vitals,
    keepAlive: async () => void (await json("/camera/keep_alive")),
    async info() {
      const answer = (await json("/camera/info")) as Record<string, unknown>;
      const text = (name: string) => String(answer[name] ?? "unknown");
      return { model: text("model_name"), firmware: text("firmware_version"), serial: text("serial_number") };
    },
    async claim() {
      if (address.wired) await json("/camera/control/wired_usb?p=1");
      await json("/camera/control/set_ui_controller?p=2");
    },
    async set(setting, option) {
      await untilIdle();
      await json(`/camera/setting?setting=${setting}&option=${option}`);
    },
    async setClock(now, zoneMinutes) {
      const local = new Date(now.getTime() + zoneMinutes * 60_000);
      const date = [local.getUTCFullYear(), local.getUTCMonth() + 1, local.getUTCDate()].join("_");
      const time = [local.getUTCHours(), local.getUTCMinutes(), local.getUTCSeconds()].join("_");
      await json(`/camera/set_date_time?date=${date}&time=${time}&tzone=${zoneMinutes}&dst=0`);
    },
    clock: async () => clockOf(await json("/camera/get_date_time")),
    async takePicture() {
      await untilIdle();
      await json("/camera/shutter/start");
      await untilIdle();
    },
    list: async () => picturesOf(await json("/media/list")),
    async download(file, path) {
      const known = await habitsFor(file);
      for (let tries = 1; ; tries++) {
        try {
          return await downloadFile(http, file, path, { habits: known, stallMs: patience.stallMs });
        } catch (error) {
          const broken = error instanceof CameraError && ["truncated", "unreachable"].includes(error.code);
          if (!broken || tries === patience.downloadTries || stopped.aborted) throw error;
        }
        await waitMs(patience.retryMs * 2 ** (tries - 1), stopped);
      }
    },
    async remove(file) {
      await untilIdle();
      await json(`/media/delete/file?path=${file.folder}/${file.name}`).catch((error: CameraError) => {
        if (!/with 400/.test(error.message)) throw error;
      });
    },
    turbo: async (on) => void (await json(`/media/turbo_transfer?p=${on ? 1 : 0}`)),
  };
}

function clockOf(answer: unknown): { now: Date; zoneMinutes: number } | null {
  const { date, time, tzone, dst } = answer as Record<string, unknown>;
  const day = /^(\d{4})_(\d{1,2})_(\d{1,2})$/.exec(String(date));
  const clock = /^(\d{1,2})_(\d{1,2})_(\d{1,2})$/.exec(String(time));
  if (!day || !clock || typeof tzone !== "number") return null;
  const [year, month, monthDay] = day.slice(1).map(Number) as [number, number, number];
  const [hour, minute, second] = clock.slice(1).map(Number) as [number, number, number];
  const zoneMinutes = tzone + (dst === 1 ? 60 : 0);
  return {
    now: new Date(Date.UTC(year, month - 1, monthDay, hour, minute, second) - zoneMinutes * 60_000),
    zoneMinutes,
  };
}
