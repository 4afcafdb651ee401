import type { Watch, WatchEvent } from "../api.ts";
import type { Clock } from "../clock.ts";
import { type ApiError, failure, type Outcome, success } from "../errors.ts";
import { compareVersions, type KubeObject } from "../object.ts";
import type { Change } from "./kind.ts";

/** The last bookmark comes so long before a watch ends. */
const LAST_BOOKMARK_MS = 2_000;

/** A running watch, from the server's side. */
export interface Feed<T extends KubeObject> {
  readonly events: Watch<T>;
  /** Tells of a write, as the selection sees it. */
  tell(change: Change): void;
  /** Tells nothing from now on, not even bookmarks. */
  silence(): void;
  /** Ends it: orderly, or by an error. */
  end(error?: ApiError): void;
}

/** Starts a watch that ends by itself after `timeoutMs` or with the signal. */
export function startFeed<T extends KubeObject>(options: {
  readonly clock: Clock;
  readonly matches: (object: KubeObject) => boolean;
  readonly timeoutMs: number;
  readonly bookmarkMs: number;
  readonly version: () => string;
  /** Nothing up to this version is told. */
  readonly after: string;
  readonly signal?: AbortSignal | undefined;
  readonly ended: () => void;
}): Feed<T> {
  const { clock, matches, signal } = options;
  let queue: WatchEvent<T>[] = [];
  let outcome: Outcome<undefined> | undefined;
  let silent = false;
  let wake = () => {};

  const push = (event: WatchEvent<T>) => {
    if (silent || outcome !== undefined) return;
    queue.push(event);
    wake();
  };
  const endMs = clock.elapsedMs() + options.timeoutMs;
  const bookmark = () => {
    const resourceVersion = options.version();
    if (compareVersions(resourceVersion, options.after) > 0) push({ type: "BOOKMARK", resourceVersion });
    bookmarks = nextBookmark();
  };
  /** As the real server: now and then, and shortly before the end. */
  const nextBookmark = () => {
    const lastMs = endMs - LAST_BOOKMARK_MS - clock.elapsedMs();
    return clock.setTimer(lastMs > 0 ? Math.min(lastMs, options.bookmarkMs) : options.bookmarkMs, bookmark);
  };
  const end = (error?: ApiError) => {
    if (outcome !== undefined) return;
    outcome = error === undefined ? success(undefined) : failure(error);
    bookmarks.cancel();
    timeout.cancel();
    signal?.removeEventListener("abort", abort);
    options.ended();
    wake();
  };
  const abort = () => {
    queue = [];
    end();
  };
  let bookmarks = nextBookmark();
  const timeout = clock.setTimer(options.timeoutMs, () => end());
  if (signal?.aborted) abort();
  else signal?.addEventListener("abort", abort, { once: true });

  async function* events(): Watch<T> {
    try {
      for (;;) {
        const ready = queue;
        queue = [];
        for (const event of ready) {
          if (signal?.aborted) break;
          yield event;
        }
        if (queue.length > 0) continue;
        if (outcome !== undefined) return outcome;
        await new Promise<void>((resolve) => void (wake = resolve));
      }
    } finally {
      end();
    }
  }
  return {
    events: events(),
    tell: (change) => {
      const event = compareVersions(change.version, options.after) > 0 ? eventOf<T>(change, matches) : undefined;
      if (event !== undefined) push(event);
    },
    silence: () => void (silent = true),
    end,
  };
}

function eventOf<T extends KubeObject>(
  { version, before, after }: Change,
  matches: (object: KubeObject) => boolean,
): WatchEvent<T> | undefined {
  const had = before !== undefined && matches(before);
  const has = after !== undefined && matches(after);
  if (has) return { type: had ? "MODIFIED" : "ADDED", object: after as T };
  if (!had) return undefined;
  const last = { ...before, metadata: { ...before.metadata, resourceVersion: version } };
  return { type: "DELETED", object: last as KubeObject as T };
}
