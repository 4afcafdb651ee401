import type { KubeApi } from "#lib/operator/api.ts";
import { valueOf } from "#lib/operator/errors.ts";
import { keyOf } from "#lib/operator/object.ts";
import { annotations, type Deployment, FINALIZER, hasFinalizer, project } from "./deployment.ts";
import { decodeStatus, encodeStatus, type State } from "./machine.ts";

/** Who writes to Deployments. */
export const FIELD_MANAGER = "cloudflare-operator";

/** The state that a Deployment's annotation says; Unknown for what no state has written. */
export function stateOf({ metadata }: Deployment, nowMs: number): State {
  const text = metadata.annotations?.[annotations.state];
  if (text === undefined) return decodeStatus(undefined, nowMs);
  try {
    return decodeStatus(JSON.parse(text), nowMs);
  } catch {
    return decodeStatus(text, nowMs);
  }
}

/**
 * Writes a state to the Deployment's annotation; with `finalizer` it also sets or removes the operator's own.
 * @returns the Deployment as it is then
 * @throws KubeError when that fails, as for a Deployment that has changed or is gone
 */
export async function record(
  api: KubeApi<Deployment>,
  deployment: Deployment,
  state: State | undefined,
  finalizer: "keep" | "set" | "remove",
  signal: AbortSignal,
): Promise<Deployment> {
  const { metadata } = deployment;
  const others = (metadata.finalizers ?? []).filter((one) => one !== FINALIZER);
  const changes = finalizer !== "keep" && hasFinalizer(deployment) !== (finalizer === "set");
  const outcome = await api.merge(
    metadata,
    {
      metadata: {
        // The server refuses to write to another Deployment that has taken the name.
        uid: metadata.uid,
        annotations: { [annotations.state]: state === undefined ? null : JSON.stringify(encodeStatus(state)) },
        ...(changes && { finalizers: finalizer === "set" ? [...others, FINALIZER] : others }),
      },
    },
    { fieldManager: FIELD_MANAGER, signal, ...(changes && { resourceVersion: metadata.resourceVersion }) },
  );
  return project(valueOf(`write the state of ${keyOf(metadata)}`, outcome));
}
