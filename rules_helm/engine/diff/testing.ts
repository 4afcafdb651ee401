import { compare } from "./compare.ts";
import type { Report } from "./report.ts";
import { plain } from "./say.ts";
import { textOf } from "./text.ts";
import type { Json, JsonObject } from "./tree.ts";

/** Manifests by path: text as it is, or objects that are written as JSON. */
export type Manifests = Readonly<Record<string, string | JsonObject | readonly JsonObject[]>>;

/** A report on two folders that a test has made up. */
export function reportOn(was: Manifests, is: Manifests): Report {
  return compare({ label: "main (1a2b3c4)", files: filesOf(was) }, { label: "the working tree", files: filesOf(is) });
}

/** Files as they stand on a disk. */
export function filesOf(manifests: Manifests): Map<string, Buffer> {
  const text = (value: Manifests[string]): string => {
    if (typeof value === "string") return value;
    return Array.isArray(value) ? value.map((item) => JSON.stringify(item)).join("\n---\n") : JSON.stringify(value);
  };
  return new Map(Object.entries(manifests).map(([path, value]) => [path, Buffer.from(text(value))]));
}

/** What is said of one resource that changes, a phrase an item; those that are dangerous begin with `!`. */
export function phrases(was: JsonObject, is: JsonObject): string[] {
  return phrasesOn({ "p/a/x.yaml": was }, { "p/a/x.yaml": is });
}

/** What is said of all resources of two folders. */
export function phrasesOn(was: Manifests, is: Manifests): string[] {
  const { apps } = reportOn(was, is);
  const mark = (danger: string | undefined) => (danger === undefined ? "" : "! ");
  return apps.flatMap(({ entries, common }) => [
    ...entries.flatMap((entry) => {
      if (entry.action === "removed" && entry.lines.length === 0)
        return [`${mark(entry.danger)}${entry.kind} ${entry.name} removed`];
      return entry.lines.map((line) => `${mark(line.danger)}${plain(line)}`);
    }),
    ...common.map(({ line, entries: all }) => `${all.length}× ${plain(line)}`),
  ]);
}

/** The report as people read it, without its first line. */
export function textOn(was: Manifests, is: Manifests): string {
  return textOf(reportOn(was, is), { colour: false }).split("\n").slice(2).join("\n");
}

/** A resource with a name in the namespace trips. */
export function resource(apiVersion: string, kind: string, name: string, rest: JsonObject = {}): JsonObject {
  return { apiVersion, kind, metadata: { name, namespace: "trips" }, ...rest };
}

/** A Deployment with one container; parts of the container and of the pod can be given. */
export function deployment(
  container: JsonObject = {},
  pod: JsonObject = {},
  spec: JsonObject = {},
  labels = { app: "api" },
): JsonObject {
  const containers = [
    {
      name: "api",
      image: "registry.example.org/x/api:1.4.0",
      ports: [{ name: "http", containerPort: 8083 }],
      ...container,
    },
  ];
  return resource("apps/v1", "Deployment", "api", {
    spec: {
      replicas: 2,
      selector: { matchLabels: { app: "api" } },
      ...spec,
      template: { metadata: { labels }, spec: { containers, ...pod } },
    },
  });
}

/** A NetworkPolicy for the pods of `deployment`, in both directions. */
export function policy(rules: { ingress?: Json[]; egress?: Json[] }, more: JsonObject = {}, name = "api"): JsonObject {
  return resource("networking.k8s.io/v1", "NetworkPolicy", name, {
    spec: { podSelector: { matchLabels: { app: "api" } }, policyTypes: ["Ingress", "Egress"], ...rules, ...more },
  });
}
