import { equal, type Fields, isFields, mergePatch } from "./json.ts";

/** Manager → the paths of the fields that it owns. Apply and update of one manager are two, as in `managedFields`. */
export type Owners = ReadonlyMap<string, ReadonlySet<string>>;

/** The name of who writes in {@link Owners}. */
export const ownerName = (manager: string, operation: "Apply" | "Update", subresource = ""): string =>
  `${manager} ${operation} ${subresource}`;

/** What applying came to: new fields and owners, or the fields that others own. */
export type Applied =
  | { readonly kind: "applied"; readonly fields: Fields; readonly owners: Owners }
  | { readonly kind: "conflict"; readonly paths: readonly string[] };

/**
 * Server-side apply, at the level of leaves: lists are one leaf, but for finalizers, of which each is one.
 * What the manager owned before and does not name any more is removed, unless another owns it too.
 */
export function applyFields(current: Fields, owners: Owners, owner: string, wanted: Fields, force: boolean): Applied {
  const leaves = leavesOf(wanted);
  const before = leavesOf(current);
  const others = (path: string) => [...owners].filter(([name, paths]) => name !== owner && paths.has(path));
  const changed = [...leaves].filter(([path, value]) => !equal(before.get(path), value));
  const contested = changed.map(([path]) => path).filter((path) => others(path).length > 0);
  if (contested.length > 0 && !force) return { kind: "conflict", paths: contested };

  const dropped = [...(owners.get(owner) ?? [])].filter((path) => !leaves.has(path) && others(path).length === 0);
  const merged = mergePatch(current, withoutFinalizers(wanted)) as Fields;
  const pruned = dropped.reduce(without, merged);
  const next = new Map([...owners].map(([name, paths]) => [name, new Set(paths)] as const));
  for (const path of contested) for (const [name, paths] of next) if (name !== owner) paths.delete(path);
  next.set(owner, new Set(leaves.keys()));
  return { kind: "applied", fields: withFinalizers(pruned, current, leaves, dropped), owners: compact(next) };
}

/** The owners after somebody has written other values: what changed belongs to the writer alone. */
export function ownersAfter(owners: Owners, owner: string, before: Fields, after: Fields): Owners {
  const [old, now] = [leavesOf(before), leavesOf(after)];
  const next = new Map([...owners].map(([name, paths]) => [name, new Set(paths)] as const));
  const disown = (path: string) => {
    for (const paths of next.values()) paths.delete(path);
  };
  for (const path of old.keys()) if (!now.has(path)) disown(path);
  const own = next.get(owner) ?? new Set<string>();
  for (const [path, value] of now) {
    if (equal(old.get(path), value)) continue;
    disown(path);
    own.add(path);
  }
  next.set(owner, own);
  return compact(next);
}

const SYSTEM = new Set(["name", "namespace", "uid", "resourceVersion", "generation", "creationTimestamp"]);
SYSTEM.add("deletionTimestamp");
SYSTEM.add("managedFields");

/** No field's name holds it. */
const SEPARATOR = "\0";
const pathOf = (names: readonly string[]): string => names.join(SEPARATOR);

/** A path as people read it: `metadata.labels.app`. */
export const shownPath = (path: string): string => path.replaceAll(SEPARATOR, ".");

/** Path → value of each leaf that a manager can own. */
function leavesOf(fields: Fields): Map<string, unknown> {
  const leaves = new Map<string, unknown>();
  const walk = (value: unknown, path: readonly string[]) => {
    if (isFields(value) && Object.keys(value).length > 0) {
      for (const [name, item] of Object.entries(value)) walk(item, [...path, name]);
    } else if (path[0] === "metadata" && path[1] === "finalizers" && Array.isArray(value)) {
      for (const item of value) leaves.set(pathOf([...path, String(item)]), item);
    } else if (value !== undefined) leaves.set(pathOf(path), value);
  };
  for (const [name, value] of Object.entries(fields)) {
    if (name === "apiVersion" || name === "kind") continue;
    if (name !== "metadata" || !isFields(value)) walk(value, [name]);
    else for (const [field, item] of Object.entries(value)) if (!SYSTEM.has(field)) walk(item, [name, field]);
  }
  return leaves;
}

function withoutFinalizers(fields: Fields): Fields {
  const { metadata } = fields;
  if (!isFields(metadata)) return fields;
  return { ...fields, metadata: { ...metadata, finalizers: undefined } };
}

function withFinalizers(
  fields: Fields,
  current: Fields,
  leaves: ReadonlyMap<string, unknown>,
  dropped: readonly string[],
): Fields {
  const metadata = (current["metadata"] ?? {}) as { finalizers?: readonly string[] };
  const kept = (metadata.finalizers ?? []).filter(
    (finalizer) => !dropped.includes(pathOf(["metadata", "finalizers", finalizer])),
  );
  const added = [...leaves]
    .filter(([path]) => path.startsWith(pathOf(["metadata", "finalizers", ""])))
    .map(([, item]) => item);
  const finalizers = [...new Set([...kept, ...(added as string[])])];
  const { finalizers: _, ...rest } = (fields["metadata"] ?? {}) as Record<string, unknown>;
  return { ...fields, metadata: finalizers.length > 0 ? { ...rest, finalizers } : rest };
}

function without(fields: Fields, path: string): Fields {
  const remove = (value: unknown, [name, ...rest]: readonly string[]): unknown => {
    if (!isFields(value) || name === undefined || !(name in value)) return value;
    if (rest.length > 0) return { ...value, [name]: remove(value[name], rest) };
    const { [name]: _, ...others } = value;
    return others;
  };
  const names = path.split(SEPARATOR);
  return names[1] === "finalizers" ? fields : (remove(fields, names) as Fields);
}

const compact = (owners: Map<string, Set<string>>): Owners =>
  new Map([...owners].filter(([, paths]) => paths.size > 0));
