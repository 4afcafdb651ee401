import { isObject, type JsonObject } from "../schema.ts";
import { type Container, objectAt, type Workload } from "../workload.ts";
import type { Remark } from "./rules.ts";

const LOWEST_UID = 1000;

/** What one container lacks. */
export function containerRemarks(workload: Workload, container: Container): Remark[] {
  return [
    ...readOnlyRoot(container.object),
    ...nonRootUser(workload.pod, container.object),
    ...resources(workload.pod, container.object),
    ...(workload.longRunning && container.stays ? probes(container.object) : []),
    ...image(container.object),
  ];
}

function readOnlyRoot(container: JsonObject): Remark[] {
  const value = objectAt(container, ["securityContext"])["readOnlyRootFilesystem"];
  if (value === true) return [];
  return [
    {
      rule: "read-only-root",
      is: `securityContext.readOnlyRootFilesystem is ${shown(value)}`,
      expected: "true: who breaks into the program cannot change it",
      mend: "set it, and mount an emptyDir where the program writes",
      at: ["securityContext", "readOnlyRootFilesystem"],
    },
  ];
}

function nonRootUser(pod: JsonObject, container: JsonObject): Remark[] {
  const effective = { ...objectAt(pod, ["securityContext"]), ...objectAt(container, ["securityContext"]) };
  const remarks: Remark[] = [];
  if (effective["runAsNonRoot"] !== true)
    remarks.push({
      rule: "non-root-user",
      is: `securityContext.runAsNonRoot is ${shown(effective["runAsNonRoot"])}`,
      expected: "true, of the pod or of the container: an image that runs as root is then refused",
      mend: "set it in the pod's securityContext",
      at: ["securityContext", "runAsNonRoot"],
    });
  const uid = effective["runAsUser"];
  if (typeof uid !== "number" || uid < LOWEST_UID)
    remarks.push({
      rule: "non-root-user",
      is: `securityContext.runAsUser is ${shown(uid)}`,
      expected: `a user id of ${LOWEST_UID} or more, of the pod or of the container: lower ones belong to the system`,
      mend: `set runAsUser: ${LOWEST_UID} in the pod's securityContext`,
      at: ["securityContext", "runAsUser"],
    });
  return remarks;
}

/** A limit without a request is a request too, as Kubernetes defaults it; what the pod sets as a whole counts for all its containers. */
function resources(pod: JsonObject, container: JsonObject): Remark[] {
  const amount = (kind: "requests" | "limits", name: string) =>
    objectAt(container, ["resources", kind])[name] ?? objectAt(pod, ["resources", kind])[name];
  const lacks = [
    ...["cpu", "memory"]
      .filter((name) => amount("requests", name) === undefined && amount("limits", name) === undefined)
      .map((name) => `requests.${name}`),
    ...(amount("limits", "memory") === undefined ? ["limits.memory"] : []),
  ];
  if (lacks.length === 0) return [];
  return [
    {
      rule: "resources",
      is: `resources has no ${lacks.join(", ")}`,
      expected: "requests of cpu and memory, and a limit of memory: one program cannot starve its node",
      mend: "set them to what the program was measured to take",
      at: ["resources"],
    },
  ];
}

function probes(container: JsonObject): Remark[] {
  const lacks = ["livenessProbe", "readinessProbe"].filter((name) => !isObject(container[name]));
  if (lacks.length === 0) return [];
  return [
    {
      rule: "probes",
      is: `no ${lacks.join(", no ")}`,
      expected: "both for what runs until it is stopped: no traffic before it is ready, a restart when it hangs",
      mend: "add an httpGet, tcpSocket, grpc or exec probe",
    },
  ];
}

function image(container: JsonObject): Remark[] {
  const reference = container["image"];
  if (typeof reference !== "string" || reference === "") return [];
  const [name = "", digest] = reference.split("@", 2);
  const tag = /:([^/:]+)$/.exec(name)?.[1];
  const remark = (is: string): Remark[] => [
    {
      rule: "image",
      is,
      expected: "a tag that stays what it is, or a digest: the same manifest runs the same program tomorrow",
      mend: "name a version, or name@sha256:…",
      at: ["image"],
    },
  ];
  if (digest !== undefined)
    return /^sha256:[0-9a-f]{64}$/.test(digest)
      ? []
      : remark(`${reference}, whose digest is not sha256 and 64 hex digits`);
  if (tag === undefined) return remark(`${reference}, without a tag: it means latest`);
  return tag === "latest" ? remark(`${reference}, whose tag means another image each day`) : [];
}

function shown(value: unknown): string {
  return value === undefined ? "not set" : JSON.stringify(value);
}
