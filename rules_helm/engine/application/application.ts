import { stringify } from "yaml";
import { imageUpdaterAnnotations } from "./image-updater.ts";
import { refuse } from "./refuse.ts";
import type { ApplicationRequest } from "./request.ts";
import { sourcesOf } from "./sources.ts";

const cascadeFinalizer = "resources-finalizer.argocd.argoproj.io";

/**
 * The Application as YAML; the same request gives the same bytes. Throws an error that lists everything that Argo CD
 * would not take.
 */
export function applicationText(request: ApplicationRequest): string {
  const wrong = refuse(request);
  if (wrong.length > 0) throw new Error(wrong.join("\n"));
  return stringify(application(request), { lineWidth: 0, aliasDuplicateObjects: false });
}

function application(request: ApplicationRequest): unknown {
  const annotations = sorted({
    ...imageUpdaterAnnotations(request),
    ...(request.syncWave === "" ? {} : { "argocd.argoproj.io/sync-wave": request.syncWave }),
  });
  return {
    apiVersion: "argoproj.io/v1alpha1",
    kind: "Application",
    metadata: {
      name: request.name,
      namespace: request.argocdNamespace,
      ...(Object.keys(annotations).length > 0 ? { annotations } : {}),
      ...(request.cascade ? { finalizers: [cascadeFinalizer] } : {}),
    },
    spec: {
      project: request.project,
      ...sourcesOf(request),
      destination: { ...request.destination, namespace: request.namespace },
      ...(Object.keys(request.syncPolicy).length > 0 ? { syncPolicy: inOrder(request.syncPolicy, policyOrder) } : {}),
      ...(request.ignoreDifferences.length > 0
        ? { ignoreDifferences: request.ignoreDifferences.map((entry) => inOrder(entry, ignoredOrder)) }
        : {}),
    },
  };
}

const policyOrder = ["automated", "syncOptions", "retry", "managedNamespaceMetadata"];
const ignoredOrder = ["group", "kind", "name", "namespace"];

/** The same record with these keys first: the order in which people read them. */
function inOrder(record: object, first: readonly string[]): object {
  const rank = (key: string): number => (first.includes(key) ? first.indexOf(key) : first.length);
  return Object.fromEntries(Object.entries(record).sort(([a], [b]) => rank(a) - rank(b)));
}

function sorted(record: Record<string, string>): Record<string, string> {
  return Object.fromEntries(Object.entries(record).sort(([a], [b]) => (a < b ? -1 : 1)));
}
