import type { Manifest, Right, Rule } from "./cluster.ts";
import type { KubeRequest } from "./gateway.ts";

/** A right, and the role that gives it. */
export interface Granted {
  readonly right: Right;
  readonly role: Manifest;
}

/** All rights that roles give, one by one. */
export function rightsOf(manifests: readonly Manifest[]): readonly Granted[] {
  return manifests.flatMap((role) =>
    (role.rules ?? []).flatMap((rule) => rightsOfRule(rule).map((right) => ({ right, role }))),
  );
}

function rightsOfRule({ apiGroups, resources, resourceNames, verbs }: Rule): readonly Right[] {
  const names = resourceNames?.map((name) => ({ name })) ?? [{}];
  return apiGroups.flatMap((group) =>
    resources.flatMap((resource) =>
      verbs.flatMap((verb) => names.map((name): Right => ({ verb, group, resource, ...name }))),
    ),
  );
}

/** The role without one of its rights. */
export function without({ right, role }: Granted): Manifest {
  const rules = (role.rules ?? []).map((rule) =>
    rightsOfRule(rule).some((one) => written(one) === written(right))
      ? { ...rule, verbs: rule.verbs.filter((verb) => verb !== right.verb) }
      : rule,
  );
  return { ...role, rules: rules.filter(({ verbs }) => verbs.length > 0) };
}

/** `patch leases.coordination.k8s.io`, with the name where a right is for a name alone. */
export const written = ({ verb, group, resource, name }: Right): string =>
  `${verb} ${resource}${group === "" ? "" : `.${group}`}${name === undefined ? "" : ` ${name}`}`;

/** Whether a request needed a right. */
export const needs = (request: KubeRequest, right: Right): boolean =>
  request.verb === right.verb &&
  request.group === right.group &&
  request.resource === right.resource &&
  (right.name === undefined || right.name === request.name);
