import { isMap, isScalar, isSeq, LineCounter, type Node, parseDocument, type YAMLMap } from "yaml";

/** What stands in a Chart.yaml, as far as BUILD files are concerned. */
export interface ChartFile {
  readonly name: string;
  readonly library: boolean;
  readonly dependencies: readonly Dependency[];
}

/** One entry of `dependencies`. */
export interface Dependency {
  readonly name: string;
  /** `file://…`, `oci://…`, `https://…`, or "" for a chart that is vendored below charts/. */
  readonly repository: string;
  readonly line: number;
}

/** What is wrong with a Chart.yaml, and where. */
export interface Fault {
  readonly line: number;
  readonly message: string;
}

/** Reads a Chart.yaml; either a chart or everything that is wrong with it. */
export function readChartFile(text: string): { readonly chart: ChartFile } | { readonly faults: readonly Fault[] } {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines });
  const lineOf = (node: unknown): number => {
    const start = (node as Node | null | undefined)?.range?.[0];
    return start === undefined ? 1 : lines.linePos(start).line;
  };
  if (document.errors.length > 0) {
    return {
      faults: document.errors.map(({ pos, message }) => ({
        line: lines.linePos(pos[0]).line,
        message: `not YAML: ${message.split("\n")[0]!.replace(/ at line .*$/, "")}`,
      })),
    };
  }
  const root = document.contents;
  if (!isMap(root)) return { faults: [{ line: 1, message: "expected a mapping with apiVersion, name and version" }] };
  const faults: Fault[] = [];
  const textOf = (map: YAMLMap, key: string): string | undefined => {
    const value = map.get(key, true);
    if (value === undefined) return undefined;
    if (isScalar(value) && typeof value.value === "string" && value.value !== "") return value.value;
    faults.push({ line: lineOf(value), message: `${key}: expected a text, received ${JSON.stringify(value)}` });
    return undefined;
  };
  const need = (map: YAMLMap, key: string): string => {
    const before = faults.length;
    const value = textOf(map, key);
    if (value === undefined && faults.length === before) {
      faults.push({ line: lineOf(map), message: `expected a ${key}, received none` });
    }
    return value ?? "";
  };
  const name = need(root, "name");
  const type = textOf(root, "type") ?? "application";
  if (type !== "application" && type !== "library") {
    faults.push({
      line: lineOf(root.get("type", true)),
      message: `type: expected application or library, received "${type}"`,
    });
  }
  const listed = root.get("dependencies", true);
  if (listed !== undefined && !isSeq(listed)) {
    faults.push({ line: lineOf(listed), message: "dependencies: expected a list" });
  }
  const dependencies = (isSeq(listed) ? listed.items : []).flatMap((item): Dependency[] => {
    if (!isMap(item)) {
      faults.push({ line: lineOf(item), message: "dependencies: expected entries with a name" });
      return [];
    }
    const repository = item.has("repository") ? (item.get("repository") as unknown) : "";
    if (typeof repository !== "string") {
      faults.push({ line: lineOf(item.get("repository", true)), message: "repository: expected a text" });
    }
    return [{ name: need(item, "name"), repository: String(repository), line: lineOf(item) }];
  });
  return faults.length > 0 ? { faults } : { chart: { name, library: type === "library", dependencies } };
}
