"""helm_coverage_test: every value is read by some template."""

load(":engine.bzl", "ENGINE", "TOOLCHAINS", "engine_program")
load(":template.bzl", "HelmTemplateInfo")
load(":toolchain.bzl", "check", "helm_of", "name_of")

def _helm_coverage_test_impl(ctx):
    template = ctx.attr.template[HelmTemplateInfo]
    for key, reason in ctx.attr.unread.items():
        check(ctx, "unread", reason.strip(), "a reason for " + key, reason)
    values = template.chart.values
    schema = template.chart.places.get("values.schema.json")
    files = [file for file in [values, schema] if file]
    return engine_program(
        ctx,
        command = "coverage",
        files = files + template.inputs,
        params = template.params(lambda file: file.short_path) | {
            "chartValues": values.short_path if values else "",
            "helm": helm_of(ctx).helm.short_path,
            "label": name_of(ctx.label),
            "schema": schema.short_path if schema else "",
            "unread": ctx.attr.unread,
        },
    )

helm_coverage_test = rule(
    _helm_coverage_test_impl,
    doc = """Fails when a value of the chart, or of the values files over it, is read by no template: a typo, or what was left behind.

Templates are not parsed; reading is measured. Each leaf of the merged values (also empty maps, empty lists and nulls) is given other
values, and it is read when the rendering or its failure changes. Where the given values keep a branch shut (`enabled: false`, an empty
list), it is opened, as far as the chart can be rendered then. So `with`, `range`, `index`, `toYaml`, `include`, subcharts under their
names or aliases, `global` and library charts need no rules of their own. Most charts take less than a second.

```starlark
helm_coverage_test(
    name = "production_coverage_test",
    template = ":production",
    unread = {"image.tag": "Argo CD Image Updater writes it"},
)
```
""",
    attrs = ENGINE | {
        "template": attr.label(doc = "A helm_template or an argocd_app.", mandatory = True, providers = [HelmTemplateInfo]),
        "unread": attr.string_dict(doc = "Keys that nothing reads, with the reason; a key allows all below it. One that is not needed fails."),
    },
    test = True,
    toolchains = TOOLCHAINS,
)
