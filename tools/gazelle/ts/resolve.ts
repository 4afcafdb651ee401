import { isBuiltin } from "node:module";
import type { Problem, Resolved, Resolver, Rule } from "../extension.ts";
import { npmPackage, resolvePath, type TsConfig, typesPackage } from "./config.ts";
import type { FoundImport } from "./imports.ts";
import type { TsImports } from "./sources.ts";

/** The targets that a rule's sources import; one problem for each import that nobody provides. */
export function resolveTs(rule: Rule, resolver: Resolver<TsConfig>): Resolved {
  const { own, imports, web, test } = rule.imports as TsImports;
  const deps = new Set<string>();
  const problems: Problem[] = [];
  const { npm } = resolver.config;
  const addPackage = (name: string): boolean => {
    const found = [name, typesPackage(name)].filter((one) => npm.packages.has(one));
    for (const one of found) deps.add(`//:node_modules/${one}`);
    return found.length > 0;
  };
  if ([...own].some((file) => file.endsWith(".tsx")) && rule.kind !== "site") addPackage("react");
  for (const found of imports) {
    const { specifier, file, line } = found;
    const report = (message: string): void => {
      problems.push({ file, line, message: `imports "${specifier}": ${message}` });
    };
    const said = resolver.override(specifier);
    if (said !== undefined) {
      deps.add(said);
      continue;
    }
    if (isBuiltin(specifier)) {
      if (web && !test) addPackage("node");
      continue;
    }
    const packageName = npmPackage(specifier);
    if (packageName !== undefined) {
      if (test && packageName === "vitest") continue;
      if (!addPackage(packageName)) {
        report(`package.json has no dependency "${packageName}"; add it at an exact version, then run this again`);
      }
      continue;
    }
    const path = resolvePath(npm, file, specifier);
    if (path === undefined) report(noPath(specifier, npm.imports));
    else if (!own.has(path)) {
      const label = ownerOf(path, found, resolver);
      if ("label" in label) deps.add(label.label);
      else report(label.problem);
    }
  }
  const self = `//${resolver.package}:${rule.name}`;
  const implied = web ? [] : ["//:node_modules/@types/node"];
  return { attrs: { deps: [...deps].filter((label) => label !== self && !implied.includes(label)).sort() }, problems };
}

function noPath(specifier: string, imports: TsConfig["npm"]["imports"]): string {
  if (specifier.startsWith("#")) {
    const known = imports.map(({ pattern }) => pattern).join(", ");
    return `"imports" in package.json has no such name (it has ${known || "none"}); add one or correct the import`;
  }
  return "leads out of the repository; import a file inside of it, or an npm package";
}

function ownerOf(
  path: string,
  { specifier }: FoundImport,
  { owners, repository, package: from }: Resolver<TsConfig>,
): { label: string } | { problem: string } {
  const found = owners(path);
  const libraries = found.filter(({ kind }) => ["ts_library", "js_library", "ts_project"].includes(kind));
  const labels = [...new Set((libraries.length > 0 ? libraries : found).map(({ label }) => label))];
  if (labels.length === 1) return { label: labels[0]! };
  const directive = `"# gazelle:resolve ts ${specifier} <label>" in ${from === "" ? "the root's" : `${from}'s`} BUILD file`;
  if (labels.length > 1) return { problem: `${labels.join(" and ")} both have ${path}; choose one by ${directive}` };
  if (repository.exists(path)) {
    return { problem: `no target has ${path}; add it to the srcs or data of one, or say which has it by ${directive}` };
  }
  const ending = [".ts", ".tsx", "/index.ts"].find((one) => repository.exists(path + one));
  if (ending !== undefined) return { problem: `imports carry the file's ending; write "${specifier}${ending}"` };
  return {
    problem: `there is no file ${path}, and no rule makes it; correct the import, or name its target by ${directive}`,
  };
}
