/**
 * What this extension sees of the Gazelle that loads it. The types are those of its interface, repeated: an extension
 * imports nothing from there.
 */
export interface Config {
  /** Whether overlays get an argocd_app. */
  readonly argocd: boolean;
  /** The namespace of new apps; the chart's name when nothing was said. */
  readonly namespace: string | undefined;
}

/** A rule that should stand in a BUILD file. */
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
  list(attr: string): readonly string[];
}

/** Something that a person has to mend. */
export interface Problem {
  readonly file: string;
  readonly line: number;
  readonly message: string;
}

interface Directive {
  readonly key: string;
  readonly value: string;
}

/** A folder, before anything is generated. */
export interface Folder {
  readonly path: string;
  readonly files: readonly string[];
  readonly directives: readonly Directive[];
  report(directive: Directive, message: string): void;
}

/** A folder that has a BUILD file or may get one. */
export interface Directory {
  readonly path: string;
  readonly files: readonly string[];
  readonly rules: readonly RuleView[];
  readonly config: Config;
  readonly repository: { read(path: string): string };
  readonly defaultVisibility: readonly string[];
}

/** The rules of a folder, those to delete, and what is wrong. */
export interface Generated {
  readonly rules: readonly Rule[];
  readonly empty: readonly Pick<Rule, "kind" | "name">[];
  readonly problems?: readonly Problem[];
}

/** Where labels are looked up. */
export interface Resolver {
  readonly package: string;
  override(importText: string): string | undefined;
  owners(importName: string): readonly { readonly label: string; readonly kind: string }[];
}

/** Labels that were found, and what was not. */
export interface Resolved {
  readonly attrs: Readonly<Record<string, readonly string[]>>;
  readonly problems: readonly Problem[];
}
