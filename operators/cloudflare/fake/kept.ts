import { mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { FakeCloudflare } from "./types.ts";
import { emptyWorld, listsOf, type World, type WorldLists, worldOf } from "./world.ts";

const FILE = "world.json";

/**
 * The world that a folder keeps; an empty one when it keeps none yet.
 * @throws Error when the file there is no world
 */
export function keptWorld(folder: string): World {
  const file = join(folder, FILE);
  try {
    return worldOf(JSON.parse(readFileSync(file, "utf8")) as WorldLists);
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === "ENOENT") return emptyWorld;
    throw new Error(`${file} holds no world of a fake Cloudflare. Delete it to begin with an empty one.`, { cause });
  }
}

/** Writes the world to a folder, now and after each change. */
export function keepWorld(folder: string, fake: FakeCloudflare): void {
  mkdirSync(folder, { recursive: true });
  const write = (world: World) => {
    const file = join(folder, FILE);
    writeFileSync(`${file}.new`, JSON.stringify(listsOf(world)));
    renameSync(`${file}.new`, file);
  };
  write(fake.world);
  fake.onChange(({ after }) => write(after));
}
