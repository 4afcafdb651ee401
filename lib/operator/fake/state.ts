import type { Resource } from "../api.ts";
import type { Clock } from "../clock.ts";
import { failure, type Outcome, success } from "../errors.ts";
import type { Key, KubeObject } from "../object.ts";
import { randomNumbers } from "./faults.ts";
import type { Feed } from "./feed.ts";
import { KindState } from "./kind.ts";
import type { FakeOptions } from "./types.ts";
import type { Effect, Stamp } from "./writes.ts";

/** One kind of object on a fake server: what is kept, and the watches that run. */
export interface Kind {
  readonly state: KindState;
  readonly feeds: Set<Feed<KubeObject>>;
}

/** What a write gave: the object is the last state of one that is gone. */
export interface Written<T> {
  readonly object: T;
  readonly gone: boolean;
}

/** For how long the watches are silent that miss an event. */
const SILENT_MS = 30_000;

/** All that a fake server keeps. Its version counts the writes of all kinds. */
export class ServerState {
  readonly clock: Clock;
  /** A number in [0, 1). */
  readonly random: () => number;
  readonly #history: number;
  readonly #kinds = new Map<string, Kind>();
  #version = 1000;
  #objects = 0;

  constructor({ clock, seed = 1, history = 1000 }: FakeOptions) {
    this.clock = clock;
    this.random = randomNumbers(seed);
    this.#history = history;
  }

  get version(): string {
    return String(this.#version);
  }

  kindOf({ group, plural }: Resource): Kind {
    const name = `${plural}.${group}`;
    const known = this.#kinds.get(name);
    if (known !== undefined) return known;
    const kind: Kind = { state: new KindState(this.#history, this.version), feeds: new Set() };
    kind.state.listen((change) => {
      for (const feed of [...kind.feeds]) feed.tell(change);
    });
    this.#kinds.set(name, kind);
    return kind;
  }

  kinds(): IterableIterator<Kind> {
    return this.#kinds.values();
  }

  /** What the next write gets. */
  stamp(): Stamp {
    return {
      version: String(this.#version + 1),
      nowMs: this.clock.nowMs(),
      uid: () => `00000000-0000-4000-8000-${String(++this.#objects).padStart(12, "0")}`,
    };
  }

  /** Does what an effect says. */
  commit<T extends KubeObject>({ state }: Kind, key: Key, effect: Effect): Outcome<Written<T>> {
    if (effect.kind === "refuse") return failure(effect.error);
    if (effect.kind === "none") return success({ object: effect.object as T, gone: false });
    state.commit(String(++this.#version), key, effect.kind === "put" ? effect.stored : undefined);
    if (effect.kind === "put") return success({ object: effect.stored.object as T, gone: false });
    return success({ object: effect.object as T, gone: true });
  }

  /** Breaks the watches of a kind. */
  drop({ feeds }: Kind): void {
    for (const feed of [...feeds]) feed.end({ kind: "Unreachable", message: "The connection of the watch broke." });
  }

  /** Forgets the history of a kind. */
  forget({ state }: Kind): void {
    state.forget(this.version);
  }

  /** Makes the watches of a kind silent; later they break, and the history is forgotten. */
  miss(kind: Kind): void {
    const silenced = [...kind.feeds];
    for (const feed of silenced) feed.silence();
    this.clock.setTimer(SILENT_MS, () => {
      this.forget(kind);
      for (const feed of silenced) feed.end({ kind: "Unreachable", message: "The connection of the watch broke." });
    });
  }
}
