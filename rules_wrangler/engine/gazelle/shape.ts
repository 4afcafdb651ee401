/**
 * What this extension sees of the Gazelle that loads it. The types are those of its interface, repeated: an extension
 * imports nothing from there.
 */
export interface Config {
  /** Whether folders with a wrangler configuration get a target. */
  readonly wrangler: boolean;
  /** The label of the site, where `# gazelle:wrangler_site` names one. */
  readonly site: string | undefined;
}

/** A rule that should stand in a BUILD file. */
export interface Rule {
  readonly kind: string;
  readonly name: string;
  readonly attrs: Readonly<Record<string, string | boolean | readonly string[]>>;
}

/** A rule that stands in a BUILD file. */
export interface RuleView {
  readonly kind: string;
  readonly name: string;
  text(attr: string): string | undefined;
}

interface Directive {
  readonly key: string;
  readonly value: string;
}

/** A folder, before anything is generated. */
export interface Folder {
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
  readonly problems?: readonly { readonly file: string; readonly line: number; readonly message: string }[];
}
