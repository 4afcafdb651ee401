/**
 * What a ruleset brings so that its BUILD rules are written for it. The shape follows Gazelle's language
 * interface: kinds, configure, generate, imports, resolve. It is structural: a ruleset in a module of its own
 * exports an object of this shape without importing this file.
 */

/** A value that a generated attribute can have: a string, a flag, or a list of strings. */
export type AttrValue = string | boolean | readonly string[];

/** A rule that should stand in a folder's BUILD file. */
export interface Rule {
  readonly kind: string;
  readonly name: string;
  /** Attributes known without looking outside the folder. An empty list means "the attribute is absent". */
  readonly attrs: Readonly<Record<string, AttrValue>>;
  /** Whatever `resolve` needs to find the rule's dependencies; nobody else looks inside. */
  readonly imports?: unknown;
}

/** How rules of one kind are matched with those already in the file, and which attributes are managed. */
export interface KindInfo {
  /** At most one rule of this kind stands in a folder: match it whatever its name. */
  readonly matchAny?: boolean;
  /** A rule with another name is the same rule when all these attributes are equal. */
  readonly matchAttrs?: readonly string[];
  /** A rule in `empty` is deleted when none of these has a value left (kept items count as values). */
  readonly nonEmptyAttrs: readonly string[];
  /** Attributes of `generate` that are updated in existing rules; others are only set in new rules. */
  readonly mergeableAttrs: readonly string[];
  /** Attributes that `resolve` sets, updated likewise. */
  readonly resolveAttrs: readonly string[];
}

/** A rule that stands in a BUILD file, or will when this run is written. */
export interface RuleView {
  readonly kind: string;
  readonly name: string;
  /** The value of a plain string attribute. */
  text(attr: string): string | undefined;
  /** The value of a plain `True` or `False`. */
  flag(attr: string): boolean | undefined;
  /** Every string of an attribute, with `glob(...)` replaced by the files that it matches. */
  list(attr: string): readonly string[];
  /** False for a list with globs, selects or names in it: such a value is never edited. */
  isPlain(attr: string): boolean;
}

/** A `# gazelle:<key> <value>` comment. */
export interface Directive {
  readonly key: string;
  readonly value: string;
  readonly line: number;
}

/** Something that a person has to mend before the BUILD files can be right. */
export interface Problem {
  /** Path from the root of the repository. */
  readonly file: string;
  readonly line: number;
  /** What happened, what was expected, what to do. */
  readonly message: string;
}

/** The root of the repository as extensions see it; paths are relative to it, with `/`. */
export interface Repository {
  read(path: string): string;
  exists(path: string): boolean;
}

/** One folder with a BUILD file, or one that may get one. */
export interface Directory<C> {
  /** Path from the root of the repository, "" for the root. */
  readonly path: string;
  /** Files of the folder, and of those subfolders that are part of its package, as `sub/file.ts`. */
  readonly files: readonly string[];
  readonly rules: readonly RuleView[];
  readonly config: C;
  readonly repository: Repository;
  /** Value of `# gazelle:default_visibility`, inherited; empty when it was never said. */
  readonly defaultVisibility: readonly string[];
}

/** A folder on the way down, before anything is generated. */
export interface ConfiguredFolder {
  readonly path: string;
  readonly files: readonly string[];
  /** All directives of its BUILD file. */
  readonly directives: readonly Directive[];
  readonly repository: Repository;
  /** Says that the value of a directive is wrong. */
  report(directive: Directive, message: string): void;
}

/** What `generate` found: rules that should exist, and existing ones that have lost their sources. */
export interface Generated {
  readonly rules: readonly Rule[];
  readonly empty: readonly Pick<Rule, "kind" | "name">[];
  readonly problems?: readonly Problem[];
}

/** Where a rule's dependencies are looked up. Labels are absolute. */
export interface Resolver<C> {
  /** The folder of the rule that is being resolved. */
  readonly package: string;
  readonly config: C;
  readonly repository: Repository;
  /** The label that `# gazelle:resolve` or `# gazelle:resolve_regexp` gives to an import. */
  override(importText: string): string | undefined;
  /** Rules that can be imported under this name, by the extension's own `imports`. */
  owners(importName: string): readonly { readonly label: string; readonly kind: string }[];
}

/** Attributes found by `resolve` (each of the kind's `resolveAttrs`), and imports that nobody provides. */
export interface Resolved {
  readonly attrs: Readonly<Record<string, AttrValue>>;
  readonly problems: readonly Problem[];
}

/** A language or ruleset that writes BUILD rules. `C` is its own configuration of a folder. */
export interface GazelleExtension<C = unknown> {
  /** Names the extension in `# gazelle:resolve <name> <import> <label>`. */
  readonly name: string;
  readonly kinds: Readonly<Record<string, KindInfo>>;
  /** Which file each kind is loaded from. */
  readonly loads: readonly { readonly from: string; readonly kinds: readonly string[] }[];
  /** Directive keys that `configure` understands. */
  readonly directives: readonly string[];
  /** The configuration of a folder from that of the folder above it (undefined at the root). */
  configure(parent: C | undefined, folder: ConfiguredFolder): C;
  /** True when subfolders without a BUILD file are part of this folder's package. */
  ownsSubfolders?(folder: { path: string; files: readonly string[]; config: C }): boolean;
  generate(directory: Directory<C>): Generated;
  /**
   * Names under which a rule can be imported; asked for every rule of every package, whatever its kind. `target` is
   * the target to depend on when that is not the rule itself but one that its macro makes.
   */
  imports(rule: RuleView, directory: Directory<C>): readonly { readonly name: string; readonly target?: string }[];
  resolve(rule: Rule, resolver: Resolver<C>): Resolved;
}
