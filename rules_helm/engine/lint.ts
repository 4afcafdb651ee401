import { type Command, Refusal } from "./command.ts";
import { runHelm } from "./helm.ts";

/** What `helm_lint_test` asks for. */
export interface LintParams {
  readonly label: string;
  readonly helm: string;
  /** The chart's archive. */
  readonly chart: string;
  /** Its Chart.yaml, to speak of. */
  readonly chartYaml: string;
  readonly kubeVersion: string;
  readonly values: readonly string[];
}

/** `helm lint --strict` of a packed chart. */
export const lint: Command<LintParams> = ({ label, helm, chart, chartYaml, kubeVersion, values }) => {
  const flags = [`--kube-version=${kubeVersion}`, ...values.map((file) => `--values=${file}`)];
  const { ok, stdout, stderr } = runHelm(helm, ["lint", "--strict", ...flags, chart]);
  if (ok) return 0;
  throw new Refusal(`${label}: helm lint --strict found faults in the chart`, [
    `chart: ${chartYaml}`,
    `values: ${values.join(" ") || "its own"}`,
    `${stdout.toString()}${stderr}`,
  ]);
};
