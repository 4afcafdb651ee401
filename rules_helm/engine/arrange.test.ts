import assert from "node:assert/strict";
import { test } from "node:test";
import { arrange, files, joined } from "./arrange.ts";
import type { Resource } from "./documents.ts";

const resource = (kind: string, name: string, more: Partial<Resource> = {}): Resource => ({
  ...{ apiVersion: "v1", kind, name, namespace: "", source: "", line: 1, text: `kind: ${kind}\n` },
  ...more,
});
const names = (resources: readonly Resource[]): string[] => resources.map(({ kind, name }) => `${kind} ${name}`);

test("CustomResourceDefinitions and Namespaces come first, the rest by kind and name", () => {
  const given = [
    resource("Service", "b"),
    resource("Namespace", "z"),
    resource("ConfigMap", "b"),
    resource("ConfigMap", "a"),
    resource("CustomResourceDefinition", "y"),
  ];
  const expected = ["CustomResourceDefinition y", "Namespace z", "ConfigMap a", "ConfigMap b", "Service b"];
  assert.deepEqual(names(arrange(given)), expected);
  assert.deepEqual(names(arrange(given.toReversed())), expected);
});

test("one file has a separator before each document", () => {
  assert.equal(joined([resource("A", "a"), resource("B", "b")]), "---\nkind: A\n---\nkind: B\n");
});

test("a file is named for kind and name, and for a namespace that is not the release's, with nothing that a file system minds", () => {
  const given = [
    resource("ConfigMap", "a", { namespace: "n" }),
    resource("ConfigMap", "a", { namespace: "other" }),
    resource("ClusterRole", "system:x"),
  ];
  const names = [...(files(given, "n") as Map<string, string>).keys()];
  assert.deepEqual(names, ["configmap-a.yaml", "other.configmap-a.yaml", "clusterrole-system_x.yaml"]);
});

test("two kinds of one name have the group in the name of their file", () => {
  const parts = files([resource("Ingress", "a"), resource("Ingress", "a", { apiVersion: "example.org/v1" })], "n");
  assert.deepEqual([...(parts as Map<string, string>).keys()], ["ingress-a.yaml", "ingress-a.example.org.yaml"]);
});

test("two resources that would be one file are told", () => {
  const parts = files(
    [resource("ClusterRole", "a:b"), resource("ClusterRole", "a/b"), resource("ClusterRole", "a_b")],
    "n",
  );
  assert.ok("clash" in parts);
});

test("a resource that names the release's namespace and one that leaves it out are one file, which is told", () => {
  const parts = files([resource("ConfigMap", "a"), resource("ConfigMap", "a", { namespace: "n" })], "n");
  assert.ok("clash" in parts);
});
