import path from "node:path";
import {
  type Document,
  type DocumentOptions,
  isMap,
  isNode,
  isSeq,
  LineCounter,
  parseAllDocuments,
  type ParseOptions,
  type SchemaOptions,
} from "yaml";
import type { Finding } from "./finding.ts";
import { type Json, isObject, type JsonObject } from "./schema.ts";

/** One resource of a manifest file. */
export interface Resource {
  readonly file: string;
  /** Where its document begins, counted from 1. */
  readonly line: number;
  readonly apiVersion: string;
  readonly kind: string;
  /** Empty where the manifest has none, as with `generateName`. */
  readonly name: string;
  /** Empty where the manifest leaves it to whoever applies it. */
  readonly namespace: string;
  readonly object: JsonObject;
  /** What to send to a server: the document as it is written; an item of a List as JSON. */
  readonly text: string;
  /** The line of a field, or of the nearest one above it that is written. */
  lineOf(path: readonly (string | number)[]): number;
}

/** YAML as Kubernetes reads it: 1.1, but a date is text. */
const KUBERNETES: ParseOptions & DocumentOptions & SchemaOptions = {
  version: "1.1",
  uniqueKeys: true,
  merge: true,
  customTags: (tags) => tags.filter((tag) => typeof tag === "string" || tag.tag !== "tag:yaml.org,2002:timestamp"),
};

/** What a file holds, and what is wrong with it as YAML. */
export interface Parsed {
  readonly resources: readonly Resource[];
  readonly findings: readonly Finding[];
}

/** `Deployment trips-api`, as people speak of a resource. */
export function resourceName(resource: Pick<Resource, "kind" | "name">): string {
  return resource.name === "" ? `${resource.kind} without a name` : `${resource.kind} ${resource.name}`;
}

/** Whether a resource is of a kind, in any version of its group; the group of core resources is empty. */
export function isOf(resource: Pick<Resource, "apiVersion" | "kind">, group: string, kind: string): boolean {
  return resource.kind === kind && groupOf(resource) === group;
}

function groupOf(resource: Pick<Resource, "apiVersion">): string {
  return resource.apiVersion.includes("/") ? resource.apiVersion.split("/")[0]! : "";
}

/**
 * Reads a manifest file: any number of documents, empty ones among them, JSON, and Lists, whose items count as resources of their own.
 * A key that is written twice, a document that is no resource and a template that was not rendered are findings.
 */
export function parseResources(file: string, source: string): Parsed {
  const lines = new LineCounter();
  const documents = parseAllDocuments(source, { ...KUBERNETES, lineCounter: lines });
  const resources: Resource[] = [];
  const findings: Finding[] = [];
  if (!Array.isArray(documents)) return { resources, findings };
  for (const document of documents) {
    const start = lines.linePos(firstContent(source, document)).line;
    const wrong = syntaxFinding(file, source, document, lines);
    if (wrong) {
      findings.push(wrong);
      break;
    }
    const value = json(document.toJS({ maxAliasCount: 1_000 }));
    if (value === null) continue;
    const lineOf = (path: readonly (string | number)[]) => nodeLine(document, path, lines, start);
    const found = isList(value)
      ? value.items.map((item, index) =>
          resource(file, item, lineOf(["items", index]), JSON.stringify(item), (path) =>
            lineOf(["items", index, ...path]),
          ),
        )
      : [resource(file, value, start, source.slice(document.range[0], document.range[1]), lineOf)];
    for (const each of found) ("rule" in each ? findings : resources).push(each as never);
  }
  return { resources, findings };
}

/** Findings for resources that stand twice in one folder: the later one would silently win. Folders beside each other may be overlays of one application. */
export function duplicateFindings(resources: readonly Resource[]): Finding[] {
  const first = new Map<string, Resource>();
  const findings: Finding[] = [];
  for (const each of resources) {
    if (each.name === "") continue;
    const key = [path.dirname(each.file), groupOf(each), each.kind, each.namespace, each.name].join("\0");
    const other = first.get(key);
    if (!other) first.set(key, each);
    else
      findings.push({
        rule: "duplicate",
        file: each.file,
        line: each.line,
        resource: resourceName(each),
        is: `also written in ${other.file}:${other.line}`,
        expected: "each resource once: of two, the one that is applied last wins",
        mend: "delete one, or give it another name",
      });
  }
  return findings;
}

function resource(
  file: string,
  value: Json,
  line: number,
  text: string,
  lineOf: Resource["lineOf"],
): Resource | Finding {
  const metadata = isObject(value) && isObject(value["metadata"]) ? value["metadata"] : {};
  const read = (object: JsonObject, key: string) => (typeof object[key] === "string" ? object[key] : "");
  if (isObject(value) && read(value, "apiVersion") && read(value, "kind"))
    return {
      file,
      line,
      apiVersion: read(value, "apiVersion"),
      kind: read(value, "kind"),
      name: read(metadata, "name"),
      namespace: read(metadata, "namespace"),
      object: value,
      text,
      lineOf,
    };
  const lacks = ["apiVersion", "kind"].filter((key) => !isObject(value) || read(value, key) === "");
  return {
    rule: "resource",
    file,
    line,
    resource: "",
    is: isObject(value) ? `a document without ${lacks.join(" and ")}` : `a document that is ${describe(value)}`,
    expected: "a Kubernetes resource, a mapping with apiVersion, kind and metadata",
    mend: "write what it lacks; keep files that are no resources, such as values, in another folder",
  };
}

function syntaxFinding(
  file: string,
  source: string,
  document: Document.Parsed,
  lines: LineCounter,
): Finding | undefined {
  const error = document.errors[0];
  if (!error) return undefined;
  const line = lines.linePos(error.pos[0]).line;
  const base = { rule: "yaml", file, resource: "" };
  const template = source.split("\n").findIndex((text) => /\{\{.*\}\}/.test(text));
  if (template >= 0)
    return {
      ...base,
      line: template + 1,
      is: `a Helm template that was not rendered: ${source.split("\n")[template]!.trim()}`,
      expected: "YAML as it is sent to a cluster",
      mend: "render the chart first (helm_template, or helm template by hand) and check what comes out",
    };
  if (error.code === "DUPLICATE_KEY") {
    const key = /^\s*(?:- )?(.*?)\s*:/.exec(source.split("\n")[line - 1] ?? "")?.[1] ?? "";
    return {
      ...base,
      line,
      is: `the key ${key} is written twice in one mapping`,
      expected: "each key once: of two, readers take one and drop the other",
      mend: "delete one of the two",
    };
  }
  return {
    ...base,
    line,
    is: error.message.split("\n")[0]!.replace(/ at line \d+, column \d+:?$/, ""),
    expected: "YAML",
    mend: `correct line ${line}, column ${lines.linePos(error.pos[0]).col}`,
  };
}

function isList(value: Json): value is JsonObject & { items: readonly Json[] } {
  return isObject(value) && value["kind"] === "List" && value["apiVersion"] === "v1" && Array.isArray(value["items"]);
}

function firstContent(source: string, document: Document.Parsed): number {
  const contents = document.contents;
  return isNode(contents) && contents.range ? contents.range[0] : Math.min(document.range[0], source.length);
}

function nodeLine(
  document: Document.Parsed,
  path: readonly (string | number)[],
  lines: LineCounter,
  fallback: number,
): number {
  let node: unknown = document.contents;
  let line = fallback;
  for (const step of path) {
    if (isMap(node)) {
      const pair = node.items.find(
        (item) => isNode(item.key) && String((item.key as { value?: unknown }).value) === String(step),
      );
      if (!pair) break;
      if (isNode(pair.key) && pair.key.range) line = lines.linePos(pair.key.range[0]).line;
      node = pair.value;
    } else if (isSeq(node)) {
      node = node.items[Number(step)];
      if (isNode(node) && node.range) line = lines.linePos(node.range[0]).line;
    } else break;
  }
  return line;
}

function json(value: unknown): Json {
  return JSON.parse(JSON.stringify(value ?? null)) as Json;
}

function describe(value: Json): string {
  return Array.isArray(value) ? "a list" : value === null ? "empty" : `a ${typeof value}`;
}
