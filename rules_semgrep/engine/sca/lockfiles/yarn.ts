import { parseSyml } from "@yarnpkg/parsers";
import { broken, entries, parseYaml, record, text } from "../document.ts";
import type { Lock, LockedPackage, Root } from "../lock.ts";
import { parseDescriptor, splitDescriptors } from "./yarn-names.ts";

type Entry = Readonly<Record<string, unknown>>;

const ANEW = "Is the file cut off? `yarn install --mode=update-lockfile` writes it anew.";
const GROUPS = ["dependencies", "optionalDependencies"];

/** Reads yarn.lock, of yarn 1 and of yarn 2 and later. */
export function readYarn(source: string, file: string): Lock {
  return source.includes("\n__metadata:") || source.startsWith("__metadata:")
    ? readBerry(source, file)
    : readClassic(source, file);
}

/** Yarn 1 does not say what the project itself asks for: direct is what nothing else asks for. */
function readClassic(source: string, file: string): Lock {
  const heads = headsOf(source, file);
  const all = new Map(entries(parseClassic(source, file)).map(([key, entry]): [string, Entry] => [key, record(entry)]));
  const merged = new Map<string, Entry>();
  for (const [keys] of heads) merged.set(keys[0] ?? "", all.get(keys[0] ?? "") ?? {});
  const idOf = new Map([...heads.keys()].flatMap((keys) => keys.map((key): [string, string] => [key, keys[0] ?? ""])));
  const graph = edgesOf(merged, idOf, file, (id) => lineOfHead(heads, id));
  const asked = new Set([...graph.values()].flat());
  const packages = [...heads].map(([keys, line]): LockedPackage => {
    const id = keys[0] ?? "";
    const entry = merged.get(id) ?? {};
    const { name, real, range, foreign } = parseDescriptor(id);
    const version = text(entry["version"]);
    if (version === "") throw broken(file, line, `${id} has no version`, ANEW);
    return {
      id,
      ecosystem: "npm",
      name: real ?? name,
      version,
      ...(foreign ? { opaque: `it comes from ${range}` } : {}),
      notes: [],
      relation: asked.has(id) ? "transitive" : "direct",
      line,
      edges: graph.get(id) ?? [],
    };
  });
  const roots = packages.map(({ id }): Root => ({ importer: null, name: parseDescriptor(id).name, id }));
  return { file, tool: "yarn-classic", ecosystem: "npm", packages, roots };
}

function readBerry(source: string, file: string): Lock {
  const { value, lineOf } = parseYaml(source, file);
  const all = new Map(
    entries(value)
      .filter(([key]) => key !== "__metadata")
      .map(([key, entry]): [string, Entry] => [key, record(entry)]),
  );
  const idOf = new Map(
    [...all.keys()].flatMap((key) => splitDescriptors(key).map((one): [string, string] => [one, key])),
  );
  const graph = edgesOf(all, idOf, file, (id) => lineOf([id]));
  const projects = [...all].filter(([, entry]) => entry["linkType"] === "soft");
  if (projects.length === 0) throw broken(file, 1, "it has no entry of a project", ANEW);
  const first = new Set(projects.map(([key]) => key));
  const direct = new Set(projects.flatMap(([key]) => graph.get(key) ?? []));
  const packages = [...all].flatMap(([id, entry]): LockedPackage[] => {
    if (first.has(id)) return [];
    const resolution = text(entry["resolution"]);
    const version = text(entry["version"]);
    if (resolution === "" || version === "")
      throw broken(file, lineOf([id]), `${id} has no resolution with a version`, ANEW);
    const { name, protocol, range } = parseDescriptor(resolution);
    const patched = protocol === "patch";
    return [
      {
        id,
        ecosystem: "npm",
        name,
        version,
        ...(protocol === "npm" || patched ? {} : { opaque: `it comes from ${range}` }),
        notes: patched ? ["it is patched in this repository: does the patch mend this?"] : [],
        relation: direct.has(id) ? "direct" : "transitive",
        line: lineOf([id]),
        edges: (graph.get(id) ?? []).filter((target) => !first.has(target)),
      },
    ];
  });
  const roots = projects.flatMap(([, entry]) => {
    const { range } = parseDescriptor(text(entry["resolution"]));
    const importer = range.slice(range.indexOf(":") + 1);
    return GROUPS.flatMap((group) =>
      entries(entry[group]).flatMap(([name, wanted]) =>
        targets(idOf, all, name, text(wanted)).map((id): Root => ({
          importer: importer === "." ? "" : importer,
          name,
          id: first.has(id) ? null : id,
        })),
      ),
    );
  });
  return { file, tool: "yarn", ecosystem: "npm", packages, roots };
}

function edgesOf(
  all: ReadonlyMap<string, Entry>,
  idOf: ReadonlyMap<string, string>,
  file: string,
  lineOf: (id: string) => number,
): Map<string, string[]> {
  return new Map(
    [...all].map(([id, entry]) => {
      const found = GROUPS.flatMap((group) =>
        entries(entry[group]).flatMap(([name, range]) => {
          const ids = targets(idOf, all, name, text(range));
          if (ids.length > 0 || group === "optionalDependencies" || isOptional(entry, name)) return ids;
          throw broken(file, lineOf(id), `${id} depends on ${name}, of which there is no entry`, ANEW);
        }),
      );
      return [id, [...new Set(found)].sort()];
    }),
  );
}

function isOptional(entry: Entry, name: string): boolean {
  return record(record(entry["dependenciesMeta"])[name])["optional"] === true;
}

// A resolution of the project overrides ranges: then every version of the name may be meant.
function targets(
  idOf: ReadonlyMap<string, string>,
  all: ReadonlyMap<string, Entry>,
  name: string,
  range: string,
): string[] {
  const exact = idOf.get(`${name}@${range}`) ?? idOf.get(`${name}@npm:${range}`);
  if (exact !== undefined) return [exact];
  return [...all.keys()].filter((key) => splitDescriptors(key).some((one) => parseDescriptor(one).name === name));
}

function parseClassic(source: string, file: string): unknown {
  try {
    return parseSyml(source.startsWith("# yarn lockfile v1") ? source : `# yarn lockfile v1\n${source}`);
  } catch (error) {
    const line = (error as { location?: { start?: { line?: number } } }).location?.start?.line;
    throw broken(file, line, `it is no yarn.lock (${(error as Error).message})`, ANEW);
  }
}

// The library gives neither lines nor entries that are there twice: both stand in the heads, the lines that are not indented.
function headsOf(source: string, file: string): Map<string[], number> {
  const heads = new Map<string[], number>();
  const seen = new Set<string>();
  for (const [index, line] of source.split("\n").entries()) {
    const head = line.trimEnd();
    if (head === "" || head.startsWith("#") || head.startsWith(" ")) continue;
    const keys = splitDescriptors(head.endsWith(":") ? head.slice(0, -1) : head);
    for (const key of keys) {
      if (seen.has(key)) throw broken(file, index + 1, `${key} is there twice`, ANEW);
      seen.add(key);
    }
    heads.set(keys, index + 1);
  }
  if (heads.size === 0 && !source.includes("yarn lockfile v1")) throw broken(file, 1, "it is no yarn.lock", ANEW);
  return heads;
}

function lineOfHead(heads: ReadonlyMap<readonly string[], number>, id: string): number {
  return [...heads].find(([keys]) => keys[0] === id)?.[1] ?? 1;
}
