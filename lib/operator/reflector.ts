import type { Watch } from "./api.ts";
import type { Clock } from "./clock.ts";
import { type ApiError, failure, type Outcome, success } from "./errors.ts";
import { listAll } from "./listing.ts";
import { compareVersions, type KubeObject } from "./object.ts";
import type { CacheOptions } from "./options.ts";
import { type Delta, type Indexers, type Reader, Store } from "./store.ts";

/** What a reflector tells of itself, for metrics and logs. */
export interface ReflectorObserver {
  listed?(objects: number, ms: number): void;
  /** A list or a watch failed, and is tried again. */
  failed?(what: "list" | "watch", error: ApiError): void;
  /** Something that is no object of the kind was passed over. */
  malformed?(message: string): void;
}

/** What makes a reflector beside the cache's own options. */
export interface ReflectorOptions<T extends KubeObject> extends CacheOptions<T> {
  readonly clock: Clock;
  /** A number in [0, 1). */
  readonly random: () => number;
  readonly observer?: ReflectorObserver;
  /** Objects a page of a list: 500 unless told. */
  readonly pageSize?: number;
}

/** Keeps a cache like the server's objects of one kind. */
export interface Reflector<T extends KubeObject> {
  readonly cache: Reader<T>;
  /** Whether the first list is in the cache. */
  readonly synced: boolean;
  /** Is told of every change, right when it is in the cache; returns a function that ends this. */
  onDelta(listen: (delta: Delta<T>) => void): () => void;
  /** Is told whenever the cache's version has grown, after the deltas; returns a function that ends this. */
  onProgress(listen: () => void): () => void;
  /** Lists and watches until the signal is aborted; rejects never. */
  run(signal: AbortSignal): Promise<void>;
}

const BACKOFF = { firstMs: 800, lastMs: 30_000, factor: 2 };
/** A watch that lived so long was no failure. */
const HEALTHY_MS = 1000;
const WATCH_MS = 300_000;
/** Watches that fail one after another without telling anything, before a list is tried: perhaps what comes next cannot be told. */
const BARREN_WATCHES = 5;
/** Lists older than what is known already that are refused one after another, before one is believed: after that the server was restored from a backup. */
const STALE_LISTS = 5;

/**
 * Makes a reflector: lists in pages (whole, when the pages expire before the last), then watches with bookmarks for 5 to
 * 10 minutes at a time. A watch that ends goes on from where it was; "Gone", five watches that fail before they tell
 * anything, and a server that went back to an older state list anew. What was missed meanwhile becomes deltas, an object
 * that was deleted and made again being both. A list that is older than the cache is not believed. Waits between failures
 * grow from 0.8 s to 30 s.
 */
export function createReflector<T extends KubeObject>(options: ReflectorOptions<T>): Reflector<T> {
  const { api, clock, random, selection = {}, observer = {}, pageSize = 500 } = options;
  const store = new Store<T>(
    tolerant(options.indexes ?? {}, (index, object, error) =>
      observer.malformed?.(`${api.resource.plural} ${object.metadata.name} has no place in ${index}: ${String(error)}`),
    ),
  );
  const deltaListeners = new Set<(delta: Delta<T>) => void>();
  const progressListeners = new Set<() => void>();
  let synced = false;
  let backoffMs = BACKOFF.firstMs;

  const tell = (deltas: readonly Delta<T>[]) => {
    for (const delta of deltas) for (const listen of [...deltaListeners]) listen(delta);
  };
  const progressed = () => {
    for (const listen of [...progressListeners]) listen();
  };
  const slim = (object: T): T | undefined => {
    try {
      return (options.project ?? same)(withoutManagedFields(object));
    } catch (error) {
      observer.malformed?.(`${api.resource.plural} ${object.metadata.name}: ${String(error)}`);
      return undefined;
    }
  };
  const wait = async (error: ApiError, signal: AbortSignal) => {
    const atLeastMs = "retryAfterMs" in error ? (error.retryAfterMs ?? 0) : 0;
    const ms = Math.max(atLeastMs, backoffMs * (1 + random()));
    backoffMs = Math.min(BACKOFF.lastMs, backoffMs * BACKOFF.factor);
    await clock.sleep(ms, signal);
  };

  let staleLists = 0;
  const list = async (signal: AbortSignal): Promise<Outcome<undefined>> => {
    const startMs = clock.elapsedMs();
    const found = await listAll(api, { ...selection, limit: pageSize, signal }, slim);
    if (!found.ok) return found;
    const { items, unread, malformed, resourceVersion } = found.value;
    if (malformed > 0) observer.malformed?.(`${malformed} items of a list of ${api.resource.plural} are no objects`);
    if (compareVersions(resourceVersion, store.resourceVersion) < 0 && staleLists++ < STALE_LISTS)
      return failure({
        kind: "ServerError",
        status: 200,
        message: `The list is of version ${resourceVersion}, older than ${store.resourceVersion}, which is known already.`,
      });
    staleLists = 0;
    const deltas = store.replace(items, resourceVersion, unread);
    synced = true;
    observer.listed?.(items.length, clock.elapsedMs() - startMs);
    tell(deltas);
    progressed();
    return success(undefined);
  };

  /** Whether the server has come to an older state than it had told before: then nothing that it tells can be followed. */
  const wentBack = (version: string) => compareVersions(version, store.resourceVersion) < 0;
  const consume = async (watch: Watch<T>): Promise<Outcome<undefined>> => {
    for (;;) {
      const next = await watch.next();
      if (next.done) return next.value;
      const event = next.value;
      barren = 0;
      if (event.type === "MALFORMED") {
        observer.malformed?.(event.message);
        continue;
      }
      if (event.type === "BOOKMARK") {
        if (wentBack(event.resourceVersion)) {
          await watch.return(success(undefined));
          const message = `The server is at version ${event.resourceVersion}, and was at ${store.resourceVersion} before.`;
          return failure({ kind: "Gone", message });
        }
        store.progress(event.resourceVersion);
      } else if (event.type === "DELETED") tell(store.remove(event.object));
      else {
        const object = slim(event.object);
        if (object === undefined) store.progress(event.object.metadata.resourceVersion);
        else tell(store.put(object));
      }
      progressed();
    }
  };
  let barren = 0;
  const watch = async (signal: AbortSignal): Promise<Outcome<undefined>> => {
    const startMs = clock.elapsedMs();
    const timeoutMs = Math.round(WATCH_MS * (1 + random()));
    const failed = barren++;
    const opened = await api.watch({ ...selection, resourceVersion: store.resourceVersion, timeoutMs, signal });
    const outcome: Outcome<undefined> = opened.ok ? await consume(opened.value) : opened;
    const healthy = clock.elapsedMs() - startMs >= HEALTHY_MS;
    if (healthy && opened.ok) backoffMs = BACKOFF.firstMs;
    if (outcome.ok && healthy) barren = 0;
    else if (outcome.ok && barren > 0)
      return failure({ kind: "Unreachable", message: "The watch ended as soon as it had begun." });
    else if (!outcome.ok && isOutage(outcome.error, opened.ok)) barren = failed;
    return outcome;
  };

  return {
    cache: store,
    get synced() {
      return synced;
    },
    onDelta: (listen) => subscribe(deltaListeners, listen),
    onProgress: (listen) => subscribe(progressListeners, listen),
    run: async (signal) => {
      let listing = true;
      while (!signal.aborted) {
        const outcome: Outcome<undefined> = listing ? await list(signal) : await watch(signal);
        if (signal.aborted) return;
        if (!outcome.ok) {
          observer.failed?.(listing ? "list" : "watch", outcome.error);
          listing ||= !mayContinue(outcome.error) || barren >= BARREN_WATCHES;
          await wait(outcome.error, signal);
        } else {
          if (listing) barren = 0;
          listing = false;
        }
      }
    },
  };
}

/** Whether a watch may go on where it was after such an end; after others only a new list tells what is. */
function mayContinue(error: ApiError): boolean {
  return ["Timeout", "Unreachable", "ServerError", "TooManyRequests", "Unauthorized"].includes(error.kind);
}

/** Whether the server is away or asks for less: what a watch would tell is not to be blamed, and a list would be worse. */
function isOutage({ kind }: ApiError, opened: boolean): boolean {
  return kind === "TooManyRequests" || (kind === "Unreachable" && !opened);
}

/** The bookkeeping of server-side apply is half of an object's size, and nobody here reads it. */
function withoutManagedFields<T extends KubeObject>(object: T): T {
  const { managedFields, ...metadata } = object.metadata as T["metadata"] & { managedFields?: unknown };
  return managedFields === undefined ? object : { ...object, metadata };
}

/** The same indexes, in which an object that one cannot read has no place. */
function tolerant<T>(indexes: Indexers<T>, failed: (index: string, object: T, error: unknown) => void): Indexers<T> {
  const guarded = ([name, valuesOf]: [string, Indexers<T>[string]]) => {
    const values = (object: T) => {
      try {
        return valuesOf(object);
      } catch (error) {
        failed(name, object, error);
        return [];
      }
    };
    return [name, values] as const;
  };
  return Object.fromEntries(Object.entries(indexes).map(guarded));
}

const same = <T>(object: T): T => object;

function subscribe<Listener>(listeners: Set<Listener>, listen: Listener): () => void {
  listeners.add(listen);
  return () => void listeners.delete(listen);
}
