/** What a command is given beside its parameters. Paths in parameters are relative to the working directory. */
export interface Io {
  /** What follows the parameters on the command line of a test or a program; empty in actions. */
  readonly args: readonly string[];
  /** The environment of a test or a program (`TEST_TMPDIR`, `BUILD_WORKSPACE_DIRECTORY`, ...). */
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Says something to people, a whole number of lines. In a worker it becomes part of the response. */
  readonly say: (text: string) => void;
  /** Prints what a program was asked for, such as a plan. */
  readonly print: (text: string) => void;
}

/**
 * One thing that the engine does: an action, a test or a program. `Params` is what the rule writes with `json.encode`.
 *
 * @returns the exit status
 */
export type Command<Params = never> = (params: Params, io: Io) => Promise<number> | number;

/** What is wrong with somebody's site, configuration or target: shown as it is, without a stack. */
export class Refusal extends Error {
  /**
   * @param title the target and what happened, on one line
   * @param lines what was expected, what was found and what to do; each may have several lines
   */
  constructor(title: string, lines: readonly string[] = []) {
    const rest = lines.flatMap((text) => text.trimEnd().split("\n"));
    super([title, ...rest.map((line) => `  ${line}`.trimEnd())].join("\n"));
    this.name = "Refusal";
  }
}
