import type { KubeObject } from "#lib/operator/object.ts";

/** What is read of a Deployment: its metadata alone. */
export type Deployment = KubeObject;

/** The annotations by which a Deployment is published; {@link annotations.state} is the operator's own. */
export const annotations = {
  hostname: "cloudflare.ingress.hostname",
  policy: "cloudflare.zero-trust.policy",
  service: "cloudflare.ingress.service",
  port: "cloudflare.ingress.port",
  disabled: "cloudflare.ingress.disabled",
  state: "cloudflare.ingress.state",
} as const;

/** Keeps a Deployment until nothing of it is left in Cloudflare. */
export const FINALIZER = "cloudflare.ingress/finalizer";

/** What a cache keeps of a Deployment: names, ages, finalizers and our annotations. */
export function project({ metadata }: Deployment): Deployment {
  const { name, namespace, uid, resourceVersion, creationTimestamp, deletionTimestamp, finalizers } = metadata;
  const ours = Object.entries(metadata.annotations ?? {}).filter(([key]) => key.startsWith("cloudflare."));
  return {
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: {
      name,
      ...(namespace !== undefined && { namespace }),
      uid,
      resourceVersion,
      ...(creationTimestamp !== undefined && { creationTimestamp }),
      ...(deletionTimestamp !== undefined && { deletionTimestamp }),
      ...(finalizers !== undefined && { finalizers }),
      ...(ours.length > 0 && { annotations: Object.fromEntries(ours) }),
    },
  };
}

/** Whether the operator's finalizer is on it. */
export const hasFinalizer = ({ metadata }: Deployment): boolean => metadata.finalizers?.includes(FINALIZER) ?? false;
