"""helm_determinism_test: a chart that renders to the same today and tomorrow."""

load(":template.bzl", "HelmTemplateInfo")
load(":toolchain.bzl", "SCRIPTS", "TOOLCHAIN", "helm_of", "name_of", "program", "script")

def _helm_determinism_test_impl(ctx):
    template = ctx.attr.template[HelmTemplateInfo]
    flags = ctx.actions.declare_file(ctx.label.name + ".flags")
    ctx.actions.write(flags, template.flags(lambda file: file.short_path))
    scripts = [ctx.file._arrange_awk, ctx.file._unstable_awk, ctx.file._render_sh]
    archive = template.chart.archive
    return program(
        ctx,
        ctx.file._determinism_test_sh,
        [ctx.file._helm_sh.short_path, helm_of(ctx).helm.short_path] +
        [file.short_path for file in scripts] +
        [name_of(ctx.label), archive.short_path, flags.short_path, " ".join(ctx.attr.allow)],
        scripts + [archive, flags] + template.inputs,
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
    attrs = SCRIPTS | {
        "template": attr.label(doc = "A helm_template.", mandatory = True, providers = [HelmTemplateInfo]),
        "allow": attr.string_list(doc = "Functions that may stand in templates, because this rendering does not reach them."),
        "_arrange_awk": script("arrange.awk"),
        "_determinism_test_sh": script("determinism_test.sh"),
        "_render_sh": script("render.sh"),
        "_unstable_awk": script("unstable.awk"),
    },
    test = True,
    toolchains = [TOOLCHAIN],
)
