import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";

/** Name of one of the generated applications, such as `app-07`. */
export const applicationName = (index: number): string => `app-${String(index).padStart(2, "0")}`;

/** The values file of an application, and the committed manifest that shows its replicas, relative to the workspace. */
export const valuesOf = (name: string): string => `charts/${name}/overlays/production.yaml`;
export const manifestOf = (name: string): string => `manifests/production/${name}/deployment-${name}.yaml`;

/** Writes a workspace with `count` applications, which uses rules_helm and the vendored tools of the repository at `root`. */
export function writeWorkspace(folder: string, root: string, count: number): void {
  const names = Array.from({ length: count }, (_, index) => applicationName(index + 1));
  const files: Record<string, string> = {
    ".bazelrc": readFileSync(join(root, "rules_helm/e2e/.bazelrc"), "utf8"),
    "MODULE.bazel": moduleFile(relative(folder, root), readFileSync(join(root, "MODULE.bazel"), "utf8")),
    "BUILD.bazel": "",
    "manifests/BUILD.bazel": manifestsFile(names),
  };
  for (const name of names) {
    for (const [path, text] of Object.entries(chartFiles(name))) files[`charts/${name}/${path}`] = text;
  }
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
}

/** The modules in folders of the repository, which its own MODULE.bazel overrides, are overridden here too: overrides are the root's. */
function moduleFile(root: string, own: string): string {
  const overrides = [...own.matchAll(/local_path_override\(\s*module_name = "([^"]+)",\s*path = "([^"]+)"/g)];
  const folders = [["homelab", "."], ...overrides.map(([, name = "", path = ""]) => [name, path])];
  const override = ([name, path]: readonly string[]): string =>
    `local_path_override(module_name = "${name}", path = "${root}/${path}")\n`;
  return `module(name = "bench")

bazel_dep(name = "rules_helm", version = "0.1.0")
bazel_dep(name = "homelab", version = "0.0.0")

${folders.map(override).join("")}`;
}

const manifestsFile = (names: readonly string[]): string => `load("@rules_helm//:defs.bzl", "manifests")

manifests(
    name = "manifests",
    apps = [
${names.map((name) => `        "//charts/${name}:production",`).join("\n")}
    ],
)
`;

/** The files of an application's folder. */
export function chartFiles(name: string): Record<string, string> {
  return {
    "BUILD.bazel": `load("@rules_helm//:defs.bzl", "argocd_app", "helm_chart")

helm_chart(name = "${name}")

argocd_app(
    name = "production",
    chart = ":${name}",
    namespace = "bench",
    repo_url = "https://git.example/bench.git",
    values = ["overlays/production.yaml"],
)
`,
    "Chart.yaml": `apiVersion: v2\nname: ${name}\nversion: 0.1.0\ndescription: One of many\n`,
    "values.yaml": "replicas: 1\nport: 8080\nsettings:\n  LOG_LEVEL: info\n",
    "overlays/production.yaml": "replicas: 2\n",
    "templates/deployment.yaml": deployment,
    "templates/service.yaml": service,
    "templates/settings.yaml": settings,
  };
}

const head = (apiVersion: string, kind: string): string => `apiVersion: ${apiVersion}
kind: ${kind}
metadata:
  name: {{ .Release.Name }}
  namespace: {{ .Release.Namespace }}
  labels: &labels
    app.kubernetes.io/name: {{ .Release.Name }}
`;

const deployment = `${head("apps/v1", "Deployment")}spec:
  replicas: {{ .Values.replicas }}
  selector:
    matchLabels: *labels
  template:
    metadata:
      labels: *labels
    spec:
      containers:
        - name: main
          image: registry.example/{{ .Chart.Name }}:1.0.0
          envFrom: [{ configMapRef: { name: {{ .Release.Name }} } }]
          ports: [{ containerPort: {{ .Values.port }} }]
`;

const service = `${head("v1", "Service")}spec:
  selector: *labels
  ports: [{ port: 80, targetPort: {{ .Values.port }} }]
`;

const settings = `${head("v1", "ConfigMap")}data:
  {{- toYaml .Values.settings | nindent 2 }}
`;
