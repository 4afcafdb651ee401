import type { Kubernetes } from "#lib/testing/kubernetes.ts";
import { parse } from "yaml";
import { untilServed } from "./discovery.ts";
import type { Resource } from "./finding.ts";

const STRICT = Object.fromEntries(
  ["enforce", "warn"].flatMap((mode) => [
    [`pod-security.kubernetes.io/${mode}`, "restricted"],
    [`pod-security.kubernetes.io/${mode}-version`, "latest"],
  ]),
);

/**
 * Makes what a dry run stands on: the namespaces of all resources and "default", each with Pod Security "restricted", and the
 * CustomResourceDefinitions, both those given and those among the resources.
 * @throws Error when the server refuses a given definition or does not serve it in time
 */
export async function prepare(
  plane: Kubernetes,
  resources: readonly Resource[],
  crds: readonly Resource[],
): Promise<void> {
  const own = resources.filter((each) => each.kind === "Namespace" && each.apiVersion === "v1");
  const names = ["default", ...own.map((each) => each.name), ...resources.map((each) => each.namespace)];
  await Promise.all([...new Set(names)].filter((name) => name !== "").map((name) => makeNamespace(plane, name)));
  const among = new Map(resources.filter(isDefinition).map((each) => [each.name, each]));
  for (const crd of crds) among.delete(crd.name);
  await Promise.all([
    ...crds.map((each) => define(plane, each, true)),
    ...[...among.values()].map((each) => define(plane, each, false)),
  ]);
}

function isDefinition(resource: Resource): boolean {
  return resource.kind === "CustomResourceDefinition" && resource.apiVersion.startsWith("apiextensions.k8s.io/");
}

/** A name that is no name of a namespace is left to the resources in it: the server then says so of each. */
async function makeNamespace(plane: Kubernetes, name: string): Promise<void> {
  const text = JSON.stringify({ apiVersion: "v1", kind: "Namespace", metadata: { name, labels: STRICT } });
  await plane.request("PATCH", `/api/v1/namespaces/${encodeURIComponent(name)}?fieldManager=prepare&force=true`, {
    type: "application/apply-patch+yaml",
    text,
  });
}

/** A definition that is one of the manifests is refused by its own dry run, with a finding. */
async function define(plane: Kubernetes, crd: Resource, given: boolean): Promise<void> {
  const path = `/apis/apiextensions.k8s.io/v1/customresourcedefinitions/${encodeURIComponent(crd.name)}`;
  const answer = await plane.request("PATCH", `${path}?fieldManager=prepare&force=true&fieldValidation=Strict`, {
    type: "application/apply-patch+yaml",
    text: crd.text,
  });
  if (answer.status >= 300) {
    if (!given) return;
    throw new Error(`${crd.file}:${crd.line}: the server refuses ${crd.name}: ${message(answer.body)}`);
  }
  const { spec } = parse(crd.text) as Definition;
  const served = spec.versions.filter((version) => version.served);
  for (const version of served)
    if (!(await untilServed(plane, `${spec.group}/${version.name}`, spec.names.kind)) && given)
      throw new Error(`${crd.file}:${crd.line}: the server does not serve ${crd.name}, version ${version.name}.`);
}

interface Definition {
  readonly spec: {
    readonly group: string;
    readonly names: { readonly kind: string };
    readonly versions: readonly { readonly name: string; readonly served: boolean }[];
  };
}

function message(body: string): string {
  return (JSON.parse(body) as { message?: string }).message ?? body;
}
