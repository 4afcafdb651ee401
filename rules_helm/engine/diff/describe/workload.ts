import { byPath, pathText, type Path, type Rule } from "../changes.ts";
import { change, count, dangerous, it, type Line, say } from "../say.ts";
import { type Json, type JsonObject, listAt, objectAt, textAt } from "../tree.ts";
import { immutable, type Kind, refused } from "./kind.ts";
import { podRules } from "./pod.ts";

const template = ["spec", "template"];
const nested = ["spec", "jobTemplate", ...template];

const scale: readonly Rule[] = [
  {
    at: ["spec", "replicas"],
    say: (was, is) => {
      const [before, after] = [was ?? 1, is ?? 1];
      return before === after
        ? []
        : [dangerous(say`replicas ${change(before, after)}`, after === 0 && "nothing runs any more")];
    },
  },
  {
    at: ["spec", "selector"],
    say: (was, is) => [dangerous({ ...byPath(was, is, [], "selector") }, refused)],
  },
];

/** Deployments, StatefulSets and DaemonSets. */
export const deployment: Kind = {
  rules: [...scale, ...podRules(template)],
  introduce: (object) => introduce(object, template),
  pods: template,
};

export const daemonSet: Kind = {
  ...deployment,
  introduce: (object) => [...images(object, template), say`on every node`],
};

export const statefulSet: Kind = {
  rules: [
    ...scale,
    {
      at: ["spec", "volumeClaimTemplates", "[]", "spec", "resources", "requests", "storage"],
      say: (was, is, path) => [
        dangerous(say`storage of each pod (${it(path[2]!.slice(1, -1))}) ${change(was, is)}`, refused),
      ],
    },
    {
      at: ["spec", "volumeClaimTemplates", "**"],
      say: (was, is, path) => [dangerous(byPath(was, is, path, pathText(path)), refused)],
    },
    ...["serviceName", "podManagementPolicy", "volumeClaimTemplates"].map((key): Rule => ({
      at: ["spec", key],
      ...(key === "volumeClaimTemplates" ? { oneSided: true } : {}),
      say: (was, is) => [dangerous(byPath(was, is, [], key), refused)],
    })),
    ...podRules(template),
  ],
  introduce: (object) => [
    ...introduce(object, template),
    ...listAt(object, "spec", "volumeClaimTemplates").map(
      (claim) => say`storage ${{ is: textAt(claim, "spec", "resources", "requests", "storage") }} for each pod`,
    ),
  ],
  loss: () =>
    "its pods go; their PersistentVolumeClaims go too or stay behind, as persistentVolumeClaimRetentionPolicy says",
  pods: template,
};

export const job: Kind = {
  rules: [
    ...immutable(["spec", "selector"], ["spec", "completionMode"]),
    ...podRules(template).map((rule): Rule => ({
      ...rule,
      say: (...args) => rule.say(...args).map((line) => dangerous(line, line.danger ?? refused)),
    })),
  ],
  introduce: (object) => images(object, template),
};

export const cronJob: Kind = {
  rules: [
    { at: ["spec", "schedule"], say: (was, is) => [say`schedule ${change(was, is)}`] },
    {
      at: ["spec", "suspend"],
      say: (was, is) =>
        (was ?? false) === (is ?? false) ? [] : [say`${is === true ? "suspended" : "no longer suspended"}`],
    },
    ...podRules(nested),
  ],
  introduce: (object) => [...images(object, nested), say`schedule ${{ is: textAt(object, "spec", "schedule") }}`],
};

export const pod: Kind = { rules: podRules([]), introduce: (object) => images(object, []) };

function introduce(object: JsonObject, pods: Path): Line[] {
  return [...images(object, pods), say`${count(Number(textAt(object, "spec", "replicas") || 1), "replica")}`];
}

function images(object: JsonObject, pods: Path): Line[] {
  const containers: Json[] = [...listAt(objectAt(object, ...pods), "spec", "containers")];
  return containers.map((container) => say`image ${{ is: textAt(container, "image") }}`);
}
