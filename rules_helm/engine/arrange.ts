import { type Resource, groupOf, identity } from "./documents.ts";

/** CustomResourceDefinitions and Namespaces first, then by kind, namespace, name and group: an order that other resources do not change. */
export function arrange(resources: readonly Resource[]): Resource[] {
  const key = (one: Resource): string => `${rank(one)}\t${identity(one)}`;
  return resources
    .map((one) => ({ one, key: key(one) }))
    .sort((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : 0))
    .map(({ one }) => one);
}

function rank({ kind }: Resource): number {
  return kind === "CustomResourceDefinition" ? 0 : kind === "Namespace" ? 1 : 2;
}

/** One file: each document after a line `---`. */
export function joined(resources: readonly Resource[]): string {
  return resources.map(({ text }) => `---\n${text}`).join("");
}

/**
 * A name for the file of each resource, `<kind>-<name>.yaml`; `<namespace>.` stands before it for another namespace than that of the
 * release, and the group after it where it is needed to tell two apart.
 *
 * @returns names to texts; or two resources that would need the same file
 */
export function files(
  resources: readonly Resource[],
  release: string,
): Map<string, string> | { readonly clash: [Resource, Resource] } {
  const taken = new Map<string, Resource>();
  for (const [index, resource] of resources.entries()) {
    const plain = fileName(resource, release, index);
    const group = groupOf(resource.apiVersion);
    const name = taken.has(plain) && group !== "" ? `${plain}.${group}` : plain;
    const other = taken.get(name);
    if (other !== undefined) return { clash: [other, resource] };
    taken.set(name, resource);
  }
  return new Map([...taken].map(([name, { text }]) => [`${name}.yaml`, text]));
}

function fileName({ kind, namespace, name }: Resource, release: string, index: number): string {
  const prefix = namespace === "" || namespace === release ? "" : `${namespace}.`;
  return `${prefix}${kind.toLowerCase()}-${name === "" ? index + 1 : name}`.replaceAll(/[^A-Za-z0-9._-]/g, "_");
}
