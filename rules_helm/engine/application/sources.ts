import type { ApplicationRequest } from "./request.ts";

/** `spec.source`, or `spec.sources` where the chart and its values come from two places. */
export function sourcesOf(request: ApplicationRequest): Record<string, unknown> {
  const { repoUrl, revision, source } = request;
  switch (source.kind) {
    case "manifests":
      return {
        source: { repoURL: repoUrl, targetRevision: revision, path: source.path, directory: { recurse: true } },
      };
    case "chart": {
      const files = source.valueFiles.map((file) => fromChart(source.path, file));
      return {
        source: { repoURL: repoUrl, targetRevision: revision, path: source.path, helm: helm(request, files) },
      };
    }
    case "registry": {
      const chart = {
        repoURL: source.repository.replace(/^oci:\/\//, ""),
        chart: source.chart,
        targetRevision: source.version,
      };
      if (source.valueFiles.length === 0) return { source: { ...chart, helm: helm(request, []) } };
      const files = source.valueFiles.map((file) => `$values/${file}`);
      return {
        sources: [
          { ...chart, helm: helm(request, files) },
          { repoURL: repoUrl, targetRevision: revision, ref: "values" },
        ],
      };
    }
  }
}

/** A values file as Argo CD finds it: relative to the chart, or from the root of the repository with a slash. */
function fromChart(chart: string, file: string): string {
  return file.startsWith(`${chart}/`) ? file.slice(chart.length + 1) : `/${file}`;
}

function helm(request: ApplicationRequest, valueFiles: readonly string[]): Record<string, unknown> {
  const parameters = Object.entries(request.parameters)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, value]) => ({ name, value, forceString: true }));
  return {
    releaseName: request.releaseName,
    ...(valueFiles.length > 0 ? { valueFiles } : {}),
    ...(parameters.length > 0 ? { parameters } : {}),
    ...(request.kubeVersion === "" ? {} : { kubeVersion: request.kubeVersion }),
    ...(request.apiVersions.length > 0 ? { apiVersions: request.apiVersions } : {}),
  };
}
