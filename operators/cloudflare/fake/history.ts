import type { World } from "./world.ts";

/** How far back a stale read may look. */
const KEPT_MS = 30_000;

/** Remembers what the world was, for reads that are late. */
export class History {
  #versions: { readonly fromMs: number; readonly world: World }[];

  constructor(world: World) {
    this.#versions = [{ fromMs: -Infinity, world }];
  }

  get now(): World {
    return this.#versions.at(-1)!.world;
  }

  /** The world changes. */
  push(nowMs: number, world: World): void {
    this.#versions.push({ fromMs: nowMs, world });
    this.#forget(nowMs);
  }

  /** The world as it was at an instant. */
  at(instantMs: number): World {
    return (this.#versions.findLast(({ fromMs }) => fromMs <= instantMs) ?? this.#versions[0]!).world;
  }

  /** One of the worlds of the last 30 s, but the last one if there is another. */
  someOld(nowMs: number, random: () => number): World {
    this.#forget(nowMs);
    const old = Math.max(1, this.#versions.length - 1);
    return this.#versions[Math.floor(random() * old)]!.world;
  }

  /** Drops what has been replaced for longer than is kept. */
  #forget(nowMs: number): void {
    const first = this.#versions.findLastIndex(({ fromMs }) => fromMs <= nowMs - KEPT_MS);
    if (first > 0) this.#versions = this.#versions.slice(first);
  }
}
