/** What semgrep-core writes, as far as it is read. Fields are as in semgrep's own description of its output. */
export interface CoreOutput {
  readonly version: string;
  readonly results: readonly CoreMatch[];
  readonly errors: readonly CoreError[];
  readonly paths: { readonly scanned: readonly string[] };
  readonly skipped_rules: readonly { readonly rule_id: string; readonly details: string }[];
}

/** A match. Lines and columns count from 1; columns count bytes, offsets too. */
export interface CoreMatch {
  readonly check_id: string;
  readonly path: string;
  readonly start: CorePlace;
  readonly end: CorePlace;
  readonly extra: {
    readonly message?: string;
    readonly severity?: string;
    readonly is_ignored: boolean;
    readonly fix?: string;
    readonly dataflow_trace?: { readonly taint_source?: unknown };
  };
}

/** A place in a file. */
export interface CorePlace {
  readonly line: number;
  readonly col: number;
  readonly offset: number;
}

/** Something that went wrong; `error_type` is a text, or a list that begins with one. */
export interface CoreError {
  readonly error_type: string | readonly [string, ...unknown[]];
  readonly severity: string;
  readonly message: string;
  readonly location?: { readonly path: string; readonly start: CorePlace };
  readonly rule_id?: string;
}

/** Reads what semgrep-core wrote; an Error says what is wrong with it. */
export function parseOutput(text: string): CoreOutput {
  if (text.trim() === "") throw new Error("it wrote nothing");
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new Error(`what it wrote is not JSON (${(error as Error).message})`, { cause: error });
  }
  const output = value as Partial<CoreOutput> | null;
  const lists = [output?.results, output?.errors, output?.skipped_rules, output?.paths?.scanned];
  if (typeof output?.version !== "string" || !lists.every(Array.isArray)) {
    throw new Error("expected version, results, errors, skipped_rules and paths.scanned in what it wrote");
  }
  return output as CoreOutput;
}
