import { useSyncExternalStore } from "react";
import { type Entry, isLook, type MachineView, type Snapshot } from "../snapshot.ts";

/** All that the page knows. */
export interface Live {
  readonly machine: MachineView | null;
  readonly snapshot: Snapshot | null;
  /** The newest first. */
  readonly entries: readonly Entry[];
  /** Since when the console does not answer, in milliseconds since the epoch; null while it does. */
  readonly lostMs: number | null;
}

/** Of looks, and of all else. */
const KEPT = 300;
const SILENCE_MS = 25_000;
const AGAIN_MS = 1000;

let live: Live = { machine: null, snapshot: null, entries: [], lostMs: null };
const listeners = new Set<() => void>();
const set = (changed: Partial<Live>) => {
  live = { ...live, ...changed };
  for (const listener of listeners) listener();
};

/** Entries with one more, which takes the place of the one with its id. */
export function withEntry(entries: readonly Entry[], entry: Entry): readonly Entry[] {
  const known = entries.findIndex(({ id }) => id === entry.id);
  if (known >= 0 && entries[known]!.atMs === entry.atMs) return entries.with(known, entry);
  const others = known >= 0 ? entries.toSpliced(known, 1) : entries;
  const place = others.findIndex(({ atMs }) => atMs <= entry.atMs);
  const all = others.toSpliced(place < 0 ? others.length : place, 0, entry);
  const isAlike = (one: Entry) => isLook(one) === isLook(entry);
  return all.filter(isAlike).length <= KEPT ? all : all.toSpliced(all.findLastIndex(isAlike), 1);
}

let source: EventSource | undefined;
let silence: ReturnType<typeof setTimeout> | undefined;

/** Connects anew, at once. */
export function connect(): void {
  source?.close();
  clearTimeout(silence);
  const opened = new EventSource("./api/stream");
  source = opened;
  let fresh = true;
  const lost = () => {
    if (source !== opened) return;
    opened.close();
    set({ lostMs: live.lostMs ?? Date.now() });
    silence = setTimeout(connect, AGAIN_MS);
  };
  const heard = () => {
    clearTimeout(silence);
    silence = setTimeout(lost, SILENCE_MS);
  };
  const on = <T>(event: string, take: (data: T) => void) =>
    opened.addEventListener(event, ({ data }) => {
      heard();
      // nosemgrep: unchecked-json-cast -- the server that has served this page is of the same build
      take(JSON.parse(data as string) as T);
    });
  on<MachineView>("machine", (machine) => set({ machine }));
  on<Entry>("entry", (entry) => {
    set({ entries: withEntry(fresh ? [] : live.entries, entry) });
    fresh = false;
  });
  on<Snapshot>("snapshot", (snapshot) => set({ snapshot, lostMs: null }));
  on("alive", () => {});
  opened.addEventListener("error", lost);
}

function subscribe(listener: () => void): () => void {
  if (listeners.size === 0) connect();
  listeners.add(listener);
  return () => void listeners.delete(listener);
}

/** All that the page knows, anew with every change. */
export const useLive = (): Live => useSyncExternalStore(subscribe, () => live);
