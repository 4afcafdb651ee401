import { isOf, type Resource } from "../resources.ts";
import { sameNamespace } from "../selector.ts";
import { isObject } from "../schema.ts";
import { listAt, objectAt, type Workload } from "../workload.ts";
import type { Remark } from "./rules.ts";

/** What the pods of a workload have that they should not; `all` are the resources that are applied with it. */
export function podRemarks(workload: Workload, all: readonly Resource[]): Remark[] {
  return [...hostPaths(workload), ...serviceAccountToken(workload, all)];
}

function hostPaths(workload: Workload): Remark[] {
  return listAt(workload.pod, ["volumes"]).flatMap((volume, index): Remark[] => {
    if (!isObject(volume["hostPath"])) return [];
    return [
      {
        rule: "host-path",
        is: `volume ${String(volume["name"])} is the node's folder ${String(volume["hostPath"]["path"])}`,
        expected: "no hostPath: a pod that reaches into its node leaves every other protection behind",
        mend: "use a PersistentVolumeClaim, an emptyDir or a ConfigMap",
        at: [...workload.podPath, "volumes", index],
      },
    ];
  });
}

function serviceAccountToken(workload: Workload, all: readonly Resource[]): Remark[] {
  const named = workload.pod["serviceAccountName"] ?? workload.pod["serviceAccount"];
  const name = typeof named === "string" && named !== "" ? named : "default";
  const account = all.find(
    (each) => isOf(each, "", "ServiceAccount") && each.name === name && sameNamespace(each, workload.resource),
  );
  const mounts = workload.pod["automountServiceAccountToken"] ?? account?.object["automountServiceAccountToken"];
  if (mounts === false || (name !== "default" && bound(name, workload.resource, all))) return [];
  return [
    {
      rule: "service-account-token",
      is: `the token of ServiceAccount ${name} is mounted, and nothing here gives that account a right`,
      expected: "automountServiceAccountToken: false where the program does not speak to Kubernetes",
      mend: "set it in the pod's spec, or bind the account to a Role in these manifests",
      at: [...workload.podPath, "automountServiceAccountToken"],
    },
  ];
}

function bound(name: string, workload: Resource, all: readonly Resource[]): boolean {
  return all
    .filter((each) =>
      ["RoleBinding", "ClusterRoleBinding"].some((kind) => isOf(each, "rbac.authorization.k8s.io", kind)),
    )
    .some((binding) =>
      listAt(binding.object, ["subjects"]).some((subject) => {
        const namespace = typeof subject["namespace"] === "string" ? subject["namespace"] : binding.namespace;
        return (
          subject["kind"] === "ServiceAccount" &&
          subject["name"] === name &&
          Object.keys(objectAt(binding.object, ["roleRef"])).length > 0 &&
          sameNamespace({ namespace }, workload)
        );
      }),
    );
}
