import type { Finding } from "../finding.ts";
import type { Resource } from "../resources.ts";
import { workloadOf } from "../workload.ts";
import { containerRemarks } from "./containers.ts";
import { neighbourRemarks } from "./neighbours.ts";
import { podRemarks } from "./pods.ts";
import { atContainer, atResource } from "./rules.ts";

/**
 * What every workload among resources that are applied together lacks. Pod Security is not repeated here: a server-side dry run in a
 * namespace that enforces `restricted` checks it as Kubernetes does.
 */
export function hardeningFindings(resources: readonly Resource[]): Finding[] {
  return resources.flatMap((resource) => {
    const workload = workloadOf(resource);
    if (!workload) return [];
    return [
      ...workload.containers.flatMap((container) =>
        containerRemarks(workload, container).map((remark) => atContainer(workload, container, remark)),
      ),
      ...[...podRemarks(workload, resources), ...neighbourRemarks(workload, resources)].map((remark) =>
        atResource(resource, remark),
      ),
    ];
  });
}
