import type { Resource } from "./parse.ts";
import { billionths } from "./quantity.ts";
import { type Json, type JsonObject, isObject, objectAt } from "./tree.ts";

/** Groups where a list without items is the same as no list. */
const emptyLists = new Set([
  "",
  "apps",
  "batch",
  "autoscaling",
  "policy",
  "networking.k8s.io",
  "rbac.authorization.k8s.io",
]);

/** The object with what is the same to Kubernetes written in one way: quantities, lists without items, stringData of Secrets. */
export function normalise(resource: Resource): JsonObject {
  const { group, kind, object } = resource;
  if (group === "" && kind === "Secret") return oneSecret(object);
  if (group === "" && kind === "ConfigMap") return object;
  const drops = emptyLists.has(group);
  const pairs = Object.entries(object).map(([key, value]) => [
    key,
    key === "metadata" ? value : walk(value, key, drops),
  ]);
  return Object.fromEntries(pairs) as JsonObject;
}

/** Keys below which every scalar is a quantity. */
const quantityMaps = new Set(["requests", "limits", "capacity", "hard", "defaultRequest", "overhead"]);
const quantityKeys = new Set(["sizeLimit", "divisor", "averageValue"]);

function walk(value: Json, key: string, dropsEmptyLists: boolean): Json {
  if (Array.isArray(value)) return value.map((item) => walk(item, "", dropsEmptyLists));
  if (isObject(value)) {
    const amounts = quantityMaps.has(key);
    const pairs = Object.entries(value).flatMap(([name, item]) => {
      if (dropsEmptyLists && Array.isArray(item) && item.length === 0) return [];
      return [[name, amounts ? amount(item, name, dropsEmptyLists) : walk(item, name, dropsEmptyLists)] as const];
    });
    return Object.fromEntries(pairs);
  }
  return quantityKeys.has(key) ? amount(value, key, dropsEmptyLists) : value;
}

function amount(value: Json, key: string, dropsEmptyLists: boolean): Json {
  if (typeof value !== "string" && typeof value !== "number") return walk(value, key, dropsEmptyLists);
  const size = billionths(value);
  return size === undefined ? value : quantityText(size);
}

const binary = ["Ki", "Mi", "Gi", "Ti", "Pi", "Ei"].map(
  (suffix, n) => [suffix, 1_000_000_000n << BigInt(10 * (n + 1))] as const,
);

/** An amount in billionths as people write it: `512Mi`, `1500m`, `2`, `100M`. */
export function quantityText(size: bigint): string {
  if (size < 0n) return `-${quantityText(-size)}`;
  if (size === 0n) return "0";
  const fits = binary.findLast(([, unit]) => size % unit === 0n);
  if (fits !== undefined) return `${size / fits[1]}${fits[0]}`;
  const decimal: readonly (readonly [string, bigint])[] = [
    ["", 1_000_000_000n],
    ["m", 1_000_000n],
    ["u", 1000n],
    ["n", 1n],
  ];
  const [suffix, unit] = decimal.find(([, step]) => size % step === 0n)!;
  const number = size / unit;
  if (suffix !== "" || number < 1_000_000n) return `${number}${suffix}`;
  const [large, power] = (
    [
      ["G", 1_000_000_000n],
      ["M", 1_000_000n],
      ["k", 1000n],
    ] as const
  ).find(([, step]) => number % step === 0n) ?? ["", 1n];
  return `${number / power}${large}`;
}

/** Text and base64 are two forms of the same key of a Secret; text wins, as in the API server. */
function oneSecret(object: JsonObject): JsonObject {
  const { stringData, ...rest } = object;
  if (!isObject(stringData)) return object;
  const encoded = Object.entries(stringData).map(
    ([key, value]) => [key, Buffer.from(String(value)).toString("base64")] as const,
  );
  return { ...rest, data: { ...objectAt(object, "data"), ...Object.fromEntries(encoded) } };
}
