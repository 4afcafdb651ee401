/** What the command line asks for. `paths` are as given; none means the whole tree and the generators. */
export interface Options {
  readonly check: boolean;
  readonly explain: boolean;
  readonly all: boolean;
  readonly paths: readonly string[];
}

/** A command line that was understood, a wish for help, or what is wrong with it. */
export type Command =
  | ({ readonly kind: "format" } & Options)
  | { readonly kind: "help" }
  | { readonly kind: "wrong"; readonly message: string };

/** The text of `--help`. */
export const HELP = `usage: ./bazel run //:format -- [--check] [--explain] [--all] [path ...]

Formats the files that git tracks or would add, and runs the registered generators before.
What has passed is remembered by content: a file is seen again only when it, its tool or its configuration changes.

  --check    change nothing; exit 1 and list what is not formatted or not generated
  --explain  say of every file why it was formatted or not
  --all      ignore what is remembered
  path       only these files and folders, and no generators
  --         everything that follows is a path

exit status: 0 all is well, 1 something is not formatted or failed, 2 the program could not run
`;

/** Reads the arguments that follow the name of the program. */
export function parseArguments(args: readonly string[]): Command {
  const options = { check: false, explain: false, all: false };
  const paths: string[] = [];
  let rest = false;
  for (const argument of args) {
    if (rest || !argument.startsWith("-")) paths.push(argument);
    else if (argument === "--") rest = true;
    else if (argument === "--help" || argument === "-h") return { kind: "help" };
    else if (argument === "--check" || argument === "--explain" || argument === "--all") {
      options[argument.slice(2) as keyof typeof options] = true;
    } else {
      return {
        kind: "wrong",
        message: `${argument} is not an option of format; expected --check, --explain, --all, --help or a path.`,
      };
    }
  }
  return { kind: "format", ...options, paths };
}
