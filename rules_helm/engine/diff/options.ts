import { parseArgs } from "node:util";

/** What somebody asks of `bazel run //manifests:diff`. */
export interface Options {
  /** A commit; undefined for where the branch left the default branch. */
  readonly base: string | undefined;
  /** A commit; undefined for the working tree. */
  readonly head: string | undefined;
  /** Compare with the base itself, rather than with where the head left it. */
  readonly direct: boolean;
  readonly format: "text" | "markdown" | "json";
  readonly colour: "auto" | "always" | "never";
  readonly exitCode: boolean;
  readonly help: boolean;
}

const formats = ["text", "markdown", "json"] as const;
const colours = ["auto", "always", "never"] as const;

/** Reads a command line; a text is what is wrong with it. */
export function readOptions(argv: readonly string[]): Options | string {
  try {
    const { values } = parseArgs({
      args: [...argv],
      options: {
        base: { type: "string" },
        head: { type: "string" },
        direct: { type: "boolean", default: false },
        format: { type: "string", default: "text" },
        color: { type: "string", default: "auto" },
        "exit-code": { type: "boolean", default: false },
        help: { type: "boolean", short: "h", default: false },
      },
    });
    const format = formats.find((name) => name === values.format);
    const colour = colours.find((name) => name === values.color);
    if (format === undefined) return `--format: expected one of ${formats.join(", ")}, received "${values.format}"`;
    if (colour === undefined) return `--color: expected one of ${colours.join(", ")}, received "${values.color}"`;
    const ref = [values.base, values.head].find((name) => name !== undefined && (name === "" || name.startsWith("-")));
    if (ref !== undefined) return `--base and --head: expected a branch, a tag or a commit, received "${ref}"`;
    const { base, head, direct, help } = values;
    return { base, head, direct, format, colour, exitCode: values["exit-code"], help };
  } catch (error) {
    return (error as Error).message.split(". ")[0]!;
  }
}

/** The help, for a target and its folder. */
export function help(label: string, folder: string, branch: string): string {
  return `Says what changes in the cluster between two states of ${folder}/.

  bazel run ${label} -- [options]

  --base REF        compare with where the head left REF (default: origin/${branch}, or ${branch} without that)
  --head REF        what to compare with it (default: the working tree, with all that is not committed)
  --direct          compare with REF itself, also with what others did there since
  --format FORMAT   text (default), markdown (a comment for a pull request) or json
  --color WHEN      auto (default: on a terminal, unless NO_COLOR is set), always or never
  --exit-code       status 1 when something changes
  --help            this text

Status: 0 without changes, or without --exit-code; 1 with --exit-code when something changes; 2 when it could not run.
`;
}
