import type { Rule } from "../changes.ts";
import { change, dangerous, type Line, say } from "../say.ts";
import { type Json, type JsonObject, textAt } from "../tree.ts";
import type { Kind } from "./kind.ts";

/** PodDisruptionBudgets. */
export const budget: Kind = {
  rules: [
    bound("minAvailable", (value) => value === undefined || /^0%?$/.test(String(value))),
    bound("maxUnavailable", (value) => String(value) === "100%"),
  ],
  introduce: (object) => [say`${limits(object)}`],
  loss: () => "all its pods may be evicted at once",
};

function bound(key: "minAvailable" | "maxUnavailable", open: (value: Json | undefined) => boolean): Rule {
  return {
    at: ["spec", key],
    say: (was, is, _path, both) => {
      const other = key === "minAvailable" ? "maxUnavailable" : "minAvailable";
      const replaced = textAt(both.is, "spec", other) !== "";
      return [
        dangerous(
          say`${key} ${change(was, is)}`,
          !replaced && !open(was) && open(is) && "all its pods may be evicted at once",
        ),
      ];
    },
  };
}

function limits(object: JsonObject): string {
  const found = ["minAvailable", "maxUnavailable"].flatMap((key) => {
    const value = textAt(object, "spec", key);
    return value === "" ? [] : [`${key} ${value}`];
  });
  return found.join(", ") || "no bounds";
}

/** HorizontalPodAutoscalers. */
export const autoscaler: Kind = {
  rules: [
    {
      at: ["spec", "minReplicas"],
      say: (was, is) =>
        [dangerous(say`at least ${change(was ?? 1, is ?? 1)} replicas`, is === 0 && "it may scale to nothing")].filter(
          () => (was ?? 1) !== (is ?? 1),
        ),
    },
    { at: ["spec", "maxReplicas"], say: (was, is) => [say`at most ${change(was, is)} replicas`] },
    ...["averageUtilization", "averageValue", "value"].map((key): Rule => ({
      at: ["spec", "metrics", "[]", "resource", "target", key],
      say: (was, is, _path, both) => [
        say`target of ${resource(both.is) || "a metric"} ${change(was, is)}${key === "averageUtilization" ? " %" : ""}`,
      ],
    })),
  ],
  introduce: (object): Line[] => [
    say`${textAt(object, "spec", "minReplicas") || "1"} to ${textAt(object, "spec", "maxReplicas")} replicas`,
  ],
  loss: () => undefined,
};

function resource(object: JsonObject): string {
  const metrics = (object["spec"] as JsonObject | undefined)?.["metrics"];
  return Array.isArray(metrics) && metrics.length === 1 ? textAt(metrics[0] as Json, "resource", "name") : "";
}
