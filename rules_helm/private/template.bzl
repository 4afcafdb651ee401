"""helm_template: what a chart renders to."""

load(":chart.bzl", "HelmChartInfo")
load(":toolchain.bzl", "KUBE_VERSION", "SCRIPTS", "TOOLCHAIN", "check", "helm_of", "name_of", "script")

HelmTemplateInfo = provider(
    doc = "A chart with all that its rendering depends on.",
    fields = {
        "chart": "HelmChartInfo of the chart",
        "flags": "function (path of a File) -> lines of the flags file of render.sh",
        "inputs": "list of File: archive, values and files that values are read from",
        "rendered": "File: the manifests, or the folder with them",
        "split": "bool: whether rendered is a folder",
    },
)

_FORBIDDEN = "one line without tabs"

def _one_line(ctx, attribute, text):
    check(ctx, attribute, "\n" not in text and "\t" not in text, _FORBIDDEN, text)

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
    for key, value in attr.set.items():
        _one_line(ctx, "set", key + value)
        check(ctx, "set", key and "=" not in key, "keys of values such as \"image.tag\"", key)
    for label, key in attr.set_from.items():
        files = label[DefaultInfo].files.to_list()
        check(ctx, "set_from", len(files) == 1, "targets of one file each", str(label.label))
        check(ctx, "set_from", key and "=" not in key, "keys of values such as \"image.digest\"", key)
    for version in attr.api_versions:
        check(ctx, "api_versions", "/" in version or version.startswith("v"), "GROUP/VERSION, GROUP/VERSION/KIND or a version", version)

def _flags(ctx):
    attr = ctx.attr
    values = ctx.files.values
    read = [(key, label[DefaultInfo].files.to_list()[0]) for label, key in attr.set_from.items()]

    def lines(path):
        result = [("release", attr.release_name), ("namespace", attr.namespace), ("kube-version", attr.kube_version)]
        result += [("api-versions", version) for version in attr.api_versions]
        result += [("include-crds", "")] if attr.include_crds else []
        result += [("skip-tests", "")] if attr.skip_tests else []
        result += [("values", path(file)) for file in values]
        result += [("set", "{}={}".format(key, value)) for key, value in attr.set.items()]
        result += [("set-from", "{}={}".format(key, path(file))) for key, file in read]
        return "".join(["{}\t{}\n".format(word, value) for word, value in result])

    return lines, values + [file for _, file in read]

def _helm_template_impl(ctx):
    _validate(ctx)
    chart = ctx.attr.chart[HelmChartInfo]
    lines, inputs = _flags(ctx)
    inputs = inputs + [chart.archive]
    flags = ctx.actions.declare_file(ctx.label.name + ".flags")
    ctx.actions.write(flags, lines(lambda file: file.path))
    if ctx.attr.split:
        out = ctx.actions.declare_directory(ctx.label.name)
    else:
        out = ctx.actions.declare_file(ctx.label.name + ".yaml")
    helm = helm_of(ctx)
    ctx.actions.run_shell(
        mnemonic = "HelmTemplate",
        progress_message = "Rendering chart %{label}",
        command = 'bash "$@"',
        arguments = [
            ctx.file._render_sh.path,
            ctx.file._helm_sh.path,
            helm.helm.path,
            ctx.file._arrange_awk.path,
            name_of(ctx.label),
            chart.archive.path,
            "split" if ctx.attr.split else ctx.attr.order,
            out.path,
            flags.path,
        ],
        inputs = inputs + [flags, ctx.file._render_sh, ctx.file._helm_sh, ctx.file._arrange_awk],
        tools = [helm.files_to_run],
        outputs = [out],
        env = {"LC_ALL": "C", "PATH": "/usr/bin:/bin"},
        execution_requirements = {"block-network": ""},
    )
    return [
        DefaultInfo(files = depset([out]), runfiles = ctx.runfiles([out])),
        HelmTemplateInfo(chart = chart, flags = lines, inputs = inputs, rendered = out, split = ctx.attr.split),
    ]

helm_template = rule(
    _helm_template_impl,
    doc = """Renders a chart, offline and the same each time: `<name>.yaml`, or with `split` a folder with a file for each resource.

Documents are ordered by kind, namespace and name, CustomResourceDefinitions and Namespaces first; line ends become LF and empty documents
are left out. Nothing of the machine is seen: no cluster, no helm home, no environment.

```starlark
helm_template(
    name = "production",
    chart = ":trips-api",
    namespace = "trips",
    release_name = "trips-api",
    set_from = {"//services/trips-api:image.digest": "image.digest"},
    values = ["production.yaml"],
)
```
""",
    attrs = SCRIPTS | {
        "chart": attr.label(doc = "A helm_chart.", mandatory = True, providers = [HelmChartInfo]),
        "release_name": attr.string(doc = "The release, `.Release.Name`.", mandatory = True),
        "namespace": attr.string(doc = "The namespace, `.Release.Namespace`.", mandatory = True),
        "values": attr.label_list(doc = "Values files over the chart's own; later ones win.", allow_files = [".yaml", ".yml", ".json"]),
        "set": attr.string_dict(doc = "Values by key, in the syntax of helm's --set; over the files."),
        "set_from": attr.label_keyed_string_dict(
            doc = "Values read from files at build time, such as the digest of an image: target of one file to key. Always strings.",
            allow_files = True,
        ),
        "kube_version": attr.string(doc = "`.Capabilities.KubeVersion`.", default = KUBE_VERSION),
        "api_versions": attr.string_list(doc = "What `.Capabilities.APIVersions` has beside Kubernetes' own."),
        "include_crds": attr.bool(doc = "Whether the chart's crds/ are part of it.", default = True),
        "skip_tests": attr.bool(doc = "Whether helm's test hooks are left out.", default = True),
        "split": attr.bool(doc = "A folder with a file for each resource, rather than one file."),
        "order": attr.string(
            doc = "`sorted`, or `helm` for the very bytes of helm (one file, also of documents in flow style).",
            default = "sorted",
            values = ["sorted", "helm"],
        ),
        "_arrange_awk": script("arrange.awk"),
        "_render_sh": script("render.sh"),
    },
    toolchains = [TOOLCHAIN],
)
