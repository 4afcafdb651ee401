import { broken, entries, list, parseJson, record, text } from "../document.ts";
import type { Lock, LockedPackage, Root } from "../lock.ts";

type Entry = Readonly<Record<string, unknown>>;

const FOLDER = "node_modules/";
const MISSING = "Is the file cut off? `npm install --package-lock-only` writes it anew.";

/** Reads package-lock.json and npm-shrinkwrap.json of the formats 2 and 3. */
export function readNpm(source: string, file: string): Lock {
  const { value, lineOf } = parseJson(source, file);
  const top = record(value);
  const format = top["lockfileVersion"];
  if (format !== 2 && format !== 3) {
    throw broken(
      file,
      1,
      `expected lockfileVersion 2 or 3, found ${JSON.stringify(format)}`,
      "Let npm 7 or later write it.",
    );
  }
  const all = new Map(entries(top["packages"]).map(([place, entry]): [string, Entry] => [place, record(entry)]));
  if (!all.has("")) throw broken(file, lineOf(["packages"]), "it has no entry of the project", MISSING);
  const edges = (place: string, groups: readonly string[]): [string, string][] =>
    groups.flatMap((group) =>
      entries(all.get(place)?.[group]).flatMap(([name]): [string, string][] => {
        const found = resolve(all, place, name);
        if (found !== undefined) return [[name, found]];
        if (mayBeAbsent(all.get(place) ?? {}, group, name)) return [];
        throw broken(
          file,
          lineOf(["packages", place]),
          `${place || "the project"} depends on ${name}, of which there is no entry`,
          MISSING,
        );
      }),
    );
  const projects = [...all.keys()].filter((place) => !place.includes(FOLDER));
  const roots = projects.flatMap((importer) =>
    edges(importer, ["dependencies", "devDependencies", "optionalDependencies", "peerDependencies"]).map(
      ([name, place]): Root => ({ importer, name, id: all.get(place)?.["link"] === true ? null : place }),
    ),
  );
  const direct = new Set(roots.map(({ id }) => id));
  const packages = [...all].flatMap(([place, entry]): LockedPackage[] => {
    if (!place.includes(FOLDER) || entry["link"] === true) return [];
    const version = text(entry["version"]);
    const line = lineOf(["packages", place]);
    if (version === "") throw broken(file, line, `${place} has no version`, MISSING);
    const targets = edges(place, ["dependencies", "optionalDependencies", "peerDependencies"]).map(([, id]) => id);
    return [
      {
        id: place,
        ecosystem: "npm",
        name: text(entry["name"]) || place.slice(place.lastIndexOf(FOLDER) + FOLDER.length),
        version,
        ...originOf(text(entry["resolved"])),
        notes: [],
        relation: direct.has(place) ? "direct" : "transitive",
        line,
        edges: [...new Set(targets.filter((id) => all.get(id)?.["link"] !== true))].sort(),
      },
    ];
  });
  return { file, tool: "npm", ecosystem: "npm", packages, roots };
}

// As Node looks for it: in the folder of the package, then in those above.
function resolve(all: ReadonlyMap<string, Entry>, from: string, name: string): string | undefined {
  for (let place = from; ;) {
    const candidate = `${place === "" ? "" : `${place}/`}${FOLDER}${name}`;
    if (all.has(candidate)) return candidate;
    if (place === "") return undefined;
    const above = place.lastIndexOf(`/${FOLDER}`);
    place = above < 0 ? "" : place.slice(0, above);
  }
}

function mayBeAbsent(entry: Entry, group: string, name: string): boolean {
  if (group === "optionalDependencies" || group === "peerDependencies") return true;
  return name in record(entry["optionalDependencies"]) || list(entry["bundleDependencies"]).includes(name);
}

function originOf(resolved: string): { opaque?: string } {
  const scheme = resolved.slice(0, Math.max(0, resolved.indexOf(":")));
  return scheme === "" || scheme === "https" || scheme === "http" ? {} : { opaque: `it comes from ${resolved}` };
}
