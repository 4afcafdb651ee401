import type { KubeApi } from "./api.ts";
import { KubeError, mayBeCommitted, type Outcome } from "./errors.ts";
import { compareVersions, type Key, keyOf, type KubeObject, nameOf, type ObjectName } from "./object.ts";
import type { Reader } from "./store.ts";

/** What the cache has to show before a key may be reconciled again. */
type Expectation =
  | { readonly kind: "version"; readonly version: string }
  | { readonly kind: "gone"; readonly uid: string | undefined }
  /** A write whose end is not known: what the server has now must be read first. */
  | { readonly kind: "unknown" };

/** Keeps what a controller has written until its cache shows it, so that no reconciliation sees the state of before. */
export interface OwnWrites<T extends KubeObject> {
  /** The same API; its writes are remembered. */
  readonly api: KubeApi<T>;
  /** Whether the cache has all that was written to the object of the key. Forgets what it has. */
  shown(key: Key): boolean;
  /**
   * Finds out what became of a write whose end is not known, by reading the object; ask {@link OwnWrites.shown} then.
   * @throws KubeError when the reading fails; the end is as unknown as before
   */
  clarify(key: Key, signal: AbortSignal): Promise<void>;
  /** Whether {@link OwnWrites.clarify} has something to find out. */
  unclear(key: Key): boolean;
  /**
   * The cache has not shown a write for `waitedMs`. Perhaps another object of the name is there by now, or, after a
   * minute, the server was restored to a version of before the write: that is to be found out.
   */
  doubt(key: Key, waitedMs: number): void;
}

/** A cache that lags so much may never show the write. */
const RESTORED_MS = 60_000;

/** Remembers the writes that go through an API, until `cache` shows them. */
export function ownWrites<T extends KubeObject>(api: KubeApi<T>, cache: Reader<T>): OwnWrites<T> {
  const expected = new Map<Key, Expectation>();
  const note = (key: Key, expectation: Expectation) => {
    const before = expected.get(key);
    const older =
      before?.kind === "version" &&
      expectation.kind === "version" &&
      compareVersions(expectation.version, before.version) < 0;
    if (!older) expected.set(key, expectation);
  };
  const writing = async (name: ObjectName, write: () => Promise<Outcome<T>>): Promise<Outcome<T>> => {
    const outcome = await attempt(name, write);
    if (!outcome.ok) return outcome;
    const { uid, resourceVersion, deletionTimestamp, finalizers = [] } = outcome.value.metadata;
    const gone = deletionTimestamp !== undefined && finalizers.length === 0;
    note(keyOf(name), gone ? { kind: "gone", uid } : { kind: "version", version: resourceVersion });
    return outcome;
  };
  const attempt = async <R>(name: ObjectName, write: () => Promise<Outcome<R>>): Promise<Outcome<R>> => {
    const outcome = await write();
    if (!outcome.ok && mayBeCommitted(outcome.error)) note(keyOf(name), { kind: "unknown" });
    return outcome;
  };
  return {
    api: {
      resource: api.resource,
      list: (options) => api.list(options),
      watch: (options) => api.watch(options),
      get: (name, options) => api.get(name, options),
      create: (name, object, options) => writing(name, () => api.create(name, object, options)),
      apply: (name, fields, options) => writing(name, () => api.apply(name, fields, options)),
      merge: (name, patch, options) => writing(name, () => api.merge(name, patch, options)),
      delete: async (name, options) => {
        const outcome = await attempt(name, () => api.delete(name, options));
        if (!outcome.ok) return outcome;
        const version = outcome.value?.metadata.resourceVersion;
        const uid = options?.preconditions?.uid ?? cache.get(keyOf(name))?.metadata.uid;
        note(keyOf(name), version === undefined ? { kind: "gone", uid } : { kind: "version", version });
        return outcome;
      },
    },
    shown: (key) => {
      const expectation = expected.get(key);
      if (expectation === undefined) return true;
      if (expectation.kind === "unknown") return false;
      const cached = cache.get(key);
      const there =
        expectation.kind === "version"
          ? compareVersions(cache.resourceVersion, expectation.version) >= 0
          : cached === undefined || cached.metadata.uid !== expectation.uid;
      if (there) expected.delete(key);
      return there;
    },
    doubt: (key, waitedMs) => {
      const kind = expected.get(key)?.kind;
      if (kind === "gone" || (kind === "version" && waitedMs >= RESTORED_MS)) expected.set(key, { kind: "unknown" });
    },
    unclear: (key) => expected.get(key)?.kind === "unknown",
    clarify: async (key, signal) => {
      if (expected.get(key)?.kind !== "unknown") return;
      const outcome = await api.get(nameOf(key), { signal });
      if (outcome.ok) expected.set(key, { kind: "version", version: outcome.value.metadata.resourceVersion });
      else if (outcome.error.kind === "NotFound")
        expected.set(key, { kind: "gone", uid: cache.get(key)?.metadata.uid });
      else throw new KubeError(`read ${key}`, outcome.error);
    },
  };
}
