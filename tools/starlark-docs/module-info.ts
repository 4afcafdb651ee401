import protobuf from "protobufjs/light.js";

/** A parameter of a function, or an attribute of a rule. */
export interface Parameter {
  readonly name: string;
  readonly doc: string;
  /** Starlark's spelling of the default; "" when there is none. */
  readonly defaultValue: string;
  readonly mandatory: boolean;
  /** For attributes: what `attr` function made it, such as `label_list`. */
  readonly type: string;
}

/** Something that a Starlark file exports: a function (a macro too), a rule, a provider or an aspect. */
export interface Symbol {
  readonly kind: "function" | "rule" | "provider" | "aspect";
  readonly name: string;
  readonly doc: string;
  /** Parameters, attributes or fields, in the order of the source. */
  readonly parameters: readonly Parameter[];
  /** For functions: what they return, "" when that is not said. */
  readonly returns: string;
}

/** What `starlark_doc_extract` found in one file. */
export interface ModuleDocs {
  /** The label of the file. */
  readonly file: string;
  readonly doc: string;
  readonly symbols: readonly Symbol[];
}

type Field = readonly [id: number, type: string, rule?: "repeated"];

/** A message as protobufjs takes it, from its fields by name. */
function message(fields: Readonly<Record<string, Field>>): protobuf.IType {
  return {
    fields: Object.fromEntries(
      Object.entries(fields).map(([name, [id, type, rule]]) => [name, rule ? { id, type, rule } : { id, type }]),
    ),
  };
}

const attributeTypes = [
  "unknown",
  "name",
  "int",
  "label",
  "string",
  "string_list",
  "int_list",
  "label_list",
  "bool",
  "label_keyed_string_dict",
  "string_dict",
  "string_list_dict",
  "output",
  "output_list",
  "string_keyed_label_dict",
  "label_list_dict",
];

/** The part of Bazel's stardoc_output.proto that is read here; field numbers are Bazel's. */
const root = protobuf.Root.fromJSON({
  nested: {
    ModuleInfo: message({
      ruleInfo: [1, "RuleInfo", "repeated"],
      providerInfo: [2, "ProviderInfo", "repeated"],
      funcInfo: [3, "FunctionInfo", "repeated"],
      aspectInfo: [4, "AspectInfo", "repeated"],
      moduleDocstring: [5, "string"],
      file: [6, "string"],
    }),
    RuleInfo: message({ name: [1, "string"], doc: [2, "string"], attribute: [3, "AttributeInfo", "repeated"] }),
    AspectInfo: message({ name: [1, "string"], doc: [2, "string"], attribute: [4, "AttributeInfo", "repeated"] }),
    AttributeInfo: message({
      name: [1, "string"],
      doc: [2, "string"],
      type: [3, "int32"],
      mandatory: [4, "bool"],
      defaultValue: [6, "string"],
    }),
    ProviderInfo: message({ name: [1, "string"], doc: [2, "string"], field: [3, "FieldInfo", "repeated"] }),
    FieldInfo: message({ name: [1, "string"], doc: [2, "string"] }),
    FunctionInfo: message({
      name: [1, "string"],
      parameter: [2, "ParameterInfo", "repeated"],
      doc: [3, "string"],
      returns: [4, "ReturnInfo"],
    }),
    ParameterInfo: message({
      name: [1, "string"],
      doc: [2, "string"],
      defaultValue: [3, "string"],
      mandatory: [4, "bool"],
    }),
    ReturnInfo: message({ doc: [1, "string"] }),
  },
});

interface Entry {
  readonly name: string;
  readonly doc: string;
  readonly type?: number;
  readonly mandatory?: boolean;
  readonly defaultValue?: string;
  readonly attribute?: readonly Entry[];
  readonly parameter?: readonly Entry[];
  readonly field?: readonly Entry[];
  readonly returns?: { readonly doc: string } | null;
}

/** Reads a binary `ModuleInfo`. Throws when the bytes are none. */
export function readModuleInfo(bytes: Uint8Array): ModuleDocs {
  const type = root.lookupType("ModuleInfo");
  const read = type.toObject(type.decode(bytes), { defaults: true }) as {
    readonly ruleInfo: readonly Entry[];
    readonly providerInfo: readonly Entry[];
    readonly funcInfo: readonly Entry[];
    readonly aspectInfo: readonly Entry[];
    readonly moduleDocstring: string;
    readonly file: string;
  };
  return {
    file: read.file,
    doc: read.moduleDocstring,
    symbols: [
      ...read.funcInfo.map((entry) => symbol("function", entry, entry.parameter)),
      ...read.ruleInfo.map((entry) => symbol("rule", entry, entry.attribute)),
      ...read.providerInfo.map((entry) => symbol("provider", entry, entry.field)),
      ...read.aspectInfo.map((entry) => symbol("aspect", entry, entry.attribute)),
    ],
  };
}

function symbol(kind: Symbol["kind"], { name, doc, returns }: Entry, parts: readonly Entry[] = []): Symbol {
  const parameters = parts.map(({ name, doc, type, mandatory = false, defaultValue = "" }) => {
    return { name, doc, mandatory, defaultValue, type: type === undefined ? "" : (attributeTypes[type] ?? "unknown") };
  });
  return { kind, name, doc, parameters, returns: returns?.doc ?? "" };
}
