import { readFileSync, writeFileSync } from "node:fs";
import { parse } from "yaml";
import { type Command, Refusal } from "../command.ts";
import { imageDigest } from "../image.ts";
import { applicationText } from "./application.ts";
import type { ApplicationRequest, ApplicationSource } from "./request.ts";

/** What `argocd_app` asks for: a request in which what only files know is left to them. */
export interface ApplicationParams extends Omit<ApplicationRequest, "parameters" | "source"> {
  readonly label: string;
  /** A chart in a registry takes its name, and its version where that is "", from `chartFile`. */
  readonly source: ApplicationSource | Omit<ApplicationSource & { kind: "registry" }, "chart">;
  /** The Chart.yaml. */
  readonly chartFile: string;
  /** Keys, and images whose digest is the value of `<key>.digest`; for sources that Argo CD renders. */
  readonly images: readonly (readonly [key: string, file: string])[];
  /** The file to write. */
  readonly out: string;
}

/** Writes the Application of an `argocd_app`. */
export const application: Command<ApplicationParams> = ({ label, chartFile, images, out, ...params }) => {
  const request: ApplicationRequest = {
    ...params,
    parameters: Object.fromEntries(images.map(([key, image]) => [`${key}.digest`, imageDigest(image)])),
    source: params.source.kind === "registry" ? inRegistry(params.source, chartFile) : params.source,
  };
  try {
    writeFileSync(out, applicationText(request));
  } catch (error) {
    throw new Refusal(`${label}: Argo CD would not take this application`, [(error as Error).message]);
  }
  return 0;
};

function inRegistry(
  source: Omit<ApplicationSource & { kind: "registry" }, "chart">,
  chartFile: string,
): ApplicationSource {
  const { name, version } = parse(readFileSync(chartFile, "utf8")) as { name: string; version: string };
  return { ...source, chart: name, version: source.version === "" ? String(version) : source.version };
}
