import type { Resource } from "#lib/operator/api.ts";
import type { KubeObject } from "#lib/operator/object.ts";

/** Gadgets, as the paths of the API name them. */
export const GADGETS: Resource = {
  group: "example.org",
  version: "v1",
  plural: "gadgets",
  kind: "Gadget",
  namespaced: true,
  status: true,
};

/** One Gadget as the API server gives it. Its status is whatever stands there: `decodeStatus` reads it. */
export interface Gadget extends KubeObject {
  readonly spec?: { readonly size?: number };
  readonly status?: unknown;
}

/** Keeps each Gadget from vanishing while something of it exists outside. */
export const FINALIZER = "example.org/gadget";

/** The size that one Gadget asks for. */
export const sizeOf = ({ spec }: Gadget): number => spec?.size ?? 1;
