import { readFile, stat } from "node:fs/promises";
import path from "node:path";
import { identityOf } from "#lib/photos/identity.ts";
import { isRaw, kindOf } from "#lib/photos/kind.ts";
import type { Origin } from "#lib/photos/prepare.ts";
import type { Outcome } from "#lib/photos/publish.ts";
import { ASIDE } from "#lib/photos/verdict.ts";
import { backoffMs, waitMs } from "#lib/service/retry.ts";
import { OptionsError } from "./origin.ts";
import type { Item, Journal } from "./store.ts";

/** What became of one file. */
export type Result =
  | {
      readonly kind: "published";
      readonly path: string;
      readonly id: string;
      readonly key: string;
      readonly stored: "new" | "there";
    }
  | { readonly kind: "duplicate"; readonly path: string; readonly id: string; readonly of: string }
  | { readonly kind: "aside"; readonly path: string; readonly reason: string; readonly message: string }
  | {
      readonly kind: "later";
      readonly path: string;
      readonly reason: string;
      readonly message: string;
      readonly waitMs: number;
    };

/** What an import works with. */
export interface ImportDeps {
  readonly journal: Journal;
  /** What is known of a file besides its bytes; by the options of its import. */
  readonly originOf: (item: Item) => Promise<Origin>;
  /** Stores and publishes; or, for a trial, only says what would come of it. */
  readonly publish: (bytes: Uint8Array, origin: Origin) => Promise<Outcome>;
  readonly mostBytes: number;
  /** How many files are in memory at once. */
  readonly concurrency: number;
  /** After how many attempts a file is left for another run; it stays pending. */
  readonly tries: number;
  readonly now: () => number;
  readonly onResult: (result: Result) => void;
}

/** Works on all files of the journal that are due, until none is left or the signal; what is under way is finished. */
export async function runImport(deps: ImportDeps, signal: AbortSignal): Promise<void> {
  const turns = createTurns();
  const workers = Array.from({ length: deps.concurrency }, () => work(deps, turns, signal));
  await Promise.all(workers);
}

/** Files larger than this are in memory one at a time: what is sent is held there several times over. */
const LARGE_BYTES = 64 * 1024 * 1024;

/**
 * Lets what has the same name go one after the other: equal pictures that are in memory at once, so that the second is seen to
 * be a duplicate, and large ones. What has none goes at once.
 */
type Turns = <T>(id: string | null, work: () => Promise<T>) => Promise<T>;

function createTurns(): Turns {
  const last = new Map<string, Promise<unknown>>();
  return async (id, work) => {
    if (id === null) return work();
    const turn = (last.get(id) ?? Promise.resolve()).then(work, work);
    last.set(id, turn);
    try {
      return await turn;
    } finally {
      if (last.get(id) === turn) last.delete(id);
    }
  };
}

async function work(deps: ImportDeps, turns: Turns, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    const item = deps.journal.begin(deps.now());
    if (item) {
      const alone = item.bytes > LARGE_BYTES ? "large" : null;
      deps.onResult(await turns(alone, () => workOn(item, deps, turns)));
      continue;
    }
    const due = deps.journal.nextDueMs(deps.tries);
    if (due === null) return;
    await waitMs(Math.min(1_000, Math.max(10, due - deps.now())), signal);
  }
}

async function workOn(item: Item, deps: ImportDeps, turns: Turns): Promise<Result> {
  const { journal } = deps;
  const aside = (reason: string, message: string): Result => {
    journal.aside(item.id, reason, message);
    return { kind: "aside", path: item.path, reason, message };
  };
  if (item.bytes > deps.mostBytes) return aside("too-large", `${ASIDE["too-large"]} of ${deps.mostBytes} bytes`);
  let bytes: Uint8Array;
  try {
    bytes = await readFile(item.path);
  } catch (error) {
    return aside("unreadable", (error as Error).message);
  }
  const id = pointIdOf(bytes);
  return turns(id, () => bringOn(item, bytes, id, deps, aside));
}

type Aside = (reason: string, message: string) => Result;

async function bringOn(
  item: Item,
  bytes: Uint8Array,
  id: string | null,
  deps: ImportDeps,
  aside: Aside,
): Promise<Result> {
  const of = id && deps.journal.publishedAs(id);
  if (of) {
    deps.journal.duplicate(item.id, id, of);
    return { kind: "duplicate", path: item.path, id, of };
  }
  try {
    const origin = { ...(await deps.originOf(item)), ...(await companionOf(item, bytes, deps.journal)) };
    return settle(item, await deps.publish(bytes, origin), deps, aside);
  } catch (error) {
    if (error instanceof OptionsError) {
      deps.journal.later(item.id, "options", error.message, deps.now());
      throw error;
    }
    return later(item, "failed", error as Error, deps);
  }
}

function settle(item: Item, outcome: Outcome, deps: ImportDeps, aside: Aside): Result {
  if (outcome.kind === "aside") return aside(outcome.reason, outcome.message);
  if (outcome.kind === "later") return later(item, outcome.part, outcome.error, deps);
  const { photo, stored } = outcome;
  const key = photo.image?.key ?? "";
  deps.journal.done(item.id, photo.id, key);
  return { kind: "published", path: item.path, id: photo.id, key, stored };
}

function later(item: Item, reason: string, { message }: Error, { journal, now }: ImportDeps): Result {
  const wait = backoffMs(item.attempts, 1_000, 60_000);
  journal.later(item.id, reason, message, now() + wait);
  return { kind: "later", path: item.path, reason, message, waitMs: wait };
}

function pointIdOf(bytes: Uint8Array): string | null {
  const kind = kindOf(bytes);
  return kind && identityOf(bytes, kind).id;
}

/** The JPEG beside a RAW file. Where the file turns out to be no RAW, the JPEG is a picture of its own. */
async function companionOf(item: Item, bytes: Uint8Array, journal: Journal): Promise<{ beside?: Uint8Array }> {
  if (item.beside === null) return {};
  const kind = kindOf(bytes);
  try {
    if (kind && isRaw(kind)) return { beside: await readFile(item.beside) };
    const { size, mtimeMs } = await stat(item.beside);
    const file = { path: path.resolve(item.beside), bytes: size, modifiedMs: Math.floor(mtimeMs), beside: null };
    journal.add([file], item.options);
  } catch {
    return {};
  }
  return {};
}
