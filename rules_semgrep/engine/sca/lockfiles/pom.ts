import { DOMParser, type Element } from "@xmldom/xmldom";
import { broken } from "../document.ts";
import type { Lock, LockedPackage } from "../lock.ts";

const EFFECTIVE = "Give the effective POM: `mvn help:effective-pom -Doutput=pom.lock.xml`.";

/** Reads pom.xml whose versions are resolved: in itself, by its properties, or by its `dependencyManagement`. */
export function readPom(source: string, file: string): Lock {
  const project = rootOf(source, file);
  const properties = propertiesOf(project);
  const managed = new Map(
    dependenciesIn(child(child(project, "dependencyManagement"), "dependencies")).map((node) => [
      coordinatesOf(node, properties, file),
      valueOf(node, "version", properties),
    ]),
  );
  const seen = new Set<string>();
  const packages = dependenciesIn(child(project, "dependencies")).map((node): LockedPackage => {
    const name = coordinatesOf(node, properties, file);
    const line = node.lineNumber ?? 1;
    const version = valueOf(node, "version", properties) || managed.get(name) || "";
    const variant = [name, valueOf(node, "type", properties), valueOf(node, "classifier", properties)].join(":");
    if (seen.has(variant)) throw broken(file, line, `${name} is there twice`, "Take one of the two away.");
    seen.add(variant);
    return {
      id: variant,
      ecosystem: "Maven",
      name,
      version,
      ...opaque(version),
      notes: [],
      relation: "direct",
      line,
      edges: [],
    };
  });
  const roots = packages.map(({ id, name }) => ({ importer: null, name, id }));
  return {
    file,
    tool: "maven",
    ecosystem: "Maven",
    packages,
    roots,
    partial: "a POM names what the project asks for itself, not what that brings along",
  };
}

function opaque(version: string): { opaque?: string } {
  if (version === "") return { opaque: `its version is inherited. ${EFFECTIVE}` };
  if (version.includes("${")) return { opaque: `its version is ${version}. ${EFFECTIVE}` };
  if ("[(".includes(version[0] ?? "")) return { opaque: `its version is a range, ${version}. ${EFFECTIVE}` };
  return {};
}

function rootOf(source: string, file: string): Element {
  const onError = (_level: string, message: string): never => {
    throw broken(file, undefined, `it is not XML (${message})`, "Is it cut off?");
  };
  let root: Element | null;
  try {
    root = new DOMParser({ onError }).parseFromString(source, "text/xml").documentElement;
  } catch (error) {
    const line = (error as { locator?: { lineNumber?: number } }).locator?.lineNumber;
    throw broken(file, line, `it is not XML (${(error as Error).message.split("\n")[0]})`, "Is it cut off?");
  }
  if (root === null || root.localName !== "project") {
    throw broken(file, 1, `expected <project>, found <${root?.localName ?? ""}>`, "Is it a pom.xml?");
  }
  return root;
}

function propertiesOf(project: Element): Map<string, string> {
  const own = childrenOf(child(project, "properties")).map((node): [string, string] => [
    node.localName ?? "",
    textOf(node),
  ]);
  const version = textOf(child(project, "version")) || textOf(child(child(project, "parent"), "version"));
  const group = textOf(child(project, "groupId")) || textOf(child(child(project, "parent"), "groupId"));
  return new Map([...own, ["project.version", version], ["project.groupId", group]]);
}

function coordinatesOf(node: Element, properties: ReadonlyMap<string, string>, file: string): string {
  const group = valueOf(node, "groupId", properties);
  const artifact = valueOf(node, "artifactId", properties);
  if (group !== "" && artifact !== "") return `${group}:${artifact}`;
  throw broken(file, node.lineNumber ?? 1, "expected a groupId and an artifactId in <dependency>", "Add them.");
}

function dependenciesIn(node: Element | undefined): Element[] {
  return childrenOf(node).filter(({ localName }) => localName === "dependency");
}

function valueOf(node: Element, name: string, properties: ReadonlyMap<string, string>): string {
  let value = textOf(child(node, name));
  for (let depth = 0; depth < 5 && value.includes("${"); depth += 1) {
    for (const [key, replacement] of properties) value = value.replaceAll(`\${${key}}`, replacement);
  }
  return value;
}

function child(node: Element | undefined, name: string): Element | undefined {
  return childrenOf(node).find(({ localName }) => localName === name);
}

function childrenOf(node: Element | undefined): Element[] {
  return [...(node?.childNodes ?? [])].filter(({ nodeType }) => nodeType === 1) as unknown as Element[];
}

function textOf(node: Element | undefined): string {
  return (node?.textContent ?? "").trim();
}
