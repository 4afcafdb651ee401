import { readFile, rename, writeFile } from "node:fs/promises";
import path from "node:path";
import { setImmediate as turn } from "node:timers/promises";
import { type Static, Type } from "typebox";
import Value from "typebox/value";
import type { Card } from "./card.ts";
import type { Drive } from "./drive.ts";
import { type History, historyOf } from "./history.ts";
import { modelOf, type ModelName } from "./model.ts";
import { takePhoto } from "./photo.ts";
import { received } from "./receiver.ts";
import type { Route } from "./route.ts";

/** What the days before need. */
export interface PastOptions {
  readonly stateDir: string;
  readonly card: Card;
  readonly route: Route;
  readonly drive: Drive;
  readonly model: ModelName;
  /** How many; none are told when the card is not empty. */
  readonly days: number;
  readonly seed: number;
  /** In milliseconds since 1970. */
  readonly now: number;
  /** Width and height in pixels: 480 by 360 unless told, smaller than the camera's, since there are hundreds. */
  readonly size?: readonly [number, number];
}

/** The days before, and the writing of their pictures. */
export interface Past {
  readonly history: History;
  /**
   * Writes the pictures that are not on the card yet, oldest first, and lets other work through after each.
   * @returns how many it wrote. When stopped, or after a power cut, the next start goes on where it was.
   */
  write(signal: AbortSignal): Promise<number>;
}

const Told = Type.Object({ days: Type.Integer(), now: Type.Integer(), seed: Type.Integer(), written: Type.Integer() });

/** Looks up what was told of the days before when the camera was new; or makes it up, once, for a new one. */
export async function openPast(options: PastOptions): Promise<Past> {
  const { stateDir, card, route, drive } = options;
  const file = path.join(stateDir, "history.json");
  const told = (await readTold(file)) ?? {
    days: card.pictures === 0 ? options.days : 0,
    now: options.now,
    seed: options.seed,
    written: 0,
  };
  const save = async () => {
    await writeFile(`${file}.part`, JSON.stringify(told));
    await rename(`${file}.part`, file);
  };
  await save();
  const history = historyOf({ ...told, drive });
  const [width, height] = options.size ?? [480, 360];
  const { name, gps } = modelOf(options.model);
  return {
    history,
    async write(signal) {
      const before = told.written;
      for (const { takenAt, distance } of history.pictures.slice(before)) {
        await turn();
        if (signal.aborted) break;
        const picture = takePhoto({
          position: received(route.at(distance), takenAt),
          distance,
          takenAt,
          zoneMinutes: history.zoneMinutes,
          gpsLock: gps,
          model: name,
          width,
          height,
        });
        await card.add(picture, takenAt);
        told.written++;
        await save();
      }
      return told.written - before;
    },
  };
}

async function readTold(file: string): Promise<Static<typeof Told> | undefined> {
  const text = await readFile(file, "utf8").catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return undefined;
    throw error;
  });
  if (text === undefined) return undefined;
  const value: unknown = JSON.parse(text);
  if (Value.Check(Told, value)) return value;
  throw new Error(`${file} does not say what the camera took before; expected days, now, seed and written. Delete it.`);
}
