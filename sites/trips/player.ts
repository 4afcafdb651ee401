import { createStore, type Store } from "./store.ts";

/** How many times as fast as the trip was playback may run. */
export const SPEEDS = [1, 10, 60, 300, 1000, 3600] as const;

/** What playback does. */
export interface PlayerState {
  /** Whether playback was begun: the map then shows where it is. */
  readonly active: boolean;
  readonly playing: boolean;
  readonly speed: number;
  /** ms of playback. */
  readonly ms: number;
  /** Whether the camera follows, or flies behind. */
  readonly camera: "free" | "follow" | "chase";
}

/** Playback of a trip. */
export interface Player {
  readonly state: Store<PlayerState>;
  readonly toggle: () => void;
  readonly seek: (ms: number) => void;
  /** One step faster (1) or slower (-1). */
  readonly faster: (step: 1 | -1) => void;
  readonly setCamera: (camera: PlayerState["camera"]) => void;
  /** Playback ends so late, in ms; it may grow while the page is open. */
  readonly setLength: (length: number) => void;
  readonly close: () => void;
}

const FIRST: PlayerState = { active: false, playing: false, speed: 300, ms: 0, camera: "follow" };
/** A frame that took longer, as of a page that was hidden, moves playback on by so much only. ms. */
const LONGEST_FRAME_MS = 100;

/** Makes a player that stands at the start. */
export function createPlayer(): Player {
  const state = createStore(FIRST);
  let length = 0;
  let frame = 0;
  let before = 0;
  const change = (next: Partial<PlayerState>) => state.set({ ...state.get(), ...next });
  const tick = (now: number) => {
    const { playing, ms, speed } = state.get();
    if (!playing) return;
    const next = Math.min(length, ms + Math.min(LONGEST_FRAME_MS, now - before) * speed);
    before = now;
    change({ ms: next, playing: next < length });
    frame = requestAnimationFrame(tick);
  };
  const run = () => {
    cancelAnimationFrame(frame);
    before = performance.now();
    frame = requestAnimationFrame(tick);
  };
  return {
    state,
    toggle: () => {
      const { playing, ms } = state.get();
      change({ active: true, playing: !playing, ms: !playing && ms >= length ? 0 : ms });
      if (!playing) run();
    },
    seek: (ms) => change({ active: true, ms: Math.max(0, Math.min(length, ms)) }),
    faster: (step) => {
      const at = SPEEDS.findIndex((speed) => speed === state.get().speed) + step;
      change({ speed: SPEEDS[Math.max(0, Math.min(SPEEDS.length - 1, at))]! });
    },
    setCamera: (camera) => change({ camera }),
    setLength: (next) => {
      length = next;
      if (state.get().ms > length) change({ ms: length });
    },
    close: () => {
      cancelAnimationFrame(frame);
      state.set({ ...FIRST, speed: state.get().speed, camera: state.get().camera });
    },
  };
}
