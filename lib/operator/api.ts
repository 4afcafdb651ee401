import type { Outcome } from "./errors.ts";
import type { KubeObject, ObjectName } from "./object.ts";

/** One kind of object, as the paths of the API name it. */
export interface Resource {
  /** Empty for the core group. */
  readonly group: string;
  readonly version: string;
  /** Lower case: `deployments`. */
  readonly plural: string;
  readonly kind: string;
  readonly namespaced: boolean;
  /** Whether it has the status subresource: then `status` is written through it alone, and `generation` counts changes of the rest. */
  readonly status?: true;
}

/** Which objects a list or a watch covers. */
export interface Selection {
  /** Absent: all namespaces. */
  readonly namespace?: string;
  readonly labelSelector?: string;
  readonly fieldSelector?: string;
}

export interface ListOptions extends Selection {
  /** Objects a page; the server may give more. */
  readonly limit?: number;
  /** From the page before. Expires after some minutes ("Gone"). */
  readonly continue?: string;
  /** Absent: the most recent state. "0": whatever the server has at hand, which may be old. */
  readonly resourceVersion?: string;
  readonly signal?: AbortSignal;
}

/** One page of a list. All pages of one list show the state at the same version. */
export interface Page<T> {
  readonly items: readonly T[];
  readonly resourceVersion: string;
  /** Present when there are more. */
  readonly continue?: string;
  /** Items that are no objects, which were passed over. */
  readonly malformed: number;
}

export interface WatchOptions extends Selection {
  /** Events after this version. */
  readonly resourceVersion: string;
  /** The server ends the watch after about so long. */
  readonly timeoutMs: number;
  readonly signal?: AbortSignal;
}

/** What a watch tells. A bookmark says that all changes up to its version have been told. */
export type WatchEvent<T> =
  | { readonly type: "ADDED" | "MODIFIED" | "DELETED"; readonly object: T }
  | { readonly type: "BOOKMARK"; readonly resourceVersion: string }
  /** A line that is no event: told, so that it can be counted, and passed over. */
  | { readonly type: "MALFORMED"; readonly message: string };

/**
 * A running watch: its events in order, read as fast as the reader reads. It ends when the server ends it or its signal
 * is aborted; the value that the generator returns then is a success for an orderly end, or says what broke it.
 */
export type Watch<T> = AsyncGenerator<WatchEvent<T>, Outcome<undefined>, undefined>;

/** Who writes, for server-side apply; also on merge patches and creations, where it only names the owner of the fields. */
export interface WriteOptions {
  readonly fieldManager?: string;
  readonly signal?: AbortSignal;
}

export interface ApplyOptions extends WriteOptions {
  readonly fieldManager: string;
  /** Takes fields over that another manager owns, instead of "Conflict". */
  readonly force?: boolean;
  readonly subresource?: "status";
}

export interface MergeOptions extends WriteOptions {
  /** The write happens only while the object is at this version ("Conflict" otherwise). */
  readonly resourceVersion?: string;
  readonly subresource?: "status";
}

export interface DeleteOptions {
  /** The object is deleted only if it is this one and at this version ("Conflict" otherwise). */
  readonly preconditions?: { readonly uid?: string; readonly resourceVersion?: string };
  readonly propagation?: "Background" | "Foreground" | "Orphan";
  readonly signal?: AbortSignal;
}

/** Fields to write: JSON with any subset of an object's fields. In a merge patch null removes a field. */
export type Patch = { readonly [field: string]: unknown };

/**
 * One kind of object of one API server. Expected failures are outcomes; nothing is retried. Implemented over HTTP
 * ({@link httpApi}) and in process for tests ({@link FakeServer}); one conformance suite holds both to the same.
 * Nothing that it gives may be changed by its caller.
 */
export interface KubeApi<T extends KubeObject> {
  readonly resource: Resource;
  list(options?: ListOptions): Promise<Outcome<Page<T>>>;
  /** Resolves once the server has accepted the watch. A version that is too old is "Gone", here or as the watch's end. */
  watch(options: WatchOptions): Promise<Outcome<Watch<T>>>;
  /** Reads the most recent state. */
  get(name: ObjectName, options?: { readonly signal?: AbortSignal }): Promise<Outcome<T>>;
  /** `apiVersion` and `kind` are filled in. */
  create(name: ObjectName, object: Patch, options?: WriteOptions): Promise<Outcome<T>>;
  /** Server-side apply: the object has exactly these fields from this manager afterwards, and is created when it is absent. */
  apply(name: ObjectName, fields: Patch, options: ApplyOptions): Promise<Outcome<T>>;
  /** JSON merge patch (RFC 7396). */
  merge(name: ObjectName, patch: Patch, options?: MergeOptions): Promise<Outcome<T>>;
  /** The value is the object when finalizers keep it, undefined when it is gone. */
  delete(name: ObjectName, options?: DeleteOptions): Promise<Outcome<T | undefined>>;
}

/** A server, for which an API of each kind is made. */
export interface KubeServer {
  api<T extends KubeObject>(resource: Resource): KubeApi<T>;
}
