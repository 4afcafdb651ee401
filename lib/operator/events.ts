import type { EventsV1Event } from "@kubernetes/client-node";
import type { KubeApi, Patch } from "./api.ts";
import type { Clock } from "./clock.ts";
import { mayBeCommitted, type Outcome } from "./errors.ts";
import type { KubeObject, Live, ObjectName } from "./object.ts";
import { tokenBucket } from "./rate.ts";

/** What happened to an object, for people (`kubectl describe`). */
export interface Occurrence {
  readonly type: "Normal" | "Warning";
  /** In UpperCamelCase, at most 128 characters: `RouteCreated`. */
  readonly reason: string;
  /** What the operator did or tried, in UpperCamelCase: `CreateRoute`. */
  readonly action: string;
  /** A sentence, cut at 1024 characters. */
  readonly note: string;
}

/** Tells people what happens to objects, by Events of events.k8s.io/v1. */
export interface Recorder {
  /**
   * Returns at once; the Event is written behind. Equal occurrences become one Event with a count; too many are dropped
   * and counted. Never throws.
   */
  event(object: KubeObject, occurrence: Occurrence): void;
}

/** A recorder that writes to a server. */
export interface WritingRecorder extends Recorder {
  /** Writes what still waits; resolves when it is written or, after `graceMs` (5 s unless told), given up. Nothing is recorded after. */
  close(graceMs?: number): Promise<void>;
}

export interface RecorderOptions {
  readonly api: KubeApi<Live<EventsV1Event>>;
  readonly clock: Clock;
  /** Who reports: a qualified name such as `homelab.example/cloudflare-operator`. */
  readonly controller: string;
  /** Which process: the pod's name. */
  readonly instance: string;
  /** Is told of each occurrence that will never be written. */
  readonly discarded?: (why: string) => void;
}

/** As client-go has them: an object may cause 25 Events at once, and then one in 5 minutes. */
const SPAM = { burst: 25, perSecond: 1 / 300, credit: false };
/** An occurrence belongs to the series of an equal one for so long. */
const SERIES_MS = 360_000;
/** The bucket of an object that caused nothing for so long is full again. */
const REFILLED_MS = (SPAM.burst / SPAM.perSecond) * 1000;
/** The count of a series is written at most so often. */
const COUNT_MS = 10_000;
/** Series and objects that are remembered. */
const REMEMBERED = 4096;
/** Events that wait to be written; more are dropped. */
const WAITING = 1000;
const ATTEMPTS = 5;
/** However long the server asks to wait, an Event is tried again after so long. */
const LONGEST_WAIT_MS = 30_000;
const CLOSE_MS = 5_000;

interface Series {
  readonly name: ObjectName;
  readonly event: Patch;
  count: number;
  /** The last occurrence, by `elapsedMs`. */
  lastMs: number;
  /** The same, as a stamp. */
  observed: string;
  /** Occurrences that the server knows of. */
  written: number;
  scheduled: boolean;
}

/** How many Events an object may still cause. */
interface Bucket {
  readonly take: () => number;
  /** The last occurrence, by `elapsedMs`. */
  lastMs: number;
}

/** Makes a recorder. One Event is written at a time. */
export function createRecorder(options: RecorderOptions): WritingRecorder {
  const { api, clock, controller, instance, discarded = () => {} } = options;
  const series = new Map<string, Series>();
  const buckets = new Map<string, Bucket>();
  const waiting: Series[] = [];
  let number = 0;
  let writing: Promise<void> | undefined;
  let closed = false;
  const ending = new AbortController();
  const { signal } = ending;

  const write = async (one: Series): Promise<void> => {
    const { count } = one;
    const giveUp = (why: string) => {
      one.written = count;
      discarded(why);
    };
    for (let attempt = 1; ; attempt++) {
      if (signal.aborted) return giveUp("the recorder was closed before it was written");
      const outcome = await (one.written === 0 ? api.create(one.name, one.event, { signal }) : update(one, count));
      if (outcome.ok || outcome.error.kind === "AlreadyExists") break;
      const { error } = outcome;
      if (error.kind === "NotFound" && one.written > 0) one.written = 0;
      else if (!mayBeCommitted(error) && error.kind !== "TooManyRequests") return giveUp(error.message);
      if (attempt === ATTEMPTS) return giveUp(error.message);
      const waitMs = "retryAfterMs" in error ? (error.retryAfterMs ?? 1000) : 1000 * attempt;
      await clock.sleep(Math.min(LONGEST_WAIT_MS, waitMs), signal);
    }
    one.written = one.written === 0 ? 1 : count;
  };
  const update = (one: Series, count: number): Promise<Outcome<unknown>> =>
    api.merge(one.name, { series: { count, lastObservedTime: one.observed } }, { signal });
  const bucketOf = (uid: string, nowMs: number): Bucket => {
    const bucket = buckets.get(uid) ?? { take: tokenBucket(() => clock.elapsedMs(), SPAM), lastMs: nowMs };
    buckets.delete(uid);
    forgetOld(buckets, ({ lastMs }) => nowMs - lastMs >= REFILLED_MS);
    bucket.lastMs = nowMs;
    return remember(buckets, uid, bucket);
  };
  const flush = (one: Series) => {
    one.scheduled = false;
    waiting.push(one);
    writing ??= (async () => {
      for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
        await write(next);
        if (next.written < next.count) schedule(next);
      }
      writing = undefined;
    })();
  };
  const schedule = (one: Series) => {
    if (one.scheduled) return;
    one.scheduled = true;
    clock.setTimer(closed ? 0 : COUNT_MS, () => {
      if (one.scheduled) flush(one);
    });
  };

  return {
    event: (object, occurrence) => {
      if (closed) return discarded("the recorder is closed");
      const { metadata } = object;
      const { type, reason, action } = occurrence;
      const note = occurrence.note.slice(0, 1024);
      const key = JSON.stringify([metadata.uid, type, reason, action, note]);
      const nowMs = clock.elapsedMs();
      const stampMs = clock.nowMs();
      const before = series.get(key);
      if (before !== undefined && nowMs - before.lastMs < SERIES_MS) {
        before.count++;
        before.lastMs = nowMs;
        before.observed = microTime(stampMs);
        if (before.written > 0) schedule(before);
        return;
      }
      if (waiting.length >= WAITING) return discarded("too many events wait to be written");
      if (bucketOf(metadata.uid, nowMs).take() > 0) return discarded(`${metadata.name} causes too many events`);
      const namespace = metadata.namespace ?? "default";
      const suffix = `${stampMs.toString(36)}.${(number++).toString(36)}.${instance}`.slice(0, 60).toLowerCase();
      const one: Series = {
        name: { namespace, name: `${metadata.name.slice(0, 180)}.${suffix}`.replace(/[^a-z0-9]+$/, "") },
        event: {
          type,
          reason,
          action,
          note,
          eventTime: microTime(stampMs),
          reportingController: controller,
          reportingInstance: instance.slice(0, 128),
          regarding: {
            apiVersion: object.apiVersion,
            kind: object.kind,
            namespace: metadata.namespace,
            name: metadata.name,
            uid: metadata.uid,
            resourceVersion: metadata.resourceVersion,
          },
        },
        count: 1,
        lastMs: nowMs,
        observed: microTime(stampMs),
        written: 0,
        scheduled: false,
      };
      series.delete(key);
      forgetOld(
        series,
        ({ lastMs, scheduled, written, count }) => !scheduled && written >= count && nowMs - lastMs >= SERIES_MS,
      );
      remember(series, key, one);
      flush(one);
    },
    close: async (graceMs = CLOSE_MS) => {
      closed = true;
      const limit = clock.setTimer(graceMs, () => ending.abort());
      for (const one of series.values()) if (one.scheduled) flush(one);
      while (writing !== undefined) await writing;
      limit.cancel();
    },
  };
}

/** Forgets the oldest entries up to the first that is not over. */
function forgetOld<T>(map: Map<string, T>, over: (one: T) => boolean): void {
  for (const [key, one] of map) {
    if (!over(one)) return;
    map.delete(key);
  }
}

/** Adds an entry to a map that forgets its oldest ones. */
function remember<T>(map: Map<string, T>, key: string, one: T): T {
  if (map.size >= REMEMBERED) map.delete(map.keys().next().value!);
  map.set(key, one);
  return one;
}

/** RFC 3339 with six digits, as Kubernetes writes instants that need them. */
export function microTime(ms: number): string {
  return new Date(ms).toISOString().replace("Z", "000Z");
}
