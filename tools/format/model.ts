/** What a formatter has to say of one file: where (1-based, null where the tool does not tell) and what. */
export interface Problem {
  readonly line: number | null;
  readonly column: number | null;
  readonly message: string;
}

/** One file for one formatter. `path` is relative to the root, with slashes; `content` is the snapshot that is judged. */
export interface Job {
  readonly path: string;
  readonly content: Buffer;
}

/** What became of a job: the content as the formatter wants it (equal bytes: nothing to do), or why there is none. */
export type Outcome =
  | { readonly kind: "done"; readonly content: Buffer }
  | { readonly kind: "failed"; readonly problems: readonly Problem[] };

/** The names of the formatters, which are also the names of their tools. */
export type FormatterName = "prettier" | "buildifier" | "shfmt" | "shellcheck";

/**
 * A tool with its configuration. `tool` and `config` are digests of everything that its verdict depends on beside the
 * file; `writes` is false for a tool that only checks.
 */
export interface Formatter {
  readonly name: FormatterName;
  readonly writes: boolean;
  readonly tool: string;
  readonly config: string;
  /** Judges every job and reports each exactly once; rejects only when the tool cannot be started. */
  run(jobs: readonly Job[], report: (path: string, outcome: Outcome) => void): Promise<void>;
  /** Ends what it keeps ready between two calls of `run`. */
  close(): Promise<void>;
}
