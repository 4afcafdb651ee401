"""Public rules: charts, their tests, what they render to, and the push to a registry."""

load("//private:argocd_app.bzl", _argocd_app = "argocd_app")
load("//private:argocd_application.bzl", _ArgocdAppInfo = "ArgocdAppInfo")
load("//private:chart.bzl", _HelmChartInfo = "HelmChartInfo", _helm_chart_rule = "helm_chart")
load("//private:coverage_test.bzl", _helm_coverage_test = "helm_coverage_test")
load("//private:determinism_test.bzl", _helm_determinism_test = "helm_determinism_test")
load("//private:diff.bzl", _helm_diff = "helm_diff", _manifests_diff = "manifests_diff")
load("//private:kubernetes_schemas.bzl", _kubernetes_schemas = "kubernetes_schemas")
load("//private:lint_test.bzl", _helm_lint_test = "helm_lint_test")
load("//private:manifest_test.bzl", _manifest_test = "manifest_test")
load("//private:manifests.bzl", _manifests = "manifests")
load("//private:push.bzl", _helm_push = "helm_push")
load("//private:push_test.bzl", _helm_push_test = "helm_push_test")
load("//private:same_bytes_test.bzl", _helm_same_bytes_test = "helm_same_bytes_test")
load("//private:sync_policy.bzl", _argocd_sync_policy = "argocd_sync_policy")
load("//private:template.bzl", _helm_template = "helm_template")
load("//private:template_test.bzl", _helm_template_test = "helm_template_test")

ArgocdAppInfo = _ArgocdAppInfo
HelmChartInfo = _HelmChartInfo
argocd_app = _argocd_app
argocd_sync_policy = _argocd_sync_policy
helm_coverage_test = _helm_coverage_test
helm_determinism_test = _helm_determinism_test
helm_diff = _helm_diff
helm_lint_test = _helm_lint_test
helm_push = _helm_push
helm_push_test = _helm_push_test
helm_same_bytes_test = _helm_same_bytes_test
helm_template = _helm_template
helm_template_test = _helm_template_test
kubernetes_schemas = _kubernetes_schemas
manifest_test = _manifest_test
manifests = _manifests
manifests_diff = _manifests_diff

def helm_chart(
        name,
        chart = "Chart.yaml",
        values = None,
        templates = None,
        crds = None,
        schema = None,
        files = [],
        deps = [],
        repository = None,
        lint = True,
        lint_values = [],
        tags = [],
        visibility = None):
    """A chart, packed so that the same sources always give the same bytes.

    ```starlark
    helm_chart(
        name = "trips-api",
        repository = "oci://registry.example/charts",
        deps = ["//charts/hardened"],
    )
    ```
    makes
    - `:trips-api`, the archive
    - `:trips-api.digest`, a file with the digest that it has in a registry
    - `:trips-api_lint_test`, `helm lint --strict` with the dependencies in place and values.schema.json applied
    - `:trips-api.push`, with `repository` only: `bazel run :trips-api.push`

    Args:
      name: the chart's target
      chart: its Chart.yaml; the folder of this file is the chart's folder
      values: its values.yaml; default the one of the folder, if there is one
      templates: files below templates/; default all
      crds: files below crds/; default all
      schema: its values.schema.json; default the one of the folder, if there is one
      files: more files that belong to the chart, such as README.md or what `.Files` reads
      deps: helm_chart targets for the dependencies that Chart.yaml names
      repository: where `.push` pushes to, `oci://HOST/PATH`; the chart's name is added by helm
      lint: whether there is a lint test
      lint_values: values files to lint with, over the chart's own
      tags: tags of all targets
      visibility: who may use the chart
    """
    folder = chart.rpartition("/")[0]
    folder = folder + "/" if folder else ""

    def present(path):
        return path if native.glob([path], allow_empty = True) else None

    def below(path):
        return native.glob([folder + path + "/**"], allow_empty = True)

    _helm_chart_rule(
        name = name,
        chart = chart,
        crds = below("crds") if crds == None else crds,
        files = files,
        schema = schema or present(folder + "values.schema.json"),
        tags = tags,
        templates = below("templates") if templates == None else templates,
        values = values or present(folder + "values.yaml"),
        visibility = visibility,
        deps = deps,
    )
    native.filegroup(
        name = name + ".digest",
        srcs = [name],
        output_group = "digest",
        tags = tags,
        visibility = visibility,
    )
    if lint:
        _helm_lint_test(
            name = name + "_lint_test",
            size = "small",
            chart = name,
            tags = tags,
            values = lint_values,
        )
    if repository:
        _helm_push(
            name = name + ".push",
            chart = name,
            repository = repository,
            tags = tags,
            visibility = visibility,
        )
