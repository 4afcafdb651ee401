import type { Kubernetes, KubernetesResponse } from "#lib/testing/kubernetes.ts";
import { createDiscovery, type Discovery, resourcePath } from "./discovery.ts";
import type { Finding, Resource } from "./finding.ts";
import { fieldLine } from "./line.ts";
import { prepare } from "./prepare.ts";
import { findingsOf } from "./verdict.ts";

const AT_ONCE = 16;
const QUERY = "dryRun=All&fieldValidation=Strict&fieldManager=validate";

/**
 * Applies every resource to a control plane without keeping it, strictly, and turns what the server refuses or warns of into findings.
 * Namespaces that enforce Pod Security "restricted", and CustomResourceDefinitions, are made for real before.
 */
export async function dryRun(
  plane: Kubernetes,
  resources: readonly Resource[],
  crds: readonly Resource[],
): Promise<Finding[]> {
  await prepare(plane, resources, crds);
  const discovery = createDiscovery(plane);
  const findings: Finding[][] = [];
  const queue = resources.entries();
  const worker = async () => {
    for (const [index, resource] of queue) findings[index] = await tried(plane, discovery, resource);
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
  return findings.flat();
}

async function tried(plane: Kubernetes, discovery: Discovery, resource: Resource): Promise<Finding[]> {
  const kind = await discovery.find(resource.apiVersion, resource.kind);
  if (!kind.served) return [notServed(resource, kind.versions)];
  const answer = await apply(plane, resource, resourcePath(resource, kind));
  return findingsOf(answer).map((verdict) => ({
    ...verdict,
    file: resource.file,
    line: fieldLine(resource, verdict.field),
    resource: named(resource),
  }));
}

function apply(plane: Kubernetes, resource: Resource, path: string): Promise<KubernetesResponse> {
  if (resource.name === "")
    return plane.request("POST", `${path}?${QUERY}`, { type: "application/yaml", text: resource.text });
  return plane.request("PATCH", `${path}/${encodeURIComponent(resource.name)}?${QUERY}&force=true`, {
    type: "application/apply-patch+yaml",
    text: resource.text,
  });
}

function notServed(resource: Resource, versions: readonly string[]): Finding {
  return {
    rule: "server",
    file: resource.file,
    line: resource.line,
    resource: named(resource),
    is: `${resource.kind} in version ${resource.apiVersion}, which the server does not serve`,
    expected:
      versions.length > 0
        ? versions.join(" or ")
        : "a kind of Kubernetes, or of a CustomResourceDefinition that was given",
    mend:
      versions.length > 0
        ? `write apiVersion: ${versions[0]}, and mind what changed between the two`
        : "correct apiVersion and kind, or give its CustomResourceDefinition",
  };
}

function named(resource: Resource): string {
  return resource.name === "" ? `${resource.kind} without a name` : `${resource.kind} ${resource.name}`;
}
