"""helm_determinism_test: a chart that renders to the same today and tomorrow."""

load(":engine.bzl", "ENGINE", "TOOLCHAINS", "engine_program")
load(":template.bzl", "HelmTemplateInfo")
load(":toolchain.bzl", "helm_of", "name_of")

def _helm_determinism_test_impl(ctx):
    template = ctx.attr.template[HelmTemplateInfo]
    return engine_program(
        ctx,
        command = "determinism",
        files = template.inputs,
        params = template.params(lambda file: file.short_path) | {
            "allow": ctx.attr.allow,
            "helm": helm_of(ctx).helm.short_path,
            "label": name_of(ctx.label),
        },
    )

helm_determinism_test = rule(
    _helm_determinism_test_impl,
    doc = """Fails when a rendering depends on when and where it is made.

Two looks, because each alone misses something. The templates, those of dependencies too, are read for calls of randomness, time and the
cluster (`randAlphaNum`, `genCA`, `uuidv4`, `now`, `lookup`, ...), also in branches that these values do not reach; `lookup` can be found in no
other way, since it is empty without a cluster. Then the chart is rendered twice, more than a second and 25 hours of time zone apart, which
finds what values bring in through `tpl`.

```starlark
helm_determinism_test(
    name = "production_determinism_test",
    template = ":production",
)
```
""",
    attrs = ENGINE | {
        "template": attr.label(doc = "A helm_template.", mandatory = True, providers = [HelmTemplateInfo]),
        "allow": attr.string_list(doc = "Functions that may stand in templates, because this rendering does not reach them."),
    },
    test = True,
    toolchains = TOOLCHAINS,
)
