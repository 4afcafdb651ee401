import { type Json, isObject, type JsonObject } from "./schema.ts";
import type { Resource } from "./resources.ts";

/** A container of a workload, and where it stands. */
export interface Container {
  readonly name: string;
  readonly object: JsonObject;
  readonly path: readonly (string | number)[];
  /** Whether it runs for as long as the pod: a main container, or an init container that restarts always. */
  readonly stays: boolean;
}

/** A resource that makes pods. */
export interface Workload {
  readonly resource: Resource;
  /** Of the pods; empty where the template has none. */
  readonly labels: Readonly<Record<string, string>>;
  readonly pod: JsonObject;
  readonly podPath: readonly (string | number)[];
  readonly containers: readonly Container[];
  /** Whether its pods are meant to run until somebody stops them: no Job, no CronJob, no pod that ends by itself. */
  readonly longRunning: boolean;
}

const TEMPLATES: Readonly<Record<string, readonly string[]>> = {
  "Pod v1": [],
  "PodTemplate v1": ["template"],
  "ReplicationController v1": ["spec", "template"],
  "Deployment apps": ["spec", "template"],
  "StatefulSet apps": ["spec", "template"],
  "DaemonSet apps": ["spec", "template"],
  "ReplicaSet apps": ["spec", "template"],
  "Job batch": ["spec", "template"],
  "CronJob batch": ["spec", "jobTemplate", "spec", "template"],
};

/** The workload that a resource is, or undefined for other kinds. */
export function workloadOf(resource: Resource): Workload | undefined {
  const template = TEMPLATES[`${resource.kind} ${resource.apiVersion.split("/")[0]}`];
  if (!template) return undefined;
  const holder = objectAt(resource.object, template);
  const pod = objectAt(holder, ["spec"]);
  const podPath = [...template, "spec"];
  const ends = resource.kind === "Job" || resource.kind === "CronJob";
  const restarts = pod["restartPolicy"] === undefined || pod["restartPolicy"] === "Always";
  return {
    resource,
    labels: stringMap(objectAt(holder, ["metadata", "labels"])),
    pod,
    podPath,
    longRunning: !ends && restarts,
    containers: [
      ...containersAt(pod, podPath, "initContainers", (object) => object["restartPolicy"] === "Always"),
      ...containersAt(pod, podPath, "containers", () => true),
    ],
  };
}

/** The object at a path; empty where there is none. */
export function objectAt(object: Json | undefined, path: readonly string[]): JsonObject {
  let value: Json | undefined = object;
  for (const step of path) value = isObject(value) ? value[step] : undefined;
  return isObject(value) ? value : {};
}

/** The objects of a list at a path; empty where there is none. */
export function listAt(object: Json | undefined, path: readonly string[]): readonly JsonObject[] {
  const value = objectAt(object, path.slice(0, -1))[path.at(-1)!];
  return Array.isArray(value) ? value.filter(isObject) : [];
}

/** The entries of a mapping whose values are strings. */
export function stringMap(object: JsonObject): Record<string, string> {
  return Object.fromEntries(
    Object.entries(object).filter((entry): entry is [string, string] => typeof entry[1] === "string"),
  );
}

function containersAt(
  pod: JsonObject,
  podPath: readonly (string | number)[],
  field: string,
  stays: (object: JsonObject) => boolean,
): Container[] {
  return listAt(pod, [field]).map((object, index) => ({
    name: String(object["name"] ?? index),
    object,
    path: [...podPath, field, index],
    stays: stays(object),
  }));
}
