import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { arrange, files, joined } from "./arrange.ts";
import { type Command, Refusal } from "./command.ts";
import { readResources } from "./documents.ts";
import { explain } from "./explain.ts";
import { imageDigest } from "./image.ts";
import { type Template, inputsOf, runTemplate } from "./template.ts";

/** What `helm_template` asks for. */
export interface RenderParams extends Template {
  /** `helm`: its output as it is; `sorted`: one file in order; `split`: a folder with a file for each resource. */
  readonly form: "helm" | "sorted" | "split";
  /** The file or folder to write. */
  readonly out: string;
}

/** Renders a chart into a file or a folder. */
export const render: Command<RenderParams> = async (params, { say }) => {
  const output = await renderedBy(params, say);
  if (params.form === "helm") {
    writeFileSync(params.out, output);
    return 0;
  }
  const { resources, faults } = readResources(output.toString());
  if (faults.length > 0) throw refusal(params, "what the chart rendered is not a set of Kubernetes resources", faults);
  const ordered = arrange(resources);
  if (params.form === "sorted") {
    writeFileSync(params.out, joined(ordered));
    return 0;
  }
  const parts = files(ordered, params.namespace);
  if ("clash" in parts) {
    const [one, other] = parts.clash;
    throw refusal(params, "two resources would be written to one file", [
      `${one.kind} ${one.name} (${one.apiVersion}) from ${one.source}`,
      `${other.kind} ${other.name} (${other.apiVersion}) from ${other.source}`,
      "Give one of them another name.",
    ]);
  }
  mkdirSync(params.out, { recursive: true });
  for (const [name, text] of parts) writeFileSync(join(params.out, name), text);
  return 0;
};

/** The output of `helm template`; `say` gets its warnings. */
export async function renderedBy(template: Template, say: (text: string) => void, zone?: string): Promise<Buffer> {
  const { ok, stdout, stderr } = runTemplate(template, imageDigest, zone);
  if (!ok) {
    const debug = (): string => runTemplate(template, imageDigest, zone, ["--debug"]).stdout.toString();
    throw refusal(template, "helm could not render the chart", await explain(template, stderr, debug));
  }
  if (stderr !== "") say(stderr);
  return stdout;
}

function refusal(template: Template, what: string, lines: readonly string[]): Refusal {
  return new Refusal(`${template.label}: ${what}`, [
    `chart:  ${template.chart}`,
    `inputs: ${inputsOf(template)}`,
    ...lines,
  ]);
}
