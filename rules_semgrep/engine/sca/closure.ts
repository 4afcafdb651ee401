import { dirname } from "node:path";
import { Refusal } from "../command.ts";
import { compare } from "../findings.ts";
import { bazelNames } from "./bazel-names.ts";
import type { Dependency } from "./dependency.ts";
import type { Ecosystem, Lock, LockedPackage, Root, Tool } from "./lock.ts";

/** A package without its line, which moves when others come and go. */
export type ClosurePackage = Omit<LockedPackage, "line">;

/** The part of a lockfile that a target depends on. */
export interface ClosureLock {
  readonly file: string;
  readonly tool: Tool;
  readonly ecosystem: Ecosystem;
  /** What to know of it, such as what it does not hold. */
  readonly notes: readonly string[];
  /** `closure`: what the target depends on; `lockfile`: all of it. */
  readonly scope: "closure" | "lockfile";
  readonly packages: readonly ClosurePackage[];
}

const LINKS = "node_modules/";
const NOTHING = "nothing of it was found in the closure, so all of it is checked";

/**
 * Keeps of lockfiles what a target depends on, in an order that is the same whatever else they hold.
 *
 * npm packages are named by the links (`node_modules/<name>`) in the closure, and every one has to be in a lockfile. Packages of the other
 * ecosystems are found by the repositories that Bazel rules make of them; where none is found, the whole lockfile counts.
 *
 * @param closure null without a target: then all packages count
 * @throws Refusal for a link that no lockfile has
 */
export function closureOf(locks: readonly Lock[], closure: readonly Dependency[] | null, label: string): ClosureLock[] {
  if (closure === null) return locks.map((lock) => part(lock, null, []));
  const links = closure.filter(({ repository, name }) => repository === "" && name.startsWith(LINKS));
  const wanted = new Map<Lock, string[]>();
  for (const link of links) {
    const { lock, id } = lockOf(locks, link, label);
    if (id !== null) wanted.set(lock, [...(wanted.get(lock) ?? []), id]);
  }
  const outside = bazelNames(closure.filter(({ repository }) => repository !== ""));
  return locks.map((lock) => {
    if (lock.ecosystem === "npm") return part(lock, wanted.get(lock) ?? [], []);
    const ids = lock.packages.filter(({ ecosystem, name }) => outside.has(ecosystem, name)).map(({ id }) => id);
    return ids.length === 0 ? part(lock, null, [NOTHING]) : part(lock, ids, []);
  });
}

/** The name of the npm package that a link is of: `node_modules/@scope/name/dir` is of `@scope/name`. */
export function linkedPackage(target: string): string {
  const [first = "", second = ""] = target.slice(LINKS.length).split("/");
  return first.startsWith("@") ? `${first}/${second}` : first;
}

function lockOf(locks: readonly Lock[], link: Dependency, label: string): { lock: Lock; id: string | null } {
  const name = linkedPackage(link.name);
  const found = locks
    .filter(({ ecosystem }) => ecosystem === "npm")
    .flatMap((lock) => {
      const importer = below(folderOf(lock.file), link.package);
      const isIt = (root: Root): boolean =>
        root.name === name && (root.importer === null || root.importer === importer);
      return importer === null ? [] : lock.roots.filter(isIt).map(({ id }) => ({ lock, id }));
    })
    .sort((a, b) => folderOf(b.lock.file).length - folderOf(a.lock.file).length);
  const [nearest] = found;
  if (nearest !== undefined) return nearest;
  const files = locks.map(({ file }) => file);
  throw new Refusal(`${label}: a dependency is in no lockfile`, [
    `It depends on //${link.package}:${link.name}, which ${files.join(", ") || "no lockfile"} does not name.`,
    "Add the lockfile that its version comes from to `lockfiles`.",
  ]);
}

function part(lock: Lock, roots: readonly string[] | null, notes: readonly string[]): ClosureLock {
  const { file, tool, ecosystem, partial } = lock;
  const all = new Map(lock.packages.map((each) => [each.id, each]));
  const kept = roots === null ? new Set(all.keys()) : reach(all, roots);
  const packages = [...kept]
    .sort(compare)
    .flatMap((id) => all.get(id) ?? [])
    .map(({ line: _, ...rest }): ClosurePackage => ({ ...rest, relation: relationIn(rest, roots) }));
  const scope = roots === null ? "lockfile" : "closure";
  return { file, tool, ecosystem, notes: [...(partial === undefined ? [] : [partial]), ...notes], scope, packages };
}

function relationIn({ id, relation }: ClosurePackage, roots: readonly string[] | null): LockedPackage["relation"] {
  return roots === null || relation === "listed" ? relation : roots.includes(id) ? "direct" : "transitive";
}

function reach(all: ReadonlyMap<string, LockedPackage>, roots: readonly string[]): Set<string> {
  const seen = new Set<string>();
  const next = [...roots];
  for (let id = next.pop(); id !== undefined; id = next.pop()) {
    if (seen.has(id)) continue;
    seen.add(id);
    next.push(...(all.get(id)?.edges ?? []));
  }
  return seen;
}

function folderOf(file: string): string {
  const folder = dirname(file);
  return folder === "." ? "" : folder;
}

// The way from a folder down to another; null when it is not below.
function below(folder: string, path: string): string | null {
  if (folder === "" || path === folder) return path === folder ? "" : path;
  return path.startsWith(`${folder}/`) ? path.slice(folder.length + 1) : null;
}
