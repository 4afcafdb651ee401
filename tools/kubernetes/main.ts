import { toolPath } from "#lib/testing/process.ts";
import { HELP, Mistake, parseOptions } from "./args.ts";
import { validate } from "./validate.ts";

for (const [signal, status] of [
  ["SIGINT", 130],
  ["SIGTERM", 143],
] as const)
  process.once(signal, () => process.exit(status));

try {
  const options = parseOptions(process.argv.slice(2));
  if (options.help) process.stdout.write(HELP);
  else {
    const tools = {
      engine: toolPath("RULES_HELM_ENGINE"),
      kubeconform: toolPath("KUBECONFORM_BIN"),
      schemas: toolPath("KUBERNETES_SCHEMAS"),
    };
    for (const variable of ["ETCD_BIN", "KUBE_APISERVER_BIN"]) process.env[variable] = toolPath(variable);
    const crds = toolPath("KUBERNETES_CRDS");
    process.chdir(process.env["BUILD_WORKING_DIRECTORY"] ?? ".");
    const { text, found } = await validate(options, tools, [crds], (line) =>
      process.stderr.write(`validate: ${line}\n`),
    );
    process.stdout.write(text);
    process.exitCode = found ? 1 : 0;
  }
} catch (error) {
  process.stderr.write(`validate: ${error instanceof Mistake ? error.message : describe(error)}\n`);
  process.exitCode = 2;
}

function describe(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
