import type { Severity } from "../finding.ts";
import type { Ecosystem } from "./lock.ts";

/** Something that is wrong with some versions of some packages. */
export interface Advisory {
  readonly id: string;
  /** Other names of the same thing, such as CVE numbers. */
  readonly aliases: readonly string[];
  /** Where it stands in the repository. */
  readonly file: string;
  readonly severity: Severity;
  readonly message: string;
  readonly references: readonly string[];
  readonly affected: readonly Affected[];
  /** A rule of semgrep that finds calls of what is vulnerable; null when it has no pattern. */
  readonly rule: ReachRule | null;
}

/** A package, and which versions of it are affected. */
export interface Affected {
  readonly ecosystem: Ecosystem;
  /** As the ecosystem compares it. */
  readonly name: string;
  /** What it says of a version of the ecosystem. */
  readonly judge: (version: string) => Judgement;
}

/** `unclear` when the advisory does not name versions. */
export type Judgement =
  | { readonly is: "affected"; /** The first version without it. */ readonly fixed?: string }
  | { readonly is: "unaffected" }
  | { readonly is: "unclear"; readonly why: string };

/** A rule without what semgrep-core does not know. */
export type ReachRule = Readonly<Record<string, unknown>> & { readonly languages: readonly string[] };
