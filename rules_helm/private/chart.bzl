"""helm_chart: a chart as an archive."""

load(":engine.bzl", "ENGINE", "TOOLCHAINS", "engine_action")
load(":toolchain.bzl", "check", "helm_of", "name_of")

HelmChartInfo = provider(
    doc = "A packed chart.",
    fields = {
        "archive": "File: the chart with its dependencies, as `helm package` lays it out",
        "chart": "File: its Chart.yaml, to speak of in messages",
        "places": "dict of string to File: what the archive is made of, by place in the chart",
        "digest": "File: the digest (sha256:...) that helm_push gives it in a registry",
        "values": "File: its values.yaml, or None",
    },
)

def _place(ctx, attribute, file, root, folder = ""):
    inside = file.short_path.removeprefix(root)
    below = file.short_path.startswith(root) and inside.startswith(folder)
    check(ctx, attribute, below, "files below {}".format(root + folder or "the package"), file.short_path)
    return inside

def _helm_chart_impl(ctx):
    chart = ctx.file.chart
    check(ctx, "chart", chart.basename == "Chart.yaml", "a file named Chart.yaml", chart.short_path)
    root = chart.short_path.removesuffix("Chart.yaml")
    places = {"Chart.yaml": chart}
    if ctx.file.values:
        places["values.yaml"] = ctx.file.values
    if ctx.file.schema:
        check(ctx, "schema", ctx.file.schema.extension == "json", "a JSON schema (values.schema.json)", ctx.file.schema.short_path)
        places["values.schema.json"] = ctx.file.schema
    for attribute, folder in {"templates": "templates/", "crds": "crds/", "files": ""}.items():
        for file in getattr(ctx.files, attribute):
            place = _place(ctx, attribute, file, root, folder)
            check(ctx, attribute, places.get(place, file) == file, "one file for each place in the chart", place)
            places[place] = file
    for dep in ctx.attr.deps:
        place = "charts/{}.tgz".format(dep.label.name)
        check(ctx, "deps", place not in places, "charts whose targets differ in name", str(dep.label))
        places[place] = dep[HelmChartInfo].archive

    archive = ctx.actions.declare_file(ctx.label.name + ".tgz")
    engine_action(
        ctx,
        command = "package",
        inputs = places.values(),
        mnemonic = "HelmPackage",
        outputs = [archive],
        params = {
            "files": [[file.path, place] for place, file in sorted(places.items())],
            "helm": helm_of(ctx).helm.path,
            "label": name_of(ctx.label),
            "out": archive.path,
        },
        progress_message = "Packing chart %{label}",
    )
    digest = ctx.actions.declare_file(ctx.label.name + ".digest")
    engine_action(
        ctx,
        command = "digest",
        inputs = [archive],
        mnemonic = "HelmDigest",
        outputs = [digest],
        params = {"archive": archive.path, "out": digest.path},
        progress_message = "Digest of chart %{label}",
    )
    return [
        DefaultInfo(files = depset([archive]), runfiles = ctx.runfiles([archive])),
        OutputGroupInfo(digest = depset([digest])),
        HelmChartInfo(
            archive = archive,
            chart = chart,
            digest = digest,
            places = places,
            values = ctx.file.values,
        ),
    ]

helm_chart = rule(
    _helm_chart_impl,
    doc = "Packs a chart. Used through the macro of the same name.",
    attrs = ENGINE | {
        "chart": attr.label(doc = "Chart.yaml.", mandatory = True, allow_single_file = True),
        "values": attr.label(doc = "values.yaml.", allow_single_file = [".yaml", ".yml"]),
        "schema": attr.label(doc = "values.schema.json.", allow_single_file = True),
        "templates": attr.label_list(doc = "Files below templates/.", allow_files = True),
        "crds": attr.label_list(doc = "Files below crds/.", allow_files = True),
        "files": attr.label_list(doc = "More files of the chart.", allow_files = True),
        "deps": attr.label_list(doc = "Charts that this one depends on.", providers = [HelmChartInfo]),
    },
    toolchains = TOOLCHAINS,
)
