import type { Finding } from "./finding.ts";
import { type Resource, resourceName } from "./resources.ts";
import { type Json, isObject } from "./schema.ts";

/** Arguments that let kubeconform read local schemas only, laid out as `schemaPath` says. */
export function kubeconformArguments(schemas: readonly string[], files: readonly string[]): string[] {
  const layout = "{{.Group}}/{{.ResourceKind}}_{{.ResourceAPIVersion}}.json";
  return [
    "-strict",
    "-verbose",
    "-output=json",
    ...schemas.flatMap((folder) => ["-schema-location", `${folder}/${layout}`]),
    ...files,
  ];
}

/** Which kinds have a schema, and how a person gives one that is missing. */
export interface Known {
  /** Paths below the schema folders, as `schemaPath` makes them. */
  readonly paths: readonly string[];
  /** The target that makes the schemas, or a sentence of whoever calls. */
  readonly origin: string;
}

/**
 * Turns what kubeconform printed into findings. A resource that it does not speak of counts as one: it was not checked.
 * @throws Error when the output is not its JSON: kubeconform itself failed
 */
export function kubeconformFindings(output: string, resources: readonly Resource[], known: Known): Finding[] {
  const findings: Finding[] = [];
  const unchecked = new Set(resources);
  for (const entry of entries(output)) {
    if (entry.kind === "" && entry.msg === "") continue; // an empty document
    const resource = [...unchecked].find(
      (each) =>
        each.file === entry.filename &&
        each.kind === entry.kind &&
        each.name === entry.name &&
        each.apiVersion === entry.version,
    );
    if (resource) unchecked.delete(resource);
    if (entry.status === "statusValid") continue;
    const base = {
      file: entry.filename,
      line: resource?.line ?? 1,
      resource: entry.kind ? resourceName({ kind: entry.kind, name: entry.name }) : "",
    };
    if (entry.msg.startsWith("could not find schema for")) findings.push(missingSchema(entry, base, known));
    else if (entry.status === "statusInvalid")
      findings.push(...violations(entry.msg).map((each) => violation(each, base, resource)));
    else
      findings.push({
        ...base,
        rule: "schema",
        is: entry.msg,
        expected: "a resource that kubeconform can read",
        mend: "correct the file; see the message above",
      });
  }
  return [...findings, ...[...unchecked].map(notChecked)];
}

function notChecked(resource: Resource): Finding {
  return {
    rule: "schema",
    file: resource.file,
    line: resource.line,
    resource: resourceName(resource),
    is: "kubeconform says nothing of it",
    expected: "an answer for every resource",
    mend: "look at the file with kubeconform -verbose; a resource inside another that it does not open is one cause",
  };
}

interface Entry {
  readonly filename: string;
  readonly kind: string;
  readonly name: string;
  readonly version: string;
  readonly status: string;
  readonly msg: string;
}

function entries(output: string): Entry[] {
  let value: Json;
  try {
    value = JSON.parse(output) as Json;
  } catch (cause) {
    throw new Error(`kubeconform was expected to print JSON, received: ${output.slice(0, 2_000) || "nothing"}`, {
      cause,
    });
  }
  const resources = isObject(value) && Array.isArray(value["resources"]) ? value["resources"] : [];
  const text = (each: Json, key: string) => (isObject(each) ? String(each[key] ?? "") : "");
  return resources.map((each) => ({
    filename: text(each, "filename"),
    kind: text(each, "kind"),
    name: text(each, "name"),
    version: text(each, "version"),
    status: text(each, "status"),
    msg: text(each, "msg"),
  }));
}

/** The fields that are wrong, out of a message such as `… - at '/spec': validation failed - at '/spec/replicas': got string, want integer`. */
export function violations(message: string): { readonly path: readonly string[]; readonly what: string }[] {
  const all = message
    .split(/\s+- at '/)
    .slice(1)
    .map((part) => {
      const end = part.indexOf("':");
      const path = part.slice(1, end).split("/").filter(Boolean);
      return {
        path: path.map((step) => step.replaceAll("~1", "/").replaceAll("~0", "~")),
        what: part.slice(end + 2).trim(),
      };
    });
  const leaves = all.filter(({ what }) => !/^(validation failed|'(all|any|one)Of' failed.*)$/.test(what));
  if (leaves.length > 0) return leaves;
  return all.length > 0 ? all.slice(-1) : [{ path: [], what: message }];
}

function violation(
  each: { readonly path: readonly string[]; readonly what: string },
  base: Pick<Finding, "file" | "line" | "resource">,
  resource: Resource | undefined,
): Finding {
  const unknown = /^additional properties (.*) not allowed$/.exec(each.what)?.[1];
  const field = unknown?.split("', '")[0]?.replaceAll("'", "");
  const path = field === undefined ? each.path : [...each.path, field];
  const at = dotted(each.path);
  const location = { ...base, line: resource?.lineOf(path) ?? base.line, rule: "schema" };
  if (unknown !== undefined)
    return {
      ...location,
      is: `${at || "the resource"} has ${unknown.includes(",") ? "fields" : "a field"} that ${at ? "it" : "this kind"} does not know: ${unknown}`,
      expected: "only fields of the schema: a server drops others, and what they were to do does not happen",
      mend: "correct the spelling or the place, or delete it",
    };
  return {
    ...location,
    is: `${at || "the resource"}: ${each.what}`,
    expected: "what the schema of this kind and version says",
    mend: "correct the value; in a template, mind quotes and toYaml",
  };
}

function missingSchema(entry: Entry, base: Pick<Finding, "file" | "line" | "resource">, known: Known): Finding {
  const [group, version] = entry.version.includes("/") ? entry.version.split("/") : ["", entry.version];
  const beginning = `${group || entry.version}/${entry.kind.toLowerCase()}_`;
  const served = known.paths
    .filter((path) => path.startsWith(beginning))
    .map((path) => path.slice(beginning.length).replace(/\.json$/, ""));
  if (served.length > 0)
    return {
      ...base,
      rule: "schema",
      is: `${entry.kind} in version ${entry.version}, which this Kubernetes does not serve`,
      expected: served.map((each) => (group ? `${group}/${each}` : each)).join(" or "),
      mend: `write apiVersion: ${group ? `${group}/` : ""}${served.at(-1)}, and mind what changed between the two`,
    };
  return {
    ...base,
    rule: "schema",
    is: `no schema for ${entry.kind} of ${entry.version}`,
    expected: "a schema for every kind: what is not checked is not known to be right",
    mend:
      `correct the kind if it is misspelt; for a custom resource give its CustomResourceDefinition to ${known.origin}, ` +
      `or a JSON schema at ${beginning}${version}.json`,
  };
}

/** `spec.template.spec.containers[0].image` */
function dotted(path: readonly string[]): string {
  return path.map((step, index) => (/^\d+$/.test(step) ? `[${step}]` : index === 0 ? step : `.${step}`)).join("");
}
