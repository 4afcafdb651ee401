import type { FieldType, Machine } from "../model.ts";
import { pluralOf } from "../new/names.ts";

type Schema = Readonly<Record<string, unknown>>;

/**
 * The schema of a custom resource's status, for its CustomResourceDefinition: the phases, their fields, and rules (CEL)
 * by which the API server itself refuses a status that lacks a field of its phase, and a change of phase that no
 * transition makes. A controller then has to write the status after each transition.
 */
export function emitStatusSchema({ states, transitions }: Machine): Schema {
  const fields = Map.groupBy(
    states.flatMap((state) => state.fields),
    ({ name }) => name,
  );
  const next = states.map(({ name }) => {
    const targets = [...new Set(transitions.filter(({ from }) => from === name).map(({ to }) => to))];
    return `"${name}": [${targets.map((target) => `"${target}"`).join(", ")}]`;
  });
  const needed = states.flatMap(({ name, fields: own }) => {
    const required = own.filter(({ type }) => !type.optional).map((field) => field.name);
    const rule = `self.phase != "${name}" || (${required.map((field) => `has(self.${field})`).join(" && ")})`;
    return required.length > 0 ? [{ rule, message: `${name} has ${required.join(", ")}` }] : [];
  });
  return {
    type: "object",
    required: ["phase", "stateEnteredAt"],
    properties: {
      phase: { type: "string", enum: states.map(({ name }) => name) },
      stateEnteredAt: { type: "string", format: "date-time" },
      attempts: { type: "integer", minimum: 0 },
      ...Object.fromEntries([...fields].map(([name, all]) => [name, merged(all.map(({ type }) => schemaOf(type)))])),
    },
    "x-kubernetes-validations": [
      ...needed,
      {
        rule: `self.phase == oldSelf.phase || self.phase in {${next.join(", ")}}[oldSelf.phase]`,
        messageExpression: `"no transition leads from " + oldSelf.phase + " to " + self.phase`,
      },
    ],
  };
}

/**
 * The CustomResourceDefinition of a machine's kind: any spec, and the status of {@link emitStatusSchema}. Undefined where
 * the kind is no custom resource (its group has no dot), or has its status elsewhere.
 */
export function emitDefinition(machine: Machine): Schema | undefined {
  const { kind, group, version = "v1", statusField } = machine;
  if (kind === undefined || !group?.includes(".") || group.endsWith(".k8s.io") || statusField !== "status")
    return undefined;
  const singular = kind.toLowerCase();
  const plural = pluralOf(singular);
  const spec = { type: "object", "x-kubernetes-preserve-unknown-fields": true };
  const column = (name: string, type: string, jsonPath: string): Schema => ({ name, type, jsonPath });
  return {
    apiVersion: "apiextensions.k8s.io/v1",
    kind: "CustomResourceDefinition",
    metadata: { name: `${plural}.${group}` },
    spec: {
      group,
      scope: "Namespaced",
      names: { plural, singular, kind, listKind: `${kind}List` },
      versions: [
        {
          name: version,
          served: true,
          storage: true,
          subresources: { status: {} },
          additionalPrinterColumns: [
            column("Phase", "string", ".status.phase"),
            column("Since", "date", ".status.stateEnteredAt"),
            column("Age", "date", ".metadata.creationTimestamp"),
          ],
          schema: { openAPIV3Schema: { type: "object", properties: { spec, status: emitStatusSchema(machine) } } },
        },
      ],
    },
  };
}

/** One schema for a field that several states have; any value where they differ. */
function merged(schemas: readonly Schema[]): Schema {
  const different = new Set(schemas.map((schema) => JSON.stringify(schema)));
  return different.size === 1 ? schemas[0]! : { "x-kubernetes-preserve-unknown-fields": true };
}

function schemaOf(type: FieldType): Schema {
  switch (type.kind) {
    case "evidence":
      return { type: "string", minLength: 1 };
    case "text":
      return { type: "string" };
    case "time":
      return { type: "string", format: "date-time" };
    case "enum":
      return { type: "string", enum: type.values };
    case "integer":
      return { type: "integer", format: "int64" };
    default:
      return { type: type.kind };
  }
}
