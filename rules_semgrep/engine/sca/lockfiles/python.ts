import { broken, list, parseToml, record, text } from "../document.ts";
import type { Lock, LockedPackage, Root, Tool } from "../lock.ts";
import { normalised } from "../names.ts";

type Entry = Readonly<Record<string, unknown>>;

/** Reads uv.lock. */
export function readUv(source: string, file: string): Lock {
  const { entries, lineOf } = packagesIn(source, file, "uv lock");
  const local = (entry: Entry): string | undefined =>
    ["editable", "virtual", "directory"].map((key) => text(record(entry["source"])[key])).find((path) => path !== "");
  const first = entries.filter((entry) => local(entry) !== undefined);
  const edgesOf = (entry: Entry, file_: string): string[] =>
    asked(entry).map((dependency) => {
      const found = entries.find((other) => isMeant(other, dependency));
      if (found === undefined) {
        const what = `${text(entry["name"])} depends on ${text(dependency["name"])}, of which there is no entry`;
        throw broken(file_, lineOf(entries.indexOf(entry)), what, "Is the file cut off? `uv lock` writes it anew.");
      }
      return idOf(found);
    });
  const roots = first.flatMap((entry) =>
    asked(entry).map((dependency): Root => {
      const found = entries.find((other) => isMeant(other, dependency));
      const importer = local(entry) ?? "";
      return {
        importer: importer === "." ? "" : importer,
        name: text(dependency["name"]),
        id: found === undefined || local(found) !== undefined ? null : idOf(found),
      };
    }),
  );
  const direct = new Set(roots.map(({ id }) => id));
  const graph = entries.map((entry) => edgesOf(entry, file));
  const firstIds = new Set(first.map(idOf));
  const packages = entries.flatMap((entry, index): LockedPackage[] => {
    if (local(entry) !== undefined) return [];
    const sources = record(entry["source"]);
    const origin = ["git", "path", "url"].map((key) => text(sources[key])).find((from) => from !== "");
    return [
      {
        id: idOf(entry),
        ecosystem: "PyPI",
        name: normalised(text(entry["name"])),
        version: text(entry["version"]),
        ...(origin === undefined ? {} : { opaque: `it comes from ${origin}` }),
        notes: [],
        relation: direct.has(idOf(entry)) ? "direct" : first.length === 0 ? "listed" : "transitive",
        line: lineOf(index),
        edges: [...new Set(graph[index])].filter((id) => !firstIds.has(id)).sort(),
      },
    ];
  });
  return lockOf(file, "uv", packages, roots);
}

/** Reads poetry.lock. It does not say what the project asks for: direct is what nothing else asks for. */
export function readPoetry(source: string, file: string): Lock {
  const { entries, lineOf } = packagesIn(source, file, "poetry lock");
  // Dependencies whose marker or extra is not wanted have no entry.
  const edgesOf = (entry: Entry): string[] =>
    Object.keys(record(entry["dependencies"])).flatMap((name) =>
      entries.filter((other) => normalised(text(other["name"])) === normalised(name)).map(idOf),
    );
  const graph = entries.map(edgesOf);
  const wanted = new Set(graph.flat());
  const packages = entries.map((entry, index): LockedPackage => {
    const { type, url } = record(entry["source"]);
    const foreign = ["git", "directory", "file", "url"].includes(text(type));
    return {
      id: idOf(entry),
      ecosystem: "PyPI",
      name: normalised(text(entry["name"])),
      version: text(entry["version"]),
      ...(foreign ? { opaque: `it comes from ${text(type)} ${text(url)}` } : {}),
      notes: [],
      relation: wanted.has(idOf(entry)) ? "transitive" : "direct",
      line: lineOf(index),
      edges: [...new Set(graph[index])].sort(),
    };
  });
  const roots = packages.map(({ id, name }): Root => ({ importer: null, name, id }));
  return lockOf(file, "poetry", packages, roots);
}

function lockOf(file: string, tool: Tool, packages: LockedPackage[], roots: Root[]): Lock {
  return { file, tool, ecosystem: "PyPI", packages, roots };
}

function packagesIn(
  source: string,
  file: string,
  anew: string,
): { entries: Entry[]; lineOf: (index: number) => number } {
  const { value, lineOf } = parseToml(source, file);
  const top = record(value);
  const advice = `Is the file cut off? \`${anew}\` writes it anew.`;
  const marked = top["version"] !== undefined || record(top["metadata"])["lock-version"] !== undefined;
  if (!marked) throw broken(file, 1, "it has no version of its format", advice);
  const entries = list(top["package"]).map(record);
  const seen = new Set<string>();
  for (const [index, entry] of entries.entries()) {
    const line = lineOf(["package", index]);
    const local = record(entry["source"]);
    const isLocal = "editable" in local || "virtual" in local || "directory" in local;
    if (text(entry["name"]) === "" || (text(entry["version"]) === "" && !isLocal)) {
      throw broken(file, line, "expected a name and a version in each [[package]]", advice);
    }
    const id = JSON.stringify([idOf(entry), entry["source"] ?? null]);
    if (seen.has(id)) throw broken(file, line, `${idOf(entry)} is there twice`, advice);
    seen.add(id);
  }
  return { entries, lineOf: (index) => lineOf(["package", index]) };
}

function idOf(entry: Entry): string {
  return `${normalised(text(entry["name"]))}@${text(entry["version"])}`;
}

function asked(entry: Entry): Entry[] {
  const groups = [record(entry["optional-dependencies"]), record(entry["dev-dependencies"])];
  const all = [...list(entry["dependencies"]), ...groups.flatMap((group) => Object.values(group).flatMap(list))];
  return all.map(record);
}

function isMeant(entry: Entry, dependency: Entry): boolean {
  const version = dependency["version"];
  return (
    normalised(text(entry["name"])) === normalised(text(dependency["name"])) &&
    (version === undefined || version === entry["version"])
  );
}
