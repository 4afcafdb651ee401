import { parseArgs } from "node:util";

/** What `--help` prints. */
export const HELP = `usage: validate [options] FOLDER|FILE...

Checks Kubernetes manifests (.yaml, .yml, .json; any number of documents a file) as this repository's own are checked:
  - YAML, strictly: no key twice, every document a resource, no resource twice
  - every field against the schemas of Kubernetes and of custom resources (kubeconform)
  - hardening: read-only root, user, resources, probes, image tags, tokens, host paths, disruption budgets, network policies
  - a strict server-side dry run on a kube-apiserver that is started for it, with Pod Security "restricted";
    warnings of the server count as findings

options:
  --crds FOLDER|FILE  CustomResourceDefinitions of your custom resources; may be repeated
  --no-server         without the dry run
  --only-server       nothing but YAML and the dry run
  --help              this text

A finding of hardening is allowed by an annotation of the resource, with the reason as its value:
  rules-helm/allow.<check>: <reason>        or for one container  rules-helm/allow.<check>.<container>: <reason>

status: 0 no findings, 1 findings, 2 could not run
`;

/** A command line, understood. */
export interface Options {
  readonly help: boolean;
  readonly manifests: readonly string[];
  readonly crds: readonly string[];
  readonly server: boolean;
  /** Schemas and hardening. */
  readonly checks: boolean;
}

/** Something that the caller has to do otherwise: shown as it is, with status 2. */
export class Mistake extends Error {}

/**
 * Understands a command line.
 * @throws Mistake with what was expected
 */
export function parseOptions(args: readonly string[]): Options {
  const { values, positionals } = parsed(args);
  const options: Options = {
    help: values.help ?? false,
    manifests: positionals,
    crds: values.crds ?? [],
    server: !values["no-server"],
    checks: !values["only-server"],
  };
  if (options.help) return options;
  if (positionals.length === 0) throw new Mistake("expected at least one folder or file with manifests; see --help");
  if (!options.server && !options.checks) throw new Mistake("--no-server and --only-server leave nothing to do");
  return options;
}

function parsed(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        help: { type: "boolean", short: "h" },
        crds: { type: "string", multiple: true },
        "no-server": { type: "boolean" },
        "only-server": { type: "boolean" },
      },
    });
  } catch (error) {
    throw new Mistake(`${error instanceof Error ? error.message : String(error)}; see --help`);
  }
}
