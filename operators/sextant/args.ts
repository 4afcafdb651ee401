import { parseArgs } from "node:util";

/** What `--help` prints. */
export const HELP = `usage: sextant COMMAND [options] FILE|FOLDER...

Checks state machines of operators, and writes what is made of them.

A folder stands for every machine.yaml in it and below.

commands:
  validate   form: keys, names, types, exits, guards
  check      form, then every run of the machine with every fault; prints what was explored
  generate   check, then write FILE's TypeScript, page and property tests beside it
  mutate     drop each transition and weaken each guard, and print what the checks do not notice
  diagram    print the machine as a Mermaid state diagram
  crd        print the schema of the status with its rules (CEL), for a CustomResourceDefinition
  schema     print the JSON Schema of the format, for editors (no FILE)

options:
  --out FOLDER   generate: write there instead of beside FILE
  --root FOLDER  name files in headers from here; default the folder above FILE that has a MODULE.bazel
  --check        generate: write nothing, status 1 when something is stale
  --help         this text

status: 0 nothing wrong, 1 problems in a file (or stale with --check), 2 could not run
`;

const commands = ["validate", "check", "generate", "mutate", "diagram", "crd", "schema"] as const;

/** A command line, understood. */
export interface Options {
  readonly command: (typeof commands)[number] | "help";
  readonly files: readonly string[];
  readonly out: string | undefined;
  readonly root: string | undefined;
  readonly check: boolean;
}

/** Something that the caller has to do otherwise: shown as it is, with status 2. */
export class Mistake extends Error {}

/**
 * Understands a command line.
 * @throws Mistake with what was expected
 */
export function parseOptions(args: readonly string[]): Options {
  const { values, positionals } = parsed(args);
  const [word, ...files] = positionals;
  const command = commands.find((one) => one === word);
  const options = { files, out: values.out, root: values.root, check: values.check ?? false };
  if (values.help) return { ...options, command: "help" };
  if (command === undefined)
    throw new Mistake(`expected one of ${commands.join(", ")}, got ${word ?? "nothing"}; see --help`);
  if (command === "schema" ? files.length > 0 : files.length === 0)
    throw new Mistake(
      command === "schema" ? "schema takes no file" : `${command}: expected at least one file; see --help`,
    );
  if (command !== "generate" && (options.check || options.out !== undefined))
    throw new Mistake("--check and --out belong to generate; see --help");
  return { ...options, command };
}

function parsed(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        help: { type: "boolean", short: "h" },
        out: { type: "string" },
        root: { type: "string" },
        check: { type: "boolean" },
      },
    });
  } catch (error) {
    throw new Mistake(`${error instanceof Error ? error.message : String(error)}; see --help`);
  }
}
