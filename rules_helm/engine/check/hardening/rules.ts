import type { Finding } from "../finding.ts";
import type { Resource } from "../resources.ts";
import { resourceName } from "../resources.ts";
import type { Container, Workload } from "../workload.ts";

/** What is checked beyond Pod Security, which Kubernetes itself checks. These names stand in findings and in allowances. */
export const HARDENING = [
  "disruption-budget",
  "host-path",
  "image",
  "network-policy",
  "non-root-user",
  "probes",
  "read-only-root",
  "resources",
  "service-account-token",
] as const;

/** The name of one check. */
export type HardeningRule = (typeof HARDENING)[number];

/** What a check says of one place. */
export interface Remark {
  readonly rule: HardeningRule;
  readonly is: string;
  readonly expected: string;
  readonly mend: string;
  /** The field that it speaks of, below the container or the resource: the line is looked up there. */
  readonly at?: readonly (string | number)[];
}

/** A finding at a resource. */
export function atResource(resource: Resource, remark: Remark): Finding {
  const { at = [], ...rest } = remark;
  return { ...rest, file: resource.file, line: resource.lineOf(at), resource: resourceName(resource) };
}

/** A finding at a container of a workload. */
export function atContainer(workload: Workload, container: Container, remark: Remark): Finding {
  const at = [...container.path, ...(remark.at ?? [])];
  return { ...atResource(workload.resource, { ...remark, at }), container: container.name };
}
