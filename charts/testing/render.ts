import { execFile } from "node:child_process";
import { cp, mkdir, writeFile } from "node:fs/promises";
import path from "node:path";
import { promisify } from "node:util";
import { parseAllDocuments, stringify } from "yaml";
import { temporaryFolder, toolPath } from "#lib/testing/process.ts";

/** A resource; what its `spec` or `data` holds is known to the test that looks. */
export interface Resource {
  readonly kind: string;
  readonly metadata: { readonly name: string };
  readonly spec?: unknown;
  readonly data?: Readonly<Record<string, string>>;
}

/**
 * Renders a chart of this folder, with `hardened` beside it, by the helm that `HELM_BIN` names.
 * @param chart its folder, as runfiles have it, such as `charts/nats`
 * @param options.overlay one of the chart's overlays, such as `production`
 * @param options.values over it and the chart's own
 * @param options.apiVersions what the cluster has beside Kubernetes' own
 * @param options.files written into a copy of the chart before, by their paths in it
 * @returns the resources, by `kind/name`
 * @throws Error with what helm wrote, when it refuses
 */
export async function renderChart(
  chart: string,
  options: {
    values?: object;
    overlay?: string;
    namespace?: string;
    files?: Readonly<Record<string, string>>;
    apiVersions?: readonly string[];
  } = {},
): Promise<ReadonlyMap<string, Resource>> {
  const folder = await temporaryFolder();
  try {
    const copy = path.join(folder.path, path.basename(chart));
    await cp(chart, copy, { recursive: true, dereference: true });
    await cp("charts/hardened", path.join(copy, "charts/hardened"), { recursive: true, dereference: true });
    for (const [name, text] of Object.entries(options.files ?? {})) {
      await mkdir(path.dirname(path.join(copy, name)), { recursive: true });
      await writeFile(path.join(copy, name), text);
    }
    const values = path.join(folder.path, "values.yaml");
    await writeFile(values, stringify(options.values ?? {}));
    const overlay = options.overlay ? ["--values", path.join(copy, "overlays", `${options.overlay}.yaml`)] : [];
    const { stdout } = await promisify(execFile)(
      toolPath("HELM_BIN"),
      [
        "template",
        path.basename(chart),
        copy,
        "--namespace",
        options.namespace ?? "testing",
        ...overlay,
        "--values",
        values,
        ...(options.apiVersions ?? []).flatMap((version) => ["--api-versions", version]),
      ],
      { env: { HOME: folder.path } },
    );
    const documents = parseAllDocuments(stdout, { strict: true, uniqueKeys: true });
    for (const { errors } of documents) if (errors[0]) throw errors[0];
    const resources = [...documents]
      .map((document) => document.toJS() as Resource | null)
      .filter((one) => one !== null);
    return new Map(resources.map((resource) => [`${resource.kind}/${resource.metadata.name}`, resource]));
  } finally {
    await folder.remove();
  }
}
