import type { ListOptions, Page, Watch, WatchOptions } from "../api.ts";
import { failure, type Outcome, success } from "../errors.ts";
import { type Key, keyOf, type KubeObject, type ObjectName } from "../object.ts";
import { type Feed, startFeed } from "./feed.ts";
import { matcherOf } from "./selectors.ts";
import type { Kind, ServerState } from "./state.ts";
import type { FakeOptions } from "./types.ts";

const PAGE = 500;

/** One page of a list. @param stale whether to show some state of before */
export function listed<T extends KubeObject>(
  server: ServerState,
  { continueMs = 300_000 }: FakeOptions,
  { state }: Kind,
  options: ListOptions,
  stale: boolean,
): Outcome<Page<T>> {
  const token = options.continue === undefined ? undefined : readToken(options.continue);
  if (token === null) return failure({ kind: "Invalid", message: "continue key is not valid" });
  const at = token?.version ?? (stale ? someVersion(server, state.versions()) : server.version);
  if (!state.remembers(at) || (token !== undefined && server.clock.elapsedMs() > token.endMs))
    return failure({ kind: "Gone", message: "The provided continue parameter is too old." });
  const matches = matching(options);
  if (!matches.ok) return matches;
  const found = state.at(at).filter(matches.value);
  const first = token === undefined ? 0 : found.findIndex(({ metadata }) => keyOf(metadata) > token.after);
  const items = first < 0 ? [] : found.slice(first, first + (options.limit ?? (token ? PAGE : Infinity)));
  const last = items.at(-1);
  const more = last !== undefined && last !== found.at(-1);
  const next: Token = {
    version: at,
    after: last ? keyOf(last.metadata) : "",
    endMs: token?.endMs ?? server.clock.elapsedMs() + continueMs,
  };
  return success({
    items: items as T[],
    resourceVersion: at,
    malformed: 0,
    ...(more ? { continue: writeToken(next) } : {}),
  });
}

/** An object, or none. @param stale whether to show some state of before */
export function seen(server: ServerState, { state }: Kind, name: ObjectName, stale: boolean): KubeObject | undefined {
  if (!stale) return state.get(keyOf(name))?.object;
  const before = state.at(someVersion(server, state.versions()));
  return before.find(({ metadata }) => keyOf(metadata) === keyOf(name));
}

/** Starts a watch. */
export function watched<T extends KubeObject>(
  server: ServerState,
  { bookmarkMs = 60_000 }: FakeOptions,
  kind: Kind,
  options: WatchOptions,
): Outcome<Watch<T>> {
  const { resourceVersion, signal, timeoutMs } = options;
  if (!kind.state.remembers(resourceVersion))
    return failure({ kind: "Gone", message: `too old resource version: ${resourceVersion}` });
  const matches = matching(options);
  if (!matches.ok) return matches;
  const feed: Feed<KubeObject> = startFeed({
    clock: server.clock,
    matches: matches.value,
    timeoutMs,
    bookmarkMs,
    version: () => server.version,
    after: resourceVersion,
    signal,
    ended: () => void kind.feeds.delete(feed),
  });
  if (!signal?.aborted) kind.feeds.add(feed);
  for (const change of kind.state.since(resourceVersion)) feed.tell(change);
  return success(feed.events as unknown as Watch<T>);
}

interface Token {
  readonly version: string;
  /** Key of the last object of the page before. */
  readonly after: Key;
  /** When it expires, by `elapsedMs`. */
  readonly endMs: number;
}

const writeToken = ({ version, endMs, after }: Token): string => btoa([version, endMs, after].join(" "));

/** Null for what no server made. */
function readToken(text: string): Token | null {
  try {
    const [, version, endMs, after] = /^(\d+) (\d+(?:\.\d+)?) (\S+)$/.exec(atob(text)) ?? [];
    return version && endMs && after ? { version, endMs: Number(endMs), after } : null;
  } catch {
    return null;
  }
}

const someVersion = ({ random }: ServerState, versions: readonly string[]): string =>
  versions[Math.floor(random() * versions.length)]!;

function matching(options: ListOptions | WatchOptions): Outcome<(object: KubeObject) => boolean> {
  try {
    return success(matcherOf(options));
  } catch (error) {
    return failure({ kind: "Invalid", message: (error as Error).message });
  }
}
