/** Things that are gathered and handed on together, once a frame. */
export interface Frames<T> {
  readonly add: (one: T) => void;
  /** Forgets what was gathered and hands nothing on any more. */
  readonly stop: () => void;
}

/** How often a page that nobody looks at is brought up to date, in ms: browsers draw no frames for it. */
const HIDDEN_MS = 1_000;

/** Gathers what comes in, however fast, and hands it on in one go when the browser draws the next frame. */
export function createFrames<T>(handOn: (all: readonly T[]) => void): Frames<T> {
  let gathered: T[] = [];
  let frame: number | undefined;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const cancel = () => {
    if (frame !== undefined) cancelAnimationFrame(frame);
    clearTimeout(timer);
    frame = timer = undefined;
  };
  const flush = () => {
    cancel();
    const all = gathered;
    gathered = [];
    if (all.length > 0) handOn(all);
  };
  return {
    add: (one) => {
      gathered.push(one);
      if (frame !== undefined) return;
      frame = requestAnimationFrame(flush);
      timer = setTimeout(flush, HIDDEN_MS);
    },
    stop: () => {
      cancel();
      gathered = [];
    },
  };
}
