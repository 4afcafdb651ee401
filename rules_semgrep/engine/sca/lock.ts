/** Where versions are ordered by one set of rules, under the name that OSV has for it. */
export type Ecosystem = "npm" | "PyPI" | "Go" | "Maven";

/** How a package came into a lockfile; `listed` where the lockfile does not say. */
export type Relation = "direct" | "transitive" | "listed";

/** One version of one package in a lockfile. */
export interface LockedPackage {
  /** Unique in the lockfile. */
  readonly id: string;
  readonly ecosystem: Ecosystem;
  /** As advisories write it: the real name of an alias, normalised where the ecosystem does so. */
  readonly name: string;
  readonly version: string;
  /** Why the version cannot be compared with an advisory's, such as "it comes from git"; absent when it can. */
  readonly opaque?: string;
  /** What to know beside the version, such as that it is patched. */
  readonly notes: readonly string[];
  readonly relation: Relation;
  /** Counts from 1. */
  readonly line: number;
  /** Ids of what it depends on. */
  readonly edges: readonly string[];
}

/** A dependency of a project, by the name that its code imports. */
export interface Root {
  /** The project's folder, relative to the lockfile's; "" is that folder itself, null any. */
  readonly importer: string | null;
  readonly name: string;
  /** Null for first-party code. */
  readonly id: string | null;
}

/** A lockfile, read. */
export interface Lock {
  /** Its name in the repository. */
  readonly file: string;
  /** What writes it, for the command that updates a package. */
  readonly tool: Tool;
  readonly ecosystem: Ecosystem;
  readonly packages: readonly LockedPackage[];
  readonly roots: readonly Root[];
  /** What the file does not hold; absent when it is complete. */
  readonly partial?: string;
}

/** Programs that write lockfiles. */
export type Tool =
  | "pnpm"
  | "npm"
  | "yarn-classic"
  | "yarn"
  | "uv"
  | "poetry"
  | "pip"
  | "pipenv"
  | "go"
  | "rules_jvm_external"
  | "gradle"
  | "maven";

/** Reads one kind of lockfile: its text and its name in messages. @throws Refusal that names the file and the line */
export type Reader = (text: string, file: string) => Lock;
