import { byPath, type Path, type Rule } from "../changes.ts";
import { change, dangerous, it, type Line, say } from "../say.ts";
import { at, type JsonObject, listAt, objectAt, textAt } from "../tree.ts";
import type { Kind } from "./kind.ts";

const source: readonly Path[] = [
  ["spec", "source"],
  ["spec", "sources", "[]"],
];
const fields = { targetRevision: "revision", path: "path", repoURL: "repository", chart: "chart" } as const;
const finalizer = "resources-finalizer.argocd.argoproj.io";

/** Applications of Argo CD. */
export const application: Kind = {
  rules: [
    ...source.flatMap((path) =>
      Object.entries(fields).map(([key, name]): Rule => ({
        at: [...path, key],
        say: (was, is) => [say`${name} ${change(was, is)}`],
      })),
    ),
    ...["namespace", "server", "name"].map((key): Rule => ({
      at: ["spec", "destination", key],
      say: (was, is) => [
        dangerous(
          say`destination ${it(key)} ${change(was, is)}`,
          "what is deployed now stays behind or is deleted, and is made anew there",
        ),
      ],
    })),
    {
      at: ["spec", "syncPolicy", "automated"],
      oneSided: true,
      say: (_was, is) => [
        is === undefined
          ? say`no longer synced automatically`
          : say`now synced automatically${at(is, "prune") === true ? ", with deletion of what is no longer in git" : ""}`,
      ],
    },
    {
      at: ["spec", "syncPolicy", "automated", "prune"],
      say: (_was, is) => [
        is === true
          ? dangerous(say`now deletes what is no longer in git`, "what was removed from git before is deleted too")
          : say`no longer deletes what is no longer in git`,
      ],
    },
    {
      at: ["spec", "syncPolicy", "automated", "selfHeal"],
      say: (_was, is) => [
        is === true ? say`now undoes changes made in the cluster` : say`no longer undoes changes made in the cluster`,
      ],
    },
    { at: ["spec", "project"], say: (was, is) => [say`project ${change(was, is)}`] },
    { at: ["spec", "**"], say: (was, is, path) => [byPath(was, is, path)] },
  ],
  introduce,
  loss: (object) =>
    listAt(object, "metadata", "finalizers").includes(finalizer)
      ? "Argo CD deletes everything that it deployed"
      : "what it deployed stays, and nobody looks after it",
};

function introduce(object: JsonObject): Line[] {
  const sources = [objectAt(object, "spec", "source"), ...listAt(object, "spec", "sources")].filter(
    (one) => textAt(one, "repoURL") !== "",
  );
  const destination = textAt(object, "spec", "destination", "namespace");
  return [
    ...sources.map((one) => {
      const what = textAt(one, "chart") || textAt(one, "path") || textAt(one, "ref");
      return say`${{ is: what }} of ${it(textAt(one, "repoURL"))} at ${it(textAt(one, "targetRevision") || "HEAD")}`;
    }),
    ...(destination === "" ? [] : [say`into namespace ${{ is: destination }}`]),
  ];
}
