/**
 * A type of @kubernetes/client-node as it travels: instants are texts (RFC 3339), not `Date`s.
 * `Live<V1Deployment>` is a Deployment that a server gave.
 */
export type Json<T> = T extends Date
  ? string
  : T extends readonly (infer Item)[]
    ? readonly Json<Item>[]
    : T extends object
      ? { readonly [Key in keyof T]: Json<T[Key]> }
      : T;

/** What the kit reads of an object's metadata. A server always gives these; `namespace` is absent for cluster-wide kinds. */
export interface ObjectMeta {
  readonly name: string;
  readonly namespace?: string;
  readonly uid: string;
  /** Orders all writes to one kind of one server; compare with {@link compareVersions}. */
  readonly resourceVersion: string;
  readonly generation?: number;
  readonly creationTimestamp?: string;
  /** Set once somebody asked for deletion; the object stays until `finalizers` is empty. */
  readonly deletionTimestamp?: string;
  readonly finalizers?: readonly string[];
  readonly labels?: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
}

/** Any object that a server gave. */
export interface KubeObject {
  readonly apiVersion?: string;
  readonly kind?: string;
  readonly metadata: ObjectMeta;
}

/** An object of a type of @kubernetes/client-node, as a server gave it. */
export type Live<T> = Json<T> & KubeObject;

/** Names an object of a kind. `namespace` is absent for cluster-wide kinds. */
export interface ObjectName {
  readonly name: string;
  readonly namespace?: string;
}

/** `<namespace>/<name>`, or `<name>` for a cluster-wide object: what queues and stores know an object by. */
export type Key = string;

/** The key of an object or of its name. */
export function keyOf({ namespace, name }: ObjectName): Key {
  return namespace === undefined || namespace === "" ? name : `${namespace}/${name}`;
}

/** The name that a key stands for. */
export function nameOf(key: Key): ObjectName {
  const slash = key.indexOf("/");
  return slash < 0 ? { name: key } : { namespace: key.slice(0, slash), name: key.slice(slash + 1) };
}

/**
 * Orders two resource versions of one kind: negative when `a` is older. They are decimal numbers of any length without
 * leading zeros (KEP-5504). The empty version is older than all.
 */
export function compareVersions(a: string, b: string): number {
  if (a.length !== b.length) return a.length - b.length;
  return a < b ? -1 : a > b ? 1 : 0;
}
