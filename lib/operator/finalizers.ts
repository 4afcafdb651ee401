import type { KubeApi } from "./api.ts";
import { failure, type Outcome, success } from "./errors.ts";
import { type KubeObject, keyOf, type ObjectName } from "./object.ts";

/** Whether an object has a finalizer. */
export function hasFinalizer(object: KubeObject, finalizer: string): boolean {
  return (object.metadata.finalizers ?? []).includes(finalizer);
}

/** Whether somebody asked for the object's deletion: then only its finalizers keep it. */
export function isDeleting(object: KubeObject): boolean {
  return object.metadata.deletionTimestamp !== undefined;
}

/**
 * Makes sure that an object has a finalizer, before anything is made outside for it. Finalizers of others stay.
 * "Invalid" for an object that is being deleted, which can have no new one; "NotFound" when it is another by now.
 */
export async function addFinalizer<T extends KubeObject>(
  api: KubeApi<T>,
  object: T,
  finalizer: string,
  signal?: AbortSignal,
): Promise<Outcome<T>> {
  return await change(api, object, finalizer, signal, (current) => {
    if (hasFinalizer(current, finalizer)) return success(undefined);
    if (!isDeleting(current)) return success([...(current.metadata.finalizers ?? []), finalizer]);
    const message = `${keyOf(current.metadata)} is being deleted; ${finalizer} can not be added any more.`;
    return failure({ kind: "Invalid", message });
  });
}

/**
 * Makes sure that an object does not have a finalizer, after all outside is gone. Finalizers of others stay.
 * "NotFound" when the object is gone or another by now, which is as good.
 */
export async function removeFinalizer<T extends KubeObject>(
  api: KubeApi<T>,
  object: T,
  finalizer: string,
  signal?: AbortSignal,
): Promise<Outcome<T>> {
  return await change(api, object, finalizer, signal, (current) => {
    if (!hasFinalizer(current, finalizer)) return success(undefined);
    return success((current.metadata.finalizers ?? []).filter((one) => one !== finalizer));
  });
}

const ATTEMPTS = 4;

/** Writes other finalizers at the version that was read, and reads anew when somebody else was faster. */
async function change<T extends KubeObject>(
  api: KubeApi<T>,
  object: T,
  finalizer: string,
  signal: AbortSignal | undefined,
  wanted: (current: T) => Outcome<readonly string[] | undefined>,
): Promise<Outcome<T>> {
  const options = signal === undefined ? {} : { signal };
  const name: ObjectName = nameFields(object);
  let current = object;
  for (let attempt = 1; ; attempt++) {
    const finalizers = wanted(current);
    if (!finalizers.ok) return finalizers;
    if (finalizers.value === undefined) return success(current);
    const { resourceVersion } = current.metadata;
    const patch = { metadata: { finalizers: finalizers.value.length > 0 ? finalizers.value : null } };
    const written = await api.merge(name, patch, { ...options, resourceVersion, fieldManager: finalizer });
    if (written.ok || written.error.kind !== "Conflict" || attempt === ATTEMPTS) return written;
    const read = await api.get(name, options);
    if (!read.ok) return read;
    if (read.value.metadata.uid !== object.metadata.uid)
      return failure({ kind: "NotFound", message: `${keyOf(name)} is another object by now.` });
    current = read.value;
  }
}

const nameFields = ({ metadata: { name, namespace } }: KubeObject): ObjectName =>
  namespace === undefined ? { name } : { namespace, name };
