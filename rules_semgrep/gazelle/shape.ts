/**
 * What this extension sees of the Gazelle that loads it. The types are those of its interface, repeated: an extension
 * imports nothing from there.
 */
export interface Rule {
  readonly kind: string;
  readonly name: string;
  readonly attrs: Readonly<Record<string, string | boolean | readonly string[]>>;
  readonly imports?: unknown;
}

/** A rule that stands in a BUILD file. */
export interface RuleView {
  readonly kind: string;
  readonly name: string;
  text(attr: string): string | undefined;
}

/** A comment `# gazelle:<key> <value>`. */
export interface Directive {
  readonly key: string;
  readonly value: string;
}

/** The repository; paths are from its root. */
export interface Repository {
  read(path: string): string;
  exists(path: string): boolean;
}

/** A folder, before anything is generated. */
export interface Folder {
  readonly path: string;
  readonly files: readonly string[];
  readonly directives: readonly Directive[];
  readonly repository: Repository;
  report(directive: Directive, message: string): void;
}

/** A folder that has a BUILD file or may get one. */
export interface Directory<C> {
  readonly path: string;
  readonly files: readonly string[];
  readonly rules: readonly RuleView[];
  readonly config: C;
  readonly repository: Repository;
}

/** The rules of a folder, and those to delete. */
export interface Generated {
  readonly rules: readonly Rule[];
  readonly empty: readonly Pick<Rule, "kind" | "name">[];
}

/** Where a rule is resolved. */
export interface Resolver<C> {
  readonly config: C;
  owners(importName: string): readonly { readonly label: string }[];
}

/** Labels that were found. */
export interface Resolved {
  readonly attrs: Readonly<Record<string, readonly string[]>>;
  readonly problems: readonly never[];
}
