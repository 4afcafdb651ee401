import { parse, refToRelative } from "@pnpm/deps.path";
import { broken, entries, parseYaml, type Parsed, record, text } from "../document.ts";
import type { Lock, LockedPackage, Root } from "../lock.ts";

const GROUPS = ["dependencies", "devDependencies", "optionalDependencies"];

/** Reads pnpm-lock.yaml of the formats 6 and 9. */
export function readPnpm(source: string, file: string): Lock {
  // In pnpm 11 and later a document about pnpm itself may stand before that of the projects.
  const parsed = parseYaml(source, file, "last");
  const top = record(parsed.value);
  const format = text(top["lockfileVersion"]);
  const major = format.split(".")[0] ?? "";
  if (major !== "6" && major !== "9") {
    throw broken(
      file,
      1,
      `expected lockfileVersion 6 or 9, found ${JSON.stringify(format)}`,
      "Let pnpm 8 or later write it.",
    );
  }
  const graph = major === "9" ? "snapshots" : "packages";
  const roots = rootsOf(top, parsed, file);
  const direct = new Set(roots.map(({ id }) => id));
  const nodes = record(top[graph]);
  const known = new Set(Object.keys(nodes).map(bare));
  for (const { id, name } of roots) if (id !== null && !known.has(id)) throw dangling(file, 1, name, id);
  const packages = Object.keys(nodes).map((key) =>
    packageOf(key, top, nodes, known, direct.has(bare(key)), parsed.lineOf([graph, key]), file),
  );
  return { file, tool: "pnpm", ecosystem: "npm", packages, roots };
}

function rootsOf(top: Readonly<Record<string, unknown>>, { lineOf }: Parsed, file: string): Root[] {
  const importers = top["importers"] === undefined ? [[".", top] as const] : entries(top["importers"]);
  if (importers.length === 0) throw broken(file, 1, "it names no project", "Is `importers` cut off?");
  return importers.flatMap(([importer, project]) =>
    GROUPS.flatMap((group) =>
      entries(record(project)[group]).map(([name, value]) => {
        const version = text(record(value)["version"]) || text(value);
        if (version === "") {
          const line = lineOf(["importers", importer, group, name]);
          throw broken(file, line, `${name} has no version`, "Let pnpm write it anew: `pnpm install --lockfile-only`.");
        }
        const id = refToRelative(bare(version), name);
        return { importer: importer === "." ? "" : importer, name, id };
      }),
    ),
  );
}

function packageOf(
  key: string,
  top: Readonly<Record<string, unknown>>,
  nodes: Readonly<Record<string, unknown>>,
  known: ReadonlySet<string>,
  isDirect: boolean,
  line: number,
  file: string,
): LockedPackage {
  const id = bare(key);
  const { name, version, nonSemverVersion, patchHash } = parse(id);
  const node = record(nodes[key]);
  const about = record(record(top["packages"])[peerless(key)] ?? nodes[key]);
  const called = name ?? text(about["name"]);
  const given = version ?? (text(about["version"]) || nonSemverVersion);
  if (called === "" || given === undefined) {
    throw broken(file, line, `${key} is no package with a version`, "Let pnpm write it anew.");
  }
  const edges = ["dependencies", "optionalDependencies"].flatMap((group) =>
    entries(node[group]).flatMap(([dependency, reference]) => {
      const target = refToRelative(bare(text(reference)), dependency);
      if (target === null) return [];
      if (!known.has(target)) throw dangling(file, line, key, target);
      return [target];
    }),
  );
  return {
    id,
    ecosystem: "npm",
    name: called,
    version: given,
    ...(version === undefined ? { opaque: `it comes from ${nonSemverVersion ?? "elsewhere"}` } : {}),
    notes: patchHash === undefined ? [] : ["it is patched in this repository: does the patch mend this?"],
    relation: isDirect ? "direct" : "transitive",
    line,
    edges: [...new Set(edges)].sort(),
  };
}

// Format 6 has a slash before keys and before references that are keys.
function bare(key: string): string {
  return key.startsWith("/") ? key.slice(1) : key;
}

function peerless(key: string): string {
  const { peerDepGraphHash = "", patchHash = "" } = parse(bare(key));
  return key.slice(0, key.length - peerDepGraphHash.length - patchHash.length);
}

function dangling(file: string, line: number, from: string, to: string): Error {
  return broken(
    file,
    line,
    `${from} depends on ${to}, of which there is no entry`,
    "Is the file cut off? `pnpm install --lockfile-only` writes it anew.",
  );
}
