import { parseArgs } from "node:util";
import { Refusal } from "../command.ts";

/** What follows `--` on the command line of a deployment. */
export interface DeployOptions {
  /** Only say what would change. */
  readonly plan: boolean;
  /** A manifest to compare with, instead of what this machine deployed last. */
  readonly against: string | undefined;
  /** The plan as JSON. */
  readonly json: boolean;
  /** The branch; one that is not the production branch is a preview. */
  readonly branch: string;
  /** Make the Pages project when there is none. */
  readonly create: boolean;
  /** Variables for the script of a Worker, `NAME:VALUE`; they go before those of the configuration. */
  readonly vars: readonly string[];
  readonly commitHash: string | undefined;
  readonly commitMessage: string | undefined;
  readonly timeoutSeconds: number;
}

const usage = [
  "bazel run TARGET -- [--plan [--against MANIFEST] [--json]]",
  "bazel run TARGET -- [--branch NAME] [--create] [--commit-hash HASH] [--commit-message TEXT] [--timeout SECONDS]",
  "    [--var NAME:VALUE]...",
];

/** Reads the arguments; refuses what it does not know. */
export function deployOptions(label: string, args: readonly string[], productionBranch: string): DeployOptions {
  const refuse = (message: string): Refusal => new Refusal(`${label}: ${message}`, usage);
  const values = ((): ReturnType<typeof parse> => {
    try {
      return parse(args);
    } catch (error) {
      throw refuse((error as Error).message);
    }
  })();
  const timeout = Number(values.timeout ?? "900");
  if (!(timeout > 0)) throw refuse(`--timeout: expected seconds, received "${values.timeout}"`);
  const branch = values.branch ?? productionBranch;
  if (!/^[A-Za-z0-9]([\w./-]*\w)?$/.test(branch))
    throw refuse(`--branch: expected the name of a branch, received "${branch}"`);
  if (values.plan !== true && (values.json === true || values.against !== undefined))
    throw refuse("--json and --against belong to --plan");
  const vars = values.var ?? [];
  const wrong = vars.find((one) => !/^[A-Za-z_$][\w$]*:/.test(one));
  if (wrong !== undefined) throw refuse(`--var: expected NAME:VALUE, received "${wrong}"`);
  return {
    vars,
    plan: values.plan ?? false,
    against: values.against,
    json: values.json ?? false,
    branch,
    create: values.create ?? false,
    commitHash: values["commit-hash"],
    commitMessage: values["commit-message"],
    timeoutSeconds: timeout,
  };
}

function parse(args: readonly string[]) {
  return parseArgs({
    args: [...args],
    options: {
      plan: { type: "boolean" },
      against: { type: "string" },
      json: { type: "boolean" },
      branch: { type: "string" },
      create: { type: "boolean" },
      "commit-hash": { type: "string" },
      "commit-message": { type: "string" },
      timeout: { type: "string" },
      var: { type: "string", multiple: true },
    },
  }).values;
}
