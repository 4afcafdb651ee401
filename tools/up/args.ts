import { resolve } from "node:path";
import { parseArgs } from "node:util";

import type { PartSet } from "./part.ts";

/** What the command line asks for. */
export interface UpArgs {
  readonly only: readonly string[];
  /** First port of the set; 0 picks free ones. */
  readonly port: number;
  /** Absolute path of the state folder. */
  readonly state: string;
  readonly reset: boolean;
  readonly yes: boolean;
  readonly quiet: boolean;
  /** Name of a part, or of a tool of one, to the absolute path of its program. */
  readonly programs: Readonly<Record<string, string>>;
  /** System name to the absolute path of its built site. */
  readonly sites: Readonly<Record<string, string>>;
}

/** The arguments, a wish for help, or what is wrong with them. */
export type ArgsResult =
  | { readonly kind: "run"; readonly args: UpArgs }
  | { readonly kind: "help" }
  | { readonly kind: "wrong"; readonly message: string };

/** What `--help` prints. */
export const helpOf = ({
  target,
  about,
  basePort,
  stateFolder,
}: PartSet): string => `Runs ${about} on this machine until Ctrl-C.

  ./bazel run ${target} [-- options]

  --only a,b     only these parts and what they need
  --port N       first port (default ${basePort}); the other parts follow it, 0 picks free ports
  --state DIR    where data, logs and keys are kept (default ${stateFolder} in the checkout)
  --reset        delete the kept state first (asks; with --yes it does not)
  --quiet        no logs of the parts on the terminal (they are in DIR/logs all the same)
  --help         this text

The build hands over what to run, and a caller may replace it:
  --program PART=PATH    --site SYSTEM=PATH
`;

function pairs(flag: string, values: readonly string[], cwd: string): Record<string, string> | string {
  const found: Record<string, string> = {};
  for (const value of values) {
    const [, name, path] = /^([a-z0-9-]+)=(.+)$/.exec(value) ?? [];
    if (!name || !path) return `${flag} takes NAME=PATH, not "${value}".`;
    found[name] = resolve(cwd, path);
  }
  return found;
}

/**
 * Reads the command line. Paths of `--program` and `--site` are relative to `cwd` (Bazel's runfiles);
 * `--state` is relative to where the person stands (BUILD_WORKING_DIRECTORY).
 */
export function readArgs(
  set: PartSet,
  argv: readonly string[],
  env: Readonly<Record<string, string | undefined>>,
  cwd: string,
): ArgsResult {
  let values;
  try {
    ({ values } = parseArgs({
      args: [...argv],
      options: {
        only: { type: "string", multiple: true, default: [] },
        port: { type: "string", default: String(set.basePort) },
        state: { type: "string" },
        reset: { type: "boolean", default: false },
        yes: { type: "boolean", default: false },
        quiet: { type: "boolean", default: false },
        help: { type: "boolean", short: "h", default: false },
        program: { type: "string", multiple: true, default: [] },
        site: { type: "string", multiple: true, default: [] },
      },
    }));
  } catch (error) {
    const first = (error as Error).message.split(". ")[0];
    return { kind: "wrong", message: `${first}. "--help" lists what up understands.` };
  }
  if (values.help) return { kind: "help" };
  const port = Number(values.port);
  if (!/^\d+$/.test(values.port) || port > 65_535) {
    return { kind: "wrong", message: `--port takes a number from 0 to 65535, not "${values.port}".` };
  }
  const programs = pairs("--program", values.program, cwd);
  if (typeof programs === "string") return { kind: "wrong", message: programs };
  const sites = pairs("--site", values.site, cwd);
  if (typeof sites === "string") return { kind: "wrong", message: sites };
  const standing = env["BUILD_WORKING_DIRECTORY"] ?? cwd;
  const checkout = env["BUILD_WORKSPACE_DIRECTORY"] ?? cwd;
  const only = values.only
    .flatMap((list) => list.split(","))
    .map((name) => name.trim())
    .filter((name) => name !== "");
  return {
    kind: "run",
    args: {
      only,
      port,
      state: values.state === undefined ? resolve(checkout, set.stateFolder) : resolve(standing, values.state),
      reset: values.reset,
      yes: values.yes,
      quiet: values.quiet,
      programs,
      sites,
    },
  };
}
