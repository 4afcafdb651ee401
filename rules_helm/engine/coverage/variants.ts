import type { Leaf, Path } from "./values.ts";
import { isMapping } from "./values.ts";

/**
 * A value in which a text stands that nothing else contains, and that helm's usual functions (lower, trunc, quote) leave
 * in one piece; `undefined` for flags, which cannot hold one.
 */
export function mark(leaf: Leaf, index: number): { readonly value: unknown; readonly text: string } | undefined {
  const text = `cov${String(index).padStart(4, "0")}x`;
  if (typeof leaf.value === "boolean") return undefined;
  if (typeof leaf.value === "number") return { value: 710_000 + index * 7, text: String(710_000 + index * 7) };
  if (Array.isArray(leaf.value)) return { value: [text], text };
  return { value: isMapping(leaf.value) ? { [text]: text } : text, text };
}

/**
 * Other values for a leaf, the most telling first: another of its type, an empty one, one of a type that comparisons and
 * conversions stumble over, and those that the schema lists.
 */
export function variants(leaf: Leaf, listed: readonly unknown[]): readonly unknown[] {
  const { value } = leaf;
  const alien = { coverage: "coverage" };
  const others = listed.filter((one) => one !== value);
  if (typeof value === "boolean") return [!value, alien];
  if (typeof value === "number") return [value + 1, 0, alien, ...others].filter((one) => one !== value);
  if (typeof value === "string") return ["coverage", "", alien, ...others].filter((one) => one !== value);
  if (Array.isArray(value)) return [["coverage"], [{}], "coverage"];
  if (isMapping(value)) return [alien, { coverage: alien }, "coverage"];
  return ["coverage", alien, ["coverage"], true, ...others];
}

/** What may open a branch of a template that the given value keeps shut. */
export function openings(leaf: Leaf, listed: readonly unknown[]): readonly unknown[] {
  const { value } = leaf;
  if (typeof value === "boolean") return [!value];
  const others = listed.filter((one) => one !== value);
  if (value === "") return ["coverage", ...others];
  if (value === 0) return [1, ...others];
  if (value === null) return ["coverage", {}, ...others];
  if (Array.isArray(value)) return [[{}], ["coverage"]];
  if (isMapping(value)) return [{ coverage: "coverage" }];
  if (typeof value === "number") return [value + 1, ...others];
  return others;
}

/** The values that a JSON schema lists for a place (`enum`, `const`); empty where it lists none. */
export function listedBySchema(schema: unknown, path: Path): readonly unknown[] {
  return schemasAt(schema, schema, path).flatMap((one) => {
    const values = Array.isArray(one["enum"]) ? (one["enum"] as unknown[]) : [];
    return "const" in one ? [...values, one["const"]] : values;
  });
}

function schemasAt(root: unknown, schema: unknown, path: Path): Record<string, unknown>[] {
  if (!isMapping(schema)) return [];
  const parts = ["allOf", "anyOf", "oneOf"].flatMap((word) =>
    Array.isArray(schema[word]) ? (schema[word] as unknown[]) : [],
  );
  const elsewhere = [...parts, schema["if"], schema["then"], schema["else"], resolve(root, schema["$ref"])];
  const deeper = elsewhere.filter(isMapping).flatMap((part) => schemasAt(root, part, path));
  if (path.length === 0) return [schema, ...deeper];
  const [part, ...rest] = path;
  const properties = isMapping(schema["properties"]) ? schema["properties"] : {};
  const next = typeof part === "number" ? schema["items"] : (properties[part!] ?? schema["additionalProperties"]);
  return [...schemasAt(root, next, rest), ...deeper];
}

function resolve(root: unknown, reference: unknown): unknown {
  if (typeof reference !== "string" || !reference.startsWith("#/")) return undefined;
  const parts = reference.slice(2).split("/");
  return parts.reduce<unknown>((at, part) => (isMapping(at) ? at[part.replaceAll("~1", "/")] : undefined), root);
}
