"""helm_template: what a chart renders to."""

load(":chart.bzl", "HelmChartInfo")
load(":engine.bzl", "ENGINE", "TOOLCHAINS", "engine_action")
load(":toolchain.bzl", "KUBE_VERSION", "check", "helm_of", "name_of")

HelmTemplateInfo = provider(
    doc = "A chart with all that its rendering depends on.",
    fields = {
        "chart": "HelmChartInfo of the chart",
        "inputs": "list of File: archive, values and files that values are read from",
        "namespace": "string: the namespace of the release",
        "params": "function (path of a File) -> dict, the `Template` of the engine but for `helm`",
        "release": "string: the name of the release",
        "rendered": "File: the manifests, or the folder with them",
        "split": "bool: whether rendered is a folder",
        "values": "list of File: values files over the chart's own; later ones win",
    },
)

def _validate(ctx):
    attr = ctx.attr
    check(ctx, "release_name", 0 < len(attr.release_name) and len(attr.release_name) <= 53, "1 to 53 characters", attr.release_name)
    check(ctx, "namespace", attr.namespace, "the namespace that the release goes to", attr.namespace)
    numbers = attr.kube_version.removeprefix("v").split(".")
    check(
        ctx,
        "kube_version",
        len(numbers) == 3 and all([number.isdigit() for number in numbers]),
        "MAJOR.MINOR.PATCH such as " + KUBE_VERSION,
        attr.kube_version,
    )
    check(ctx, "order", not attr.split or attr.order == "sorted", "\"sorted\" where split is True", attr.order)
    for key in attr.set:
        check(ctx, "set", key and "=" not in key, "keys of values such as \"image.tag\"", key)
    for version in attr.api_versions:
        check(ctx, "api_versions", "/" in version or version.startswith("v"), "GROUP/VERSION, GROUP/VERSION/KIND or a version", version)

def _keyed_files(ctx, attribute, example):
    result = []
    for label, key in getattr(ctx.attr, attribute).items():
        files = label[DefaultInfo].files.to_list()
        check(ctx, attribute, len(files) == 1, "targets of one file each", str(label.label))
        check(ctx, attribute, key and "=" not in key, "keys of values such as \"{}\"".format(example), key)
        result.append((key, files[0]))
    return result

def _template(ctx, chart):
    """The `Template` of the engine as a function of how Files are named, and the Files."""
    attr = ctx.attr
    set_from = _keyed_files(ctx, "set_from", "image.digest")
    images = _keyed_files(ctx, "images", "image")

    values = ctx.files.values
    plain = {
        "apiVersions": attr.api_versions,
        "includeCrds": attr.include_crds,
        "kubeVersion": attr.kube_version,
        "label": name_of(ctx.label),
        "namespace": attr.namespace,
        "release": attr.release_name,
        "set": attr.set,
        "skipTests": attr.skip_tests,
    }

    def params(path):
        return plain | {
            "chart": path(chart.archive),
            "images": [[key, path(file)] for key, file in images],
            "setFrom": [[key, path(file)] for key, file in set_from],
            "values": [path(file) for file in values],
        }

    return params, [chart.archive] + values + [file for _, file in set_from + images]

def _helm_template_impl(ctx):
    _validate(ctx)
    chart = ctx.attr.chart[HelmChartInfo]
    params, inputs = _template(ctx, chart)
    if ctx.attr.split:
        out = ctx.actions.declare_directory(ctx.label.name)
    else:
        out = ctx.actions.declare_file(ctx.label.name + ".yaml")
    engine_action(
        ctx,
        command = "render",
        inputs = inputs,
        mnemonic = "HelmTemplate",
        outputs = [out],
        params = params(lambda file: file.path) | {
            "form": "split" if ctx.attr.split else ctx.attr.order,
            "helm": helm_of(ctx).helm.path,
            "out": out.path,
        },
        progress_message = "Rendering chart %{label}",
    )
    return [
        DefaultInfo(files = depset([out]), runfiles = ctx.runfiles([out])),
        HelmTemplateInfo(
            chart = chart,
            inputs = inputs,
            namespace = ctx.attr.namespace,
            params = params,
            release = ctx.attr.release_name,
            rendered = out,
            split = ctx.attr.split,
            values = ctx.files.values,
        ),
    ]

helm_template = rule(
    _helm_template_impl,
    doc = """Renders a chart, offline and the same each time: `<name>.yaml`, or with `split` a folder with a file for each resource.

Documents are ordered by kind, namespace and name, CustomResourceDefinitions and Namespaces first; documents without content are left out.
The bytes of each document are helm's own. Nothing of the machine is seen: no cluster, no helm home, no environment.

```starlark
helm_template(
    name = "production",
    chart = ":trips-api",
    images = {"//services/trips-api:image.digest": "image"},
    namespace = "trips",
    release_name = "trips-api",
    values = ["production.yaml"],
)
```
""",
    attrs = ENGINE | {
        "chart": attr.label(doc = "A helm_chart.", mandatory = True, providers = [HelmChartInfo]),
        "release_name": attr.string(doc = "The release, `.Release.Name`.", mandatory = True),
        "namespace": attr.string(doc = "The namespace, `.Release.Namespace`.", mandatory = True),
        "values": attr.label_list(doc = "Values files over the chart's own; later ones win.", allow_files = [".yaml", ".yml", ".json"]),
        "set": attr.string_dict(doc = "Values by key, in the syntax of helm's --set; over the files."),
        "set_from": attr.label_keyed_string_dict(
            doc = "Values read from files at build time: target of one file to key. Always strings.",
            allow_files = True,
        ),
        "images": attr.label_keyed_string_dict(
            doc = """Images by digest: target to key; `<key>.digest` becomes the image's digest.
            A target is a file with the digest (`image.digest` of rules_oci) or a folder with an OCI layout.""",
            allow_files = True,
        ),
        "kube_version": attr.string(doc = "`.Capabilities.KubeVersion`.", default = KUBE_VERSION),
        "api_versions": attr.string_list(doc = "What `.Capabilities.APIVersions` has beside Kubernetes' own."),
        "include_crds": attr.bool(doc = "Whether the chart's crds/ are part of it.", default = True),
        "skip_tests": attr.bool(doc = "Whether helm's test hooks are left out.", default = True),
        "split": attr.bool(doc = "A folder with a file for each resource, rather than one file."),
        "order": attr.string(
            doc = "`sorted`, or `helm` for all bytes of helm in helm's order (one file; documents are not looked at).",
            default = "sorted",
            values = ["sorted", "helm"],
        ),
    },
    toolchains = TOOLCHAINS,
)
