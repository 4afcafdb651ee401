import { parseArgs } from "node:util";

/** A subcommand, as its help and its arguments have it. */
interface Command {
  readonly takes: string;
  readonly does: string;
  /** Shown by `sextant COMMAND --help`. */
  readonly more: string;
  readonly options: readonly (keyof typeof OPTIONS)[];
}

const OPTIONS = {
  out: { type: "string", takes: " FOLDER", does: "write there instead of beside FILE" },
  root: {
    type: "string",
    takes: " FOLDER",
    does: "name files from here; default: the folder above FILE with MODULE.bazel",
  },
  check: { type: "boolean", takes: "", does: "write nothing; status 1 when something is stale" },
  watch: { type: "boolean", takes: "", does: "go on, and do it again at each change, until Ctrl-C" },
  kind: { type: "string", takes: " KIND", does: "the resource's kind; default: FOLDER's name, as ModelCache" },
  group: { type: "string", takes: " GROUP", does: "its API group, a domain of yours; default: example.org" },
} as const;

const COMMANDS = {
  new: {
    takes: "FOLDER",
    does: "write a whole operator that works, to be changed into yours",
    more: `FOLDER must not be there; its name is the operator's: operators/model-cache. What is written is a machine, its
reconciliation, an adapter of the API outside, a program, and a test with faults. docs/first-operator.md goes on from there.`,
    options: ["kind", "group"],
  },
  validate: {
    takes: "FILE|FOLDER...",
    does: "form: keys, names, types, exits, guards",
    more: "Prints every problem as FILE:LINE:COLUMN: what happened; what to do.",
    options: ["root", "watch"],
  },
  check: {
    takes: "FILE|FOLDER...",
    does: "form, then every run of the machine with every fault; prints what was explored",
    more: "A problem ends with the shortest run that shows it.",
    options: ["root", "watch"],
  },
  generate: {
    takes: "FILE|FOLDER...",
    does: "check, then write FILE's TypeScript, page and property tests beside it",
    more: "FILE.alerts.yaml and FILE.dashboard.json are kept up to date where they are there. ./bazel run //:format does this for all.",
    options: ["out", "root", "check", "watch"],
  },
  mutate: {
    takes: "FILE|FOLDER...",
    does: "put faults into the machine, and print those that the checks do not notice",
    more: `Drops each transition, leads it elsewhere, gives it another trigger, drops its effects, and changes its guard.
What nothing notices is missing from properties: each is a line FILE:LINE: nothing notices …, and the status is 1.`,
    options: ["root"],
  },
  diagram: {
    takes: "FILE|FOLDER...",
    does: "print the machine as a Mermaid state diagram",
    more: "It is part of the page that generate writes.",
    options: ["root"],
  },
  crd: {
    takes: "FILE|FOLDER...",
    does: "print the CustomResourceDefinition of the machine's kind",
    more: `JSON for kubectl apply -f -, with rules (CEL) by which the API server refuses statuses that the machine does not have.
Where metadata has no group with a dot, it prints the schema of the status alone.`,
    options: ["root"],
  },
  alerts: {
    takes: "FILE|FOLDER...",
    does: "print Prometheus alerting rules for the machine's metrics",
    more: `Resources too long in a state (expectedWithin, else by requeue and backoff), given up, refused by guards over and over,
and reconciliations that fail. The groups are also the spec of a PrometheusRule.`,
    options: ["root"],
  },
  dashboard: {
    takes: "FILE|FOLDER...",
    does: "print a Grafana dashboard of the machine's metrics",
    more: "JSON for Grafana's import, or for a ConfigMap that its sidecar finds.",
    options: ["root"],
  },
  schema: {
    takes: "",
    does: "print the JSON Schema of the format, for editors",
    more: "machine.schema.json is this.",
    options: [],
  },
} as const satisfies Readonly<Record<string, Command>>;

/** What can be asked for. */
export type CommandName = keyof typeof COMMANDS;

const names = Object.keys(COMMANDS) as CommandName[];
const STATUS = "status: 0 nothing wrong, 1 problems in a file (or stale with --check), 2 could not run\n";

/** What `--help` prints: of all, or of one command. */
export function help(command?: CommandName): string {
  if (command === undefined) {
    const list = names.map((name) => `  ${name.padEnd(10)} ${COMMANDS[name].does}`).join("\n");
    return `usage: sextant COMMAND [options] FILE|FOLDER...

Checks state machines of operators, and writes what is made of them.

A folder stands for every machine.yaml in it and below. Paths are relative to where you are, also by bazel run.

commands:
${list}

sextant COMMAND --help says more.

${STATUS}`;
  }
  const { takes, does, more, options }: Command = COMMANDS[command];
  const lines = options.map((name) => `  ${`--${name}${OPTIONS[name].takes}`.padEnd(15)} ${OPTIONS[name].does}\n`);
  const usage = ["usage: sextant", command, ...(options.length > 0 ? ["[options]"] : []), takes].join(" ").trimEnd();
  return `${usage}\n\n${does.charAt(0).toUpperCase()}${does.slice(1)}.\n${more}\n\n${lines.length > 0 ? `options:\n${lines.join("")}\n` : ""}${STATUS}`;
}

/** A command line, understood. */
export interface Options {
  readonly command: CommandName;
  readonly files: readonly string[];
  readonly out?: string;
  readonly root?: string;
  readonly check?: boolean;
  readonly watch?: boolean;
  readonly kind?: string;
  readonly group?: string;
}

/** Something that the caller has to do otherwise: shown as it is, with status 2. */
export class Mistake extends Error {}

/**
 * Understands a command line; a text is help to be printed.
 * @throws Mistake with what was expected
 */
export function parseOptions(args: readonly string[]): Options | string {
  const [word, ...rest] = args;
  const command = names.find((one) => one === word);
  if (command === undefined) {
    if (args.length > 0 && args.every((one) => ["--help", "-h", "help"].includes(one))) return help();
    throw new Mistake(`expected one of ${names.join(", ")}, got ${word ?? "nothing"}; see --help`);
  }
  const { help: asked, ...values } = parsed(command, rest);
  if (asked) return help(command);
  const { positionals: files, ...options } = values;
  if (command === "schema" && files.length > 0) throw new Mistake("schema takes no file");
  if (command === "new" && files.length !== 1)
    throw new Mistake(`new: expected one folder, such as operators/model-cache, got ${files.join(" ") || "none"}`);
  if (command !== "schema" && files.length === 0)
    throw new Mistake(`${command}: expected at least one file; see sextant ${command} --help`);
  if (options.check && options.watch) throw new Mistake("--check and --watch exclude each other");
  return { command, files, ...options };
}

function parsed(command: CommandName, args: readonly string[]) {
  try {
    const known = COMMANDS[command].options.map((name) => [name, { type: OPTIONS[name].type }]);
    const { values, positionals } = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: { help: { type: "boolean", short: "h" }, ...(Object.fromEntries(known) as object) },
    });
    return { ...(values as Omit<Options, "command" | "files"> & { readonly help?: boolean }), positionals };
  } catch (error) {
    const [why] = (error as Error).message.split(". ");
    throw new Mistake(`${command}: ${why}; see sextant ${command} --help`, { cause: error });
  }
}
