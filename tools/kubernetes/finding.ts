/** Something that is wrong with a manifest: what the engine of rules_helm reports, and what a server says. */
export interface Finding {
  readonly rule: string;
  readonly file: string;
  /** Counted from 1. */
  readonly line: number;
  readonly resource: string;
  readonly container?: string;
  readonly is: string;
  readonly expected: string;
  readonly mend: string;
}

/** One resource of a manifest, as the engine read it. */
export interface Resource {
  readonly file: string;
  readonly line: number;
  readonly apiVersion: string;
  readonly kind: string;
  /** Empty with `generateName`. */
  readonly name: string;
  /** Empty where the manifest leaves it open. */
  readonly namespace: string;
  /** What a server is sent: YAML as it was written. */
  readonly text: string;
}

/** The engine's report. */
export interface Report {
  readonly files: number;
  readonly findings: readonly Finding[];
  readonly allowed: readonly { readonly finding: Finding; readonly reason: string }[];
  readonly resources: readonly Resource[];
  /** CustomResourceDefinitions that were given beside the manifests. */
  readonly crds: readonly Resource[];
}
