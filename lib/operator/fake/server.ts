import type {
  ApplyOptions,
  KubeApi,
  ListOptions,
  MergeOptions,
  Page,
  Patch,
  Resource,
  Watch,
  WatchOptions,
} from "../api.ts";
import { type ApiError, failure, type Outcome, success } from "../errors.ts";
import { compareVersions, type Key, keyOf, type KubeObject, type ObjectName } from "../object.ts";
import { type Call, type Fault, type FaultPlan, noFaults, randomNumbers } from "./faults.ts";
import { type Feed, startFeed } from "./feed.ts";
import { frozen } from "./json.ts";
import { KindState, type Stored } from "./kind.ts";
import { matcherOf } from "./selectors.ts";
import type { FakeOptions, FakeServer, FakeUser } from "./types.ts";
import { applied, created, deleted, type Effect, merged, type Stamp } from "./writes.ts";

/** How long a call takes that times out, that is slow, and for which a watch is silent before it breaks. */
const TIMEOUT_MS = 10_000;
const SLOW_MS = 20_000;
const SILENT_MS = 30_000;
const PAGE = 500;

interface Kind {
  readonly state: KindState;
  readonly feeds: Set<Feed<KubeObject>>;
}

/** Starts a fake API server without objects. */
export function fakeServer(options: FakeOptions): FakeServer {
  const { clock, latencyMs = 0, continueMs = 300_000, bookmarkMs = 60_000 } = options;
  const random = randomNumbers(options.seed ?? 1);
  const kinds = new Map<string, Kind>();
  const listeners = new Set<(call: Call) => void>();
  let plan: FaultPlan = options.faults ?? noFaults;
  let calls = 0;
  let version = 1000;
  let objects = 0;

  const kindOf = ({ group, plural }: Resource): Kind => {
    const name = `${plural}.${group}`;
    let kind = kinds.get(name);
    if (kind === undefined) {
      kind = { state: new KindState(options.history ?? 1000, String(version)), feeds: new Set() };
      const { feeds } = kind;
      kind.state.listen((change) => {
        for (const feed of [...feeds]) feed.tell(change);
      });
      kinds.set(name, kind);
    }
    return kind;
  };
  const stamp = (): Stamp => ({
    version: String(version + 1),
    nowMs: clock.nowMs(),
    uid: () => `00000000-0000-4000-8000-${String(++objects).padStart(12, "0")}`,
  });
  /** Does what an effect says; the object is undefined when there was nothing to give back any more. */
  const commit = <T extends KubeObject>(
    { state }: Kind,
    key: Key,
    effect: Effect,
  ): Outcome<{ object: T; gone: boolean }> => {
    if (effect.kind === "refuse") return failure(effect.error);
    if (effect.kind === "none") return success({ object: effect.object as T, gone: false });
    state.commit(String(++version), key, effect.kind === "put" ? effect.stored : undefined);
    if (effect.kind === "put") return success({ object: effect.stored.object as T, gone: false });
    return success({ object: effect.object as T, gone: true });
  };
  const drop = (kind: Kind) => {
    for (const feed of [...kind.feeds])
      feed.end({ kind: "Unreachable", message: "The connection of the watch broke." });
  };
  const forget = ({ state }: Kind) => state.forget(String(version));
  const miss = (kind: Kind) => {
    const silenced = [...kind.feeds];
    for (const feed of silenced) feed.silence();
    clock.setTimer(SILENT_MS, () => {
      forget(kind);
      for (const feed of silenced) feed.end({ kind: "Unreachable", message: "The connection of the watch broke." });
    });
  };

  const perform = async <R>(
    call: Omit<Call, "index">,
    kind: Kind,
    signal: AbortSignal | undefined,
    work: (stale: boolean) => Outcome<R>,
  ): Promise<Outcome<R>> => {
    const counted = { ...call, index: calls++ };
    for (const listen of [...listeners]) listen(counted);
    if (signal?.aborted) return failure(gaveUp);
    const fault: Fault | undefined = plan(counted);
    if (fault === "watchDrop") drop(kind);
    if (fault === "gone") forget(kind);
    if (fault === "missedEvent") miss(kind);
    if (latencyMs > 0 && !(await clock.sleep(latencyMs, signal))) return failure(gaveUp);
    if (fault === "error")
      return failure({ kind: "ServerError", status: 500, message: "The server was told to fail." });
    if (fault === "timeoutAfterCommit") {
      work(false);
      await clock.sleep(TIMEOUT_MS, signal);
      return failure({ kind: "Timeout", message: "No answer came." });
    }
    if (fault !== "slow") return work(fault === "stale");
    return await new Promise((resolve) => {
      const leave = () => resolve(failure(gaveUp));
      signal?.addEventListener("abort", leave, { once: true });
      clock.setTimer(SLOW_MS, () => {
        signal?.removeEventListener("abort", leave);
        resolve(work(false));
      });
    });
  };

  const list = <T extends KubeObject>(kind: Kind, options: ListOptions, stale: boolean): Outcome<Page<T>> => {
    const token = options.continue === undefined ? undefined : readToken(options.continue);
    if (token === null) return failure({ kind: "Invalid", message: "continue key is not valid" });
    const at = token?.version ?? (stale ? someOf(kind.state.versions()) : String(version));
    if (!kind.state.remembers(at) || (token !== undefined && clock.nowMs() > token.endMs))
      return failure({ kind: "Gone", message: "The provided continue parameter is too old." });
    const matches = matching(options);
    if (!matches.ok) return matches;
    const found = kind.state.at(at).filter(matches.value);
    const first = token === undefined ? 0 : found.findIndex(({ metadata }) => keyOf(metadata) > token.after);
    const items = first < 0 ? [] : found.slice(first, first + (options.limit ?? (token ? PAGE : Infinity)));
    const last = items.at(-1);
    const more = last !== undefined && last !== found.at(-1);
    const next: Token = {
      version: at,
      after: last ? keyOf(last.metadata) : "",
      endMs: token?.endMs ?? clock.nowMs() + continueMs,
    };
    return success({
      items: items as T[],
      resourceVersion: at,
      malformed: 0,
      ...(more ? { continue: writeToken(next) } : {}),
    });
  };
  const someOf = (versions: readonly string[]) => versions[Math.floor(random() * versions.length)]!;

  const watch = <T extends KubeObject>(kind: Kind, options: WatchOptions): Outcome<Watch<T>> => {
    if (compareVersions(options.resourceVersion, String(version)) > 0)
      return failure({ kind: "Timeout", message: `Too large resource version: ${options.resourceVersion}` });
    if (!kind.state.remembers(options.resourceVersion))
      return failure({ kind: "Gone", message: `too old resource version: ${options.resourceVersion}` });
    const matches = matching(options);
    if (!matches.ok) return matches;
    const feed: Feed<KubeObject> = startFeed({
      clock,
      matches: matches.value,
      timeoutMs: options.timeoutMs,
      bookmarkMs,
      version: () => String(version),
      signal: options.signal,
      ended: () => void kind.feeds.delete(feed),
    });
    if (!options.signal?.aborted) kind.feeds.add(feed);
    for (const change of kind.state.since(options.resourceVersion)) feed.tell(change);
    return success(feed.events as unknown as Watch<T>);
  };

  const api = <T extends KubeObject>(resource: Resource): KubeApi<T> => {
    const kind = kindOf(resource);
    const { plural } = resource;
    const found = (name: ObjectName): Stored | undefined => kind.state.get(keyOf(name));
    const absent = (name: ObjectName): ApiError => ({
      kind: "NotFound",
      message: `${plural} ${JSON.stringify(name.name)} not found`,
    });
    const objectOf = (outcome: Outcome<{ object: T; gone: boolean }>): Outcome<T> =>
      outcome.ok ? success(outcome.value.object) : outcome;
    const write = (verb: Call["verb"], name: ObjectName, signal: AbortSignal | undefined, effect: () => Effect) =>
      perform({ verb, plural, key: keyOf(name) }, kind, signal, () => commit<T>(kind, keyOf(name), effect()));
    const present = (name: ObjectName, effect: (before: Stored) => Effect): Effect => {
      const before = found(name);
      return before === undefined ? { kind: "refuse", error: absent(name) } : effect(before);
    };
    return {
      resource,
      list: (options = {}) =>
        perform({ verb: "list", plural, key: "" }, kind, options.signal, (stale) => list<T>(kind, options, stale)),
      watch: (options) =>
        perform({ verb: "watch", plural, key: "" }, kind, options.signal, () => watch<T>(kind, options)),
      get: (name, options = {}) =>
        perform({ verb: "get", plural, key: keyOf(name) }, kind, options.signal, (stale) => {
          const seen = stale
            ? kind.state.at(someOf(kind.state.versions())).find(({ metadata }) => keyOf(metadata) === keyOf(name))
            : found(name)?.object;
          return seen === undefined ? failure(absent(name)) : success(seen as T);
        }),
      create: async (name, fields, options = {}) =>
        objectOf(
          await write("create", name, options.signal, () =>
            found(name)
              ? { kind: "refuse", error: { kind: "AlreadyExists", message: `${plural} "${name.name}" already exists` } }
              : created(resource, name, fields, options, stamp()),
          ),
        ),
      apply: async (name, fields, options: ApplyOptions) =>
        objectOf(
          await write("apply", name, options.signal, () =>
            applied(resource, name, found(name), fields, options, stamp()),
          ),
        ),
      merge: async (name, patch, options: MergeOptions = {}) =>
        objectOf(
          await write("merge", name, options.signal, () =>
            present(name, (before) => merged(resource, before, patch, options, stamp())),
          ),
        ),
      delete: async (name, options = {}) => {
        const outcome = await write("delete", name, options.signal, () =>
          present(name, (before) => deleted(resource, before, options, stamp())),
        );
        return outcome.ok ? success(outcome.value.gone ? undefined : outcome.value.object) : outcome;
      },
    };
  };

  const user: FakeUser = {
    get: (resource, name) => kindOf(resource).state.get(keyOf(name))?.object as never,
    list: (resource) => kindOf(resource).state.at(String(version)) as never,
    create: <T extends KubeObject>(resource: Resource, name: ObjectName, fields: Patch): T => {
      const kind = kindOf(resource);
      if (kind.state.get(keyOf(name))) throw new Error(`${resource.plural} ${keyOf(name)} exists; expected none.`);
      return must(
        commit<T>(kind, keyOf(name), created(resource, name, frozen(fields), { fieldManager: "user" }, stamp())),
      );
    },
    merge: <T extends KubeObject>(resource: Resource, name: ObjectName, patch: Patch): T => {
      const kind = kindOf(resource);
      const before = kind.state.get(keyOf(name));
      if (before === undefined) throw new Error(`${resource.plural} ${keyOf(name)} is not there; expected it to be.`);
      return must(commit<T>(kind, keyOf(name), merged(resource, before, patch, { fieldManager: "user" }, stamp())));
    },
    delete: (resource, name) => {
      const kind = kindOf(resource);
      const before = kind.state.get(keyOf(name));
      if (before !== undefined) commit(kind, keyOf(name), deleted(resource, before, {}, stamp()));
    },
    dropWatches: () => kinds.forEach(drop),
    forgetHistory: () => kinds.forEach(forget),
  };

  return {
    api,
    user,
    get calls() {
      return calls;
    },
    setFaults: (next) => void (plan = next),
    onCall: (listen) => {
      listeners.add(listen);
      return () => void listeners.delete(listen);
    },
  };
}

interface Token {
  readonly version: string;
  /** Key of the last object of the page before. */
  readonly after: Key;
  readonly endMs: number;
}

const writeToken = ({ version, endMs, after }: Token): string => btoa([version, endMs, after].join(" "));

/** Null for what no server made. */
function readToken(text: string): Token | null {
  try {
    const [, version, endMs, after] = /^(\d+) (\d+) (\S+)$/.exec(atob(text)) ?? [];
    return version && endMs && after ? { version, endMs: Number(endMs), after } : null;
  } catch {
    return null;
  }
}

const gaveUp: ApiError = { kind: "Timeout", message: "The request was given up before its answer had come." };

function matching(options: ListOptions | WatchOptions): Outcome<(object: KubeObject) => boolean> {
  try {
    return success(matcherOf(options));
  } catch (error) {
    return failure({ kind: "Invalid", message: (error as Error).message });
  }
}

function must<T>(outcome: Outcome<{ object: T; gone: boolean }>): T {
  if (outcome.ok) return outcome.value.object;
  throw new Error(`The server refuses: ${outcome.error.message}`);
}
