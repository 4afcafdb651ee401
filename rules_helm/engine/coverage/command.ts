import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type Command, Refusal } from "../command.ts";
import { runHelm, withTemporaryFolder } from "../helm.ts";
import { imageDigest } from "../image.ts";
import { helmArguments, type Template } from "../template.ts";
import { measureCoverage, type Rendered } from "./measure.ts";
import { reportCoverage } from "./report.ts";
import { mergeValues, readValues, valuesOfKeys } from "./values.ts";

/** What `helm_coverage_test` asks for. The values files of the template follow the chart's own. */
export interface CoverageParams extends Template {
  /** The chart's values.yaml, or "" where it has none. */
  readonly chartValues: string;
  /** The chart's values.schema.json, or "". */
  readonly schema: string;
  /** Keys that no template has to read, each with the reason. */
  readonly unread: Readonly<Record<string, string>>;
}

/** Fails when a value of the chart or of its values files is read by no template. */
export const coverage: Command<CoverageParams> = async (params, { say }) => {
  const { chartValues, label, schema, unread } = params;
  const files = [...(chartValues === "" ? [] : [chartValues]), ...params.values].map(read);
  const keys = [...Object.keys(params.set), ...params.setFrom.map(([key]) => key)];
  const given = valuesOfKeys(`attributes of ${label}`, [...keys, ...params.images.map(([key]) => `${key}.digest`)]);
  const measured = await withTemporaryFolder((folder) =>
    measureCoverage(
      mergeValues(...files.map(({ values }) => values), given.values),
      async (values) => renderedWith(params, values, folder),
      schema === "" ? undefined : JSON.parse(readFileSync(schema, "utf8")),
    ).catch((error: Error) => {
      throw new Refusal(`${label}: the values that templates read cannot be told`, [error.message]);
    }),
  );
  const lines = reportCoverage([...files, given], measured, unread);
  if (lines.length > 0) {
    throw new Refusal(`${label}: some values have no effect`, [
      ...lines,
      "",
      'Remove the value, correct its name, read it in a template, or allow it: unread = {"<key>": "<reason>"}.',
    ]);
  }
  const reasons = Object.entries(unread).map(([key, reason]) => `allowed to stay unread: ${key}: ${reason}\n`);
  say(`${measured.read.length} values, all read\n${reasons.join("")}`);
  return 0;
};

function read(path: string): ReturnType<typeof readValues> {
  try {
    return readValues(path, readFileSync(path, "utf8"));
  } catch (error) {
    throw new Refusal((error as Error).message);
  }
}

/** The manifests or the failure with these values alone: what attributes set would hide them. */
function renderedWith(template: Template, values: object, folder: string): Rendered {
  const file = join(folder, "values.json");
  writeFileSync(file, JSON.stringify(values));
  const bare = { ...template, images: [], set: {}, setFrom: [], values: [file] };
  const { ok, stdout, stderr } = runHelm(template.helm, [
    ...helmArguments(bare, imageDigest),
    "--skip-schema-validation",
  ]);
  return { ok, text: ok ? stdout.toString() : stderr };
}
