import type { LatLng } from "#lib/geo/geo.ts";
import type { Health } from "#lib/service/health.ts";
import type { Logger } from "#lib/service/logs.ts";
import { backoffMs, waitMs } from "#lib/service/retry.ts";
import type { CameraClient } from "./camera.ts";
import { CameraError } from "./request.ts";
import { judge, type Verdict, type VitalLimits, type Vitals } from "./vitals.ts";
import { EARLIEST_CLOCK, zoneMinutes } from "./zone.ts";

/** How it stands with the camera. */
export interface CameraStatus {
  /** `unknown error`: it answers, but with nothing else than that. */
  readonly mode: "away" | "ready" | "unknown error";
  readonly sinceMs: number;
  /** Why it is not ready. */
  readonly problem: string | null;
  readonly info: { readonly model: string; readonly firmware: string; readonly serial: string } | null;
  readonly vitals: Vitals | null;
  readonly verdict: Verdict | null;
}

/** The connection to a camera: found, lost, and what it is like meanwhile. */
export interface CameraSession {
  status(): CameraStatus;
  /** Keeps it awake, set up and watched until the signal. */
  run(signal: AbortSignal): Promise<void>;
}

/** What a session needs. */
export interface SessionDeps {
  readonly camera: CameraClient;
  readonly health: Health;
  readonly logger: Logger;
  readonly limits: VitalLimits;
  /** An IANA zone, or `auto`. */
  readonly timeZone: string;
  /** Where the camera was last, or null. */
  readonly place: () => LatLng | null;
  /** Told of every change that the owner may want to see. */
  readonly onStatus: (status: CameraStatus) => void;
  readonly keepAliveMs?: number;
  /** The state is read on every so many-th keep-alive. */
  readonly vitalsEvery?: number;
}

const KEEP_ALIVE_MS = 3_000;
const VITALS_EVERY = 5;
/** Setting 59: no auto power down; 171: no interval of its own, since we press; 83: GPS on. */
const SETTINGS = [
  { setting: 59, option: 0 },
  { setting: 171, option: 0 },
  { setting: 83, option: 1 },
] as const;
const OUTPUT = 125;
const CLOCK_EVERY_MS = 3_600_000;

/** Makes the session; {@link CameraSession.run} works. */
export function createSession(deps: SessionDeps): CameraSession {
  const { camera, health, logger } = deps;
  const keepAliveMs = deps.keepAliveMs ?? KEEP_ALIVE_MS;
  let status: CameraStatus = {
    mode: "away",
    sinceMs: Date.now(),
    problem: "it was not asked yet",
    info: null,
    vitals: null,
    verdict: null,
  };
  let output: number | null = null;
  let clockSet = { atMs: 0, zone: Number.NaN };

  const change = (next: Partial<CameraStatus>) => {
    const sinceMs = next.mode !== undefined && next.mode !== status.mode ? Date.now() : status.sinceMs;
    status = { ...status, ...next, sinceMs };
    deps.onStatus(status);
  };

  async function setUp(): Promise<void> {
    await camera.claim().catch((err: unknown) => unlessLost(err, "the camera gave no control"));
    const info = await camera.info();
    for (const { setting, option } of SETTINGS)
      await camera.set(setting, option).catch((err: unknown) => unlessLost(err, `setting ${setting} was not taken`));
    clockSet = { atMs: 0, zone: Number.NaN };
    output = null;
    change({ mode: "ready", problem: null, info });
    logger.info(info, "camera found");
  }

  function unlessLost(err: unknown, message: string): void {
    if (!(err instanceof CameraError) || err.code !== "refused") throw err;
    logger.warn({ err }, message);
  }

  async function setClock(): Promise<void> {
    const now = new Date();
    if (now.getTime() < EARLIEST_CLOCK)
      return logger.warn({ now }, "the clock of this machine is wrong; the camera keeps its own");
    const zone = zoneMinutes(now, deps.timeZone, deps.place());
    if (zone === clockSet.zone && now.getTime() - clockSet.atMs < CLOCK_EVERY_MS) return;
    await camera.setClock(now, zone);
    clockSet = { atMs: now.getTime(), zone };
  }

  async function watch(): Promise<void> {
    const vitals = await camera.vitals();
    const verdict = judge(vitals, output ?? vitals.output, deps.limits);
    if (verdict.output !== (output ?? vitals.output)) {
      await camera.set(OUTPUT, verdict.output).catch((err: unknown) => unlessLost(err, "the output was not taken"));
      logger.info({ output: verdict.output === 1 ? "RAW" : "JPG", freeKb: vitals.freeKb }, "output of the camera");
    }
    output = verdict.output;
    const known = new Set(status.verdict?.warnings);
    for (const warning of verdict.warnings) if (!known.has(warning)) logger.warn({ warning }, "camera");
    change({ vitals, verdict });
  }

  return {
    status: () => status,
    async run(signal) {
      let failures = 0;
      for (let turn = 0; !signal.aborted; turn++) {
        try {
          await camera.keepAlive();
          if (status.mode !== "ready") {
            await setUp();
            turn = 0;
          }
          if (turn % (deps.vitalsEvery ?? VITALS_EVERY) === 0) {
            await watch();
            await setClock();
          }
          failures = 0;
          health.ready("camera");
        } catch (error) {
          const err = error as Error;
          failures++;
          const mode = err instanceof CameraError && err.code === "unknown" ? "unknown error" : "away";
          if (status.mode !== mode || failures === 1) logger.warn({ err, mode }, "camera lost");
          change({ mode, problem: err.message });
          health.waiting("camera", err.message);
        }
        await waitMs(failures <= 1 ? keepAliveMs : backoffMs(failures, keepAliveMs, keepAliveMs * 10), signal);
      }
    },
  };
}
