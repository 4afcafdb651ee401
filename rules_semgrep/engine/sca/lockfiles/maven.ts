import { broken, entries, list, parseJson, record, text } from "../document.ts";
import type { Lock, LockedPackage } from "../lock.ts";

const PIN = "Let rules_jvm_external write it anew: `bazel run @maven//:pin`.";

/** Reads maven_install.json of rules_jvm_external, format 2. */
export function readMavenInstall(source: string, file: string): Lock {
  const { value, lineOf } = parseJson(source, file);
  const top = record(value);
  if (text(top["version"]) !== "2") {
    const found = JSON.stringify(top["version"] ?? null);
    throw broken(file, lineOf(["version"]), `expected "version": "2", found ${found}`, PIN);
  }
  const artifacts = entries(top["artifacts"]);
  const known = new Set(artifacts.map(([key]) => key));
  const dependencies = record(top["dependencies"]);
  for (const key of Object.keys(dependencies)) {
    if (!known.has(baseOf(key, known))) {
      throw broken(file, lineOf(["dependencies", key]), `there are dependencies of ${key}, but no artifact`, PIN);
    }
  }
  // Since rules_jvm_external 6 the hash of each artifact that the project asks for.
  const inputs = record(top["__INPUT_ARTIFACTS_HASH"]);
  const isListed = Object.keys(inputs).length === 0;
  const packages = artifacts.map(([key, about]): LockedPackage => {
    const version = text(record(about)["version"]);
    const line = lineOf(["artifacts", key]);
    if (version === "") throw broken(file, line, `${key} has no version`, PIN);
    const edges = list(dependencies[key]).map((target) => baseOf(text(target), known));
    const missing = edges.find((target) => !known.has(target));
    if (missing !== undefined) {
      throw broken(
        file,
        lineOf(["dependencies", key]),
        `${key} depends on ${missing}, of which there is no entry`,
        PIN,
      );
    }
    return {
      id: key,
      ecosystem: "Maven",
      name: key.split(":").slice(0, 2).join(":"),
      version,
      notes: [],
      relation: isListed ? "listed" : key in inputs ? "direct" : "transitive",
      line,
      edges: [...new Set(edges)].sort(),
    };
  });
  const roots = packages
    .filter(({ relation }) => relation !== "transitive")
    .map(({ id, name }) => ({ importer: null, name, id }));
  return { file, tool: "rules_jvm_external", ecosystem: "Maven", packages, roots };
}

// group:artifact:type:classifier may stand for an artifact that is listed as group:artifact.
function baseOf(coordinates: string, known: ReadonlySet<string>): string {
  return known.has(coordinates) ? coordinates : coordinates.split(":").slice(0, 2).join(":");
}

/** Reads gradle.lockfile. It does not say what depends on what. */
export function readGradle(source: string, file: string): Lock {
  const packages: LockedPackage[] = [];
  const seen = new Set<string>();
  for (const [index, raw] of source.split("\n").entries()) {
    const entry = raw.trim();
    if (entry === "" || entry.startsWith("#") || entry.startsWith("empty=")) continue;
    const line = index + 1;
    const [coordinates = "", configurations] = entry.split("=");
    const [group = "", artifact = "", version = "", ...rest] = coordinates.split(":");
    if (configurations === undefined || version === "" || artifact === "" || group === "" || rest.length > 0) {
      const what = `expected group:artifact:version=configurations, found ${entry}`;
      throw broken(file, line, what, "`gradle dependencies --write-locks` writes it anew.");
    }
    if (seen.has(coordinates)) throw broken(file, line, `${coordinates} is there twice`, "Take one of the two away.");
    seen.add(coordinates);
    packages.push({
      id: coordinates,
      ecosystem: "Maven",
      name: `${group}:${artifact}`,
      version,
      notes: [],
      relation: "listed",
      line,
      edges: [],
    });
  }
  const roots = packages.map(({ id, name }) => ({ importer: null, name, id }));
  return { file, tool: "gradle", ecosystem: "Maven", packages, roots };
}
