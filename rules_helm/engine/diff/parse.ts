import { LineCounter, parseAllDocuments } from "yaml";
import { type Json, type JsonObject, isObject, textAt } from "./tree.ts";

/** A resource of a folder of manifests. */
export interface Resource {
  /** The overlay and the application that it belongs to, by the folders it stands in; "" where there are no such folders. */
  readonly overlay: string;
  readonly app: string;
  /** Its file, from the folder of manifests. */
  readonly file: string;
  /** "" for the core group. */
  readonly group: string;
  readonly version: string;
  readonly kind: string;
  /** "" where the manifest has none. */
  readonly namespace: string;
  readonly name: string;
  readonly object: JsonObject;
}

/** A file that cannot be understood. The message has several lines. */
export class Unreadable extends Error {
  override readonly name = "Unreadable";
}

/** The overlay and application of a path: `<overlay>/<app>/<file>`, or `<overlay>/applications/<app>.yaml`. */
export function placeOf(path: string): Pick<Resource, "overlay" | "app"> {
  const [first = "", second = "", ...rest] = path.split("/");
  if (second === "") return { overlay: "", app: "" };
  if (rest.length === 0) return { overlay: "", app: first };
  return { overlay: first, app: second === "applications" ? (rest.at(-1) ?? "").replace(/\.[^.]*$/, "") : second };
}

/**
 * Reads a file: any number of documents, empty ones among them; items of a List are resources of their own.
 *
 * @param side which of the two that are compared, to speak of: `the base (main)`
 */
export function parseFile(file: string, text: string, side: string): Resource[] {
  return text.trim() === ""
    ? []
    : documents(file, text, side).flatMap(({ value, line }) => {
        if (value === null) return [];
        const items =
          isObject(value) && textAt(value, "kind").endsWith("List") && Array.isArray(value["items"])
            ? value["items"]
            : [value];
        return items.map((item) => resource(file, line, item, side));
      });
}

function documents(file: string, text: string, side: string): { value: Json; line: number }[] {
  const fast = asJson(text);
  if (fast !== undefined) return [{ value: fast, line: 1 }];
  const lines = new LineCounter();
  const parsed = parseAllDocuments(text, {
    lineCounter: lines,
    logLevel: "silent",
    merge: true,
    prettyErrors: false,
    version: "1.1",
  });
  return (Array.isArray(parsed) ? parsed : []).map((document) => {
    const [error] = document.errors;
    if (error !== undefined) {
      const { line, col } = lines.linePos(error.pos[0]);
      throw unreadable(file, line, side, `${error.message.split("\n")[0]} (column ${col})`);
    }
    const line = lines.linePos(document.contents?.range?.[0] ?? document.range[0]).line;
    try {
      return { value: clean(document.toJS({ maxAliasCount: 10_000 })) ?? null, line };
    } catch (cause) {
      throw unreadable(file, line, side, (cause as Error).message);
    }
  });
}

function asJson(text: string): Json | undefined {
  if (!text.trimStart().startsWith("{")) return undefined;
  try {
    return clean(JSON.parse(text)) ?? null;
  } catch {
    return undefined;
  }
}

/** Leaves out keys without a value, which are the same to Kubernetes as no key; dates of YAML 1.1 become text again. */
function clean(value: unknown): Json | undefined {
  if (value === null || value === undefined) return undefined;
  if (value instanceof Date) return value.toISOString().replace(/T00:00:00\.000Z$/, "");
  if (Array.isArray(value)) return value.map((item) => clean(item) ?? null);
  if (typeof value !== "object") return value as Json;
  const pairs = Object.entries(value).flatMap(([key, item]) => {
    const kept = clean(item);
    return kept === undefined ? [] : [[key, kept] as const];
  });
  return Object.fromEntries(pairs);
}

function resource(file: string, line: number, value: Json, side: string): Resource {
  const apiVersion = textAt(value, "apiVersion");
  const kind = textAt(value, "kind");
  const name = textAt(value, "metadata", "name") || textAt(value, "metadata", "generateName");
  const missing = apiVersion === "" ? "apiVersion" : kind === "" ? "kind" : name === "" ? "metadata.name" : "";
  if (!isObject(value) || missing !== "") {
    throw unreadable(
      file,
      line,
      side,
      isObject(value) ? `a resource without ${missing}` : "a document that is no mapping",
    );
  }
  const slash = apiVersion.indexOf("/");
  return {
    ...placeOf(file),
    file,
    group: slash < 0 ? "" : apiVersion.slice(0, slash),
    version: apiVersion.slice(slash + 1),
    kind,
    namespace: textAt(value, "metadata", "namespace"),
    name,
    object: value,
  };
}

function unreadable(file: string, line: number, side: string, what: string): Unreadable {
  return new Unreadable(
    [
      `${file}:${line}: cannot be read in ${side}`,
      `  found     ${what}`,
      "  expected  Kubernetes resources as YAML, each with apiVersion, kind and metadata.name",
      `  mend      correct the file, or choose another ${side.startsWith("the base") ? "--base" : "--head"} where it can be read`,
    ].join("\n"),
  );
}
