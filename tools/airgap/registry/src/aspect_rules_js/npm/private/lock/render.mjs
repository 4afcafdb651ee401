// Writes the files of the repository that npm_translate_lock makes.
import { copyFileSync, linkSync, mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";

function starlark(value, indent = "") {
  const deeper = indent + "    ";
  if (Array.isArray(value))
    return value.length === 0 ? "[]" : `[${value.map((one) => starlark(one, deeper)).join(", ")}]`;
  if (value !== null && typeof value === "object") {
    const lines = Object.entries(value).map(
      ([key, one]) => `${deeper}${JSON.stringify(key)}: ${starlark(one, deeper)},\n`,
    );
    return lines.length === 0 ? "{}" : `{\n${lines.join("")}${indent}}`;
  }
  if (typeof value === "boolean") return value ? "True" : "False";
  return JSON.stringify(value);
}

function write(path, text) {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
}

function place(from, to) {
  mkdirSync(dirname(to), { recursive: true });
  try {
    linkSync(from, to);
  } catch {
    copyFileSync(from, to);
  }
}

/** The name that Starlark code knows a program by, and the name of its actions. */
function identifier(program) {
  return program.replace(/[^A-Za-z0-9_]/g, "_");
}

function mnemonic(program) {
  const words = program.split(/[^A-Za-z0-9]+/).filter((word) => word !== "");
  return words.map((word) => word[0].toUpperCase() + word.slice(1)).join("");
}

function binsFile(store, bins) {
  const entries = Object.entries(bins).sort(([a], [b]) => (a < b ? -1 : 1));
  const made = entries.map(
    ([program, path]) =>
      `_${identifier(program)} = bin_macros(_STORE, ${starlark(path)}, ${starlark(mnemonic(program))})\n`,
  );
  const fields = entries.map(([program, path]) => {
    const id = identifier(program);
    return `    ${id} = _${id}.run,\n    ${id}_test = _${id}.test,\n    ${id}_binary = _${id}.binary,\n    ${id}_path = ${starlark(path)},\n`;
  });
  return [
    `"""The programs of a package."""\n\nload("@aspect_rules_js//npm/private:bins.bzl", "bin_macros")\n\n_STORE = ${starlark(store)}\n\n`,
    `${made.join("")}\nbin = struct(\n${fields.join("")})\n`,
  ].join("");
}

function defsFile(graph, rootPackage, target) {
  const linksOf = (deps) =>
    Object.fromEntries(
      Object.entries(deps).map(([alias, [dependency, real]]) => [alias, `${dependency}/node_modules/${real}`]),
    );
  const packages = Object.fromEntries(
    Object.entries(graph.packages).map(([store, { name, version, archive, deps, closure, platforms = {} }]) => {
      const others = Object.entries(platforms).map(([platform, other]) => [
        platform,
        [linksOf(other.deps), other.closure],
      ]);
      return [store, [name, version, archive, linksOf(deps), closure, Object.fromEntries(others)]];
    }),
  );
  const importers = Object.fromEntries(
    Object.entries(graph.importers).map(([folder, links]) => [
      folder,
      Object.fromEntries(
        Object.entries(links).map(([alias, { store, dev, path }]) => [
          alias,
          [store, dev, path === undefined ? "" : `//${path}:${target}`],
        ]),
      ),
    ]),
  );
  return `"""The macros that declare the packages of a lock file."""

load("@aspect_rules_js//npm/private:link.bzl", "link_all_packages", "link_targets")

# store name -> name, version, archive, links of its dependencies, closure, platform -> links and closure where they are others
_PACKAGES = ${starlark(packages)}

_ROOT = ${starlark(rootPackage)}

# folder -> alias -> store name, whether it is a development dependency, target of this workspace
_IMPORTERS = ${starlark(importers)}

def npm_link_all_packages(name = "node_modules", imported_links = [], prod = True, dev = True):
    """Declares :node_modules and its links in the package that calls it.

    Args:
      name: node_modules
      imported_links: not supported
      prod: whether to link dependencies
      dev: whether to link devDependencies
    """
    link_all_packages(_IMPORTERS, _PACKAGES, _ROOT, lambda archive: Label("//:" + archive), name, imported_links, prod, dev)

def npm_link_targets(name = "node_modules", package = None, prod = True, dev = True):
    """Lists the targets that npm_link_all_packages declares.

    Args:
      name: node_modules
      package: the package whose links are meant; default the one that calls it
      prod: whether to list dependencies
      dev: whether to list devDependencies
    Returns:
      labels
    """
    return link_targets(_IMPORTERS, name, package, prod, dev)
`;
}

/** Writes BUILD files, defs.bzl, archives, package_json.bzl and resolved.json into `out`. `binsOf` reads a package's programs. */
export function render({ out, graph, archiveOf, binsOf, root, target }) {
  for (const [store, entry] of Object.entries(graph.packages)) {
    entry.archive = `archives/${store}.tgz`;
    place(archiveOf(entry), join(out, entry.archive));
  }
  write(join(out, "defs.bzl"), defsFile(graph, root.split("//")[1], target));
  for (const [folder, links] of Object.entries({ "": {}, ...graph.importers })) {
    const exported = [];
    for (const [alias, { store, path }] of Object.entries(links)) {
      if (path !== undefined) continue;
      const entry = graph.packages[store];
      const resolved = { name: entry.name, version: entry.version, integrity: entry.integrity };
      write(join(out, folder, alias, "resolved.json"), JSON.stringify(resolved));
      exported.push(`${alias}/resolved.json`);
      if (!entry.hasBin) continue;
      write(
        join(out, folder, alias, "package_json.bzl"),
        binsFile(`${root}:.aspect_rules_js/node_modules/${store}`, binsOf(entry)),
      );
      exported.push(`${alias}/package_json.bzl`);
    }
    const archives = folder === "" ? ` + glob(["archives/*.tgz"])` : "";
    write(
      join(out, folder, "BUILD.bazel"),
      `exports_files(${starlark(exported.sort())}${archives}, visibility = ["//visibility:public"])\n`,
    );
  }
}
