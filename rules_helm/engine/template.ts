import { readFileSync } from "node:fs";
import { type Ran, runHelm } from "./helm.ts";

/** A chart with all that its rendering depends on, as `helm_template` writes it. */
export interface Template {
  /** The target, to speak of. */
  readonly label: string;
  /** The helm binary. */
  readonly helm: string;
  /** The chart's archive. */
  readonly chart: string;
  readonly release: string;
  readonly namespace: string;
  readonly kubeVersion: string;
  readonly apiVersions: readonly string[];
  readonly includeCrds: boolean;
  readonly skipTests: boolean;
  /** Values files; later ones win. */
  readonly values: readonly string[];
  /** Values by key, in the syntax of helm's --set. */
  readonly set: Readonly<Record<string, string>>;
  /** Keys, and files whose text is the value. */
  readonly setFrom: readonly (readonly [key: string, file: string])[];
  /** Keys, and images whose digest is the value of `<key>.digest`. */
  readonly images: readonly (readonly [key: string, file: string])[];
}

/** The command line of helm that renders a template; reads the files that values come from. */
export function helmArguments(template: Template, digestOf: (image: string) => string): string[] {
  const { release, chart, namespace, kubeVersion } = template;
  const flags = [
    `--namespace=${namespace}`,
    `--kube-version=${kubeVersion}`,
    ...template.apiVersions.map((version) => `--api-versions=${version}`),
    ...(template.includeCrds ? ["--include-crds"] : []),
    ...(template.skipTests ? ["--skip-tests"] : []),
    ...template.values.map((file) => `--values=${file}`),
    ...Object.entries(template.set).map(([key, value]) => `--set=${key}=${value}`),
    ...template.setFrom.map(([key, file]) => `--set-literal=${key}=${readFileSync(file, "utf8").trimEnd()}`),
    ...template.images.map(([key, image]) => `--set-literal=${key}.digest=${digestOf(image)}`),
  ];
  return ["template", release, chart, ...flags];
}

/** What a template's values come from besides the chart, to speak of. */
export function inputsOf(template: Template): string {
  const words = [
    ...template.values.map((file) => `values ${file}`),
    ...Object.entries(template.set).map(([key, value]) => `set ${key}=${value}`),
    ...template.setFrom.map(([key, file]) => `set_from ${key}=${file}`),
    ...template.images.map(([key, file]) => `images ${key}.digest of ${file}`),
  ];
  return words.join(", ") || "the values of the chart itself";
}

/** Runs `helm template`, in a time zone. */
export function runTemplate(
  template: Template,
  digestOf: (image: string) => string,
  zone?: string,
  flags: readonly string[] = [],
): Ran {
  return runHelm(template.helm, [...helmArguments(template, digestOf), ...flags], zone);
}
