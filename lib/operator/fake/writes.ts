import type { ApplyOptions, DeleteOptions, MergeOptions, Resource, WriteOptions } from "../api.ts";
import type { ApiError } from "../errors.ts";
import { type KubeObject, keyOf, type ObjectName } from "../object.ts";
import { apiVersionOf } from "../resources.ts";
import { equal, type Fields, frozen, isFields, mergePatch } from "./json.ts";
import type { Stored } from "./kind.ts";
import { applyFields, type Owners, ownerName, ownersAfter, shownPath } from "./ownership.ts";

/** What a write does to an object. */
export type Effect =
  | { readonly kind: "put"; readonly stored: Stored }
  | { readonly kind: "remove"; readonly object: KubeObject }
  | { readonly kind: "none"; readonly object: KubeObject }
  | { readonly kind: "refuse"; readonly error: ApiError };

/** What the server gives to a write. */
export interface Stamp {
  /** The version of the write, if it changes something. */
  readonly version: string;
  readonly nowMs: number;
  readonly uid: () => string;
}

/** Makes an object. */
export function created(
  resource: Resource,
  name: ObjectName,
  fields: Fields,
  options: WriteOptions,
  stamp: Stamp,
): Effect {
  const owner = ownerName(options.fieldManager ?? "unknown", "Update");
  const object = fresh(resource, name, fields, stamp);
  if (object === undefined) return badName(name);
  return { kind: "put", stored: { object, owners: ownersAfter(new Map(), owner, {}, asFields(object)) } };
}

/** Changes an object by a JSON merge patch. */
export function merged(resource: Resource, before: Stored, patch: Fields, options: MergeOptions, stamp: Stamp): Effect {
  const { resourceVersion } = before.object.metadata;
  if (options.resourceVersion !== undefined && options.resourceVersion !== resourceVersion)
    return refuse("Conflict", `${describe(resource, before.object)} has been modified: it is at ${resourceVersion}`);
  const owner = ownerName(options.fieldManager ?? "unknown", "Update", options.subresource);
  const wanted = scoped(resource, mergePatch(before.object, patch) as Fields, before.object, options.subresource);
  return settled(resource, before, wanted, stamp, (after) =>
    ownersAfter(before.owners, owner, asFields(before.object), after),
  );
}

/** Server-side apply. */
export function applied(
  resource: Resource,
  name: ObjectName,
  before: Stored | undefined,
  fields: Fields,
  options: ApplyOptions,
  stamp: Stamp,
): Effect {
  const owner = ownerName(options.fieldManager, "Apply", options.subresource);
  if (before === undefined) {
    if (options.subresource !== undefined)
      return refuse("NotFound", `${resource.plural} ${JSON.stringify(name.name)} not found`);
    const object = fresh(resource, name, fields, stamp);
    if (object === undefined) return badName(name);
    const result = applyFields({}, new Map(), owner, own(resource, fields, undefined), false);
    return { kind: "put", stored: { object, owners: result.kind === "applied" ? result.owners : new Map() } };
  }
  const wanted = own(resource, fields, options.subresource);
  const result = applyFields(asFields(before.object), before.owners, owner, wanted, options.force ?? false);
  if (result.kind === "conflict")
    return refuse(
      "Conflict",
      `Apply failed with ${result.paths.length} conflicts: ${result.paths.map(shownPath).join(", ")}`,
    );
  return settled(
    resource,
    before,
    scoped(resource, result.fields, before.object, options.subresource),
    stamp,
    () => result.owners,
  );
}

/** Asks for deletion. */
export function deleted(resource: Resource, before: Stored, options: DeleteOptions, stamp: Stamp): Effect {
  const { object } = before;
  const { uid, resourceVersion } = options.preconditions ?? {};
  if (uid !== undefined && uid !== object.metadata.uid)
    return refuse("Conflict", `${describe(resource, object)}: the UID in the precondition (${uid}) does not match`);
  if (resourceVersion !== undefined && resourceVersion !== object.metadata.resourceVersion)
    return refuse("Conflict", `${describe(resource, object)}: the version in the precondition does not match`);
  if ((object.metadata.finalizers ?? []).length === 0) return { kind: "remove", object };
  if (object.metadata.deletionTimestamp !== undefined) return { kind: "none", object };
  const metadata = {
    ...object.metadata,
    deletionTimestamp: instant(stamp.nowMs),
    resourceVersion: stamp.version,
    ...(resource.status ? { generation: (object.metadata.generation ?? 0) + 1 } : {}),
  };
  return { kind: "put", stored: { ...before, object: frozen({ ...object, metadata }) } };
}

function fresh(resource: Resource, name: ObjectName, fields: Fields, stamp: Stamp): KubeObject | undefined {
  if (!/^[a-z0-9]([-a-z0-9.]*[a-z0-9])?$/.test(name.name) || (name.namespace !== undefined) !== resource.namespaced)
    return undefined;
  const { status: _, ...rest } = fields;
  return frozen({
    ...(resource.status ? rest : fields),
    apiVersion: apiVersionOf(resource),
    kind: resource.kind,
    metadata: {
      ...given(fields["metadata"]),
      ...name,
      uid: stamp.uid(),
      resourceVersion: stamp.version,
      creationTimestamp: instant(stamp.nowMs),
      ...(resource.status ? { generation: 1 } : {}),
    },
  });
}

/** Brings new fields into the shape that the server would store, and sees what that changes. */
function settled(
  resource: Resource,
  before: Stored,
  wanted: Fields,
  stamp: Stamp,
  ownersOf: (after: Fields) => Owners,
): Effect {
  const { metadata } = before.object;
  const next: Fields = { ...wanted, metadata: { ...given(wanted["metadata"]), ...system(before.object) } };
  const finalizers = (next["metadata"] as { finalizers?: readonly string[] }).finalizers ?? [];
  const added = finalizers.filter((finalizer) => !(metadata.finalizers ?? []).includes(finalizer));
  if (metadata.deletionTimestamp !== undefined && added.length > 0)
    return refuse(
      "Invalid",
      `no new finalizers can be added if the object is being deleted, found ${added.join(", ")}`,
    );
  const owners = ownersOf(next);
  const same = equal(next, before.object);
  if (same && sameOwners(owners, before.owners)) return { kind: "none", object: before.object };
  const respecified = !equal(specification(resource, next), specification(resource, asFields(before.object)));
  const object = frozen({
    ...next,
    metadata: {
      ...(next["metadata"] as object),
      resourceVersion: stamp.version,
      ...(resource.status && respecified ? { generation: (metadata.generation ?? 0) + 1 } : {}),
    },
  }) as unknown as KubeObject;
  if (metadata.deletionTimestamp !== undefined && finalizers.length === 0) return { kind: "remove", object };
  return { kind: "put", stored: { object, owners } };
}

/** What a write through this door may change; the rest stays as it was. */
function scoped(resource: Resource, wanted: Fields, before: KubeObject, subresource: "status" | undefined): Fields {
  if (!resource.status) return wanted;
  const old = asFields(before);
  return subresource === "status" ? { ...old, status: wanted["status"] } : { ...wanted, status: old["status"] };
}

function own(resource: Resource, fields: Fields, subresource: "status" | undefined): Fields {
  if (!resource.status) return fields;
  const { status, ...rest } = fields;
  return subresource === "status" ? (status === undefined ? {} : { status }) : rest;
}

function system({ metadata }: KubeObject): Fields {
  const { name, namespace, uid, resourceVersion, generation, creationTimestamp, deletionTimestamp } = metadata;
  return { name, namespace, uid, resourceVersion, generation, creationTimestamp, deletionTimestamp };
}

/** What `generation` counts the changes of: all but metadata and status, with a deployment's annotations. */
function specification({ plural }: Resource, { metadata, status: _, ...rest }: Fields): Fields {
  return plural === "deployments" ? { ...rest, annotations: given(metadata)["annotations"] } : rest;
}

function sameOwners(a: Owners, b: Owners): boolean {
  if (a.size !== b.size) return false;
  return [...a].every(([name, paths]) => {
    const others = b.get(name);
    return others?.size === paths.size && [...paths].every((path) => others.has(path));
  });
}

const refuse = (kind: "Conflict" | "Invalid" | "NotFound", message: string): Effect => ({
  kind: "refuse",
  error: { kind, message },
});
const badName = (name: ObjectName): Effect =>
  refuse("Invalid", `${JSON.stringify(keyOf(name))} is no name of such an object`);
const asFields = (object: KubeObject): Fields => object as unknown as Fields;
const given = (metadata: unknown): Fields => (isFields(metadata) ? metadata : {});
const describe = ({ plural }: Resource, { metadata }: KubeObject) => `${plural} ${JSON.stringify(metadata.name)}`;
const instant = (ms: number): string => new Date(ms).toISOString().replace(/\.\d+Z$/, "Z");
