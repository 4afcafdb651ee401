import { Refusal } from "../command.ts";
import { readManifests } from "./files.ts";
import { isOf, parseResources, type Resource } from "./resources.ts";

/** Whether a resource is a CustomResourceDefinition. */
export function isDefinition(resource: Resource): boolean {
  return isOf(resource, "apiextensions.k8s.io", "CustomResourceDefinition");
}

/** Reads files and folders that hold CustomResourceDefinitions and nothing else; refuses others. */
export async function readDefinitions(roots: readonly string[], label: string): Promise<Resource[]> {
  const all: Resource[] = [];
  for (const file of await readManifests(roots, label)) {
    const { resources, findings } = parseResources(file.name, file.text);
    const wrong = findings[0] ?? resources.find((each) => !isDefinition(each));
    if (wrong)
      throw new Refusal(`${label}: ${wrong.file}:${wrong.line}`, [
        "expected: CustomResourceDefinitions of apiextensions.k8s.io and nothing else",
        `received: ${"is" in wrong ? wrong.is : `${wrong.kind} of ${wrong.apiVersion}`}`,
      ]);
    all.push(...resources);
  }
  return all;
}
