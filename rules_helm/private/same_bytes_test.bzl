"""helm_same_bytes_test: what was rendered is what helm prints when it is run by hand."""

load(":engine.bzl", "ENGINE", "TOOLCHAINS", "engine_program")
load(":template.bzl", "HelmTemplateInfo")
load(":toolchain.bzl", "helm_of", "name_of")

def _helm_same_bytes_test_impl(ctx):
    template = ctx.attr.template[HelmTemplateInfo]
    return engine_program(
        ctx,
        command = "same-bytes",
        files = template.inputs + [template.rendered],
        params = template.params(lambda file: file.short_path) | {
            "helm": helm_of(ctx).helm.short_path,
            "label": name_of(ctx.label),
            "rendered": template.rendered.short_path,
        },
    )

helm_same_bytes_test = rule(
    _helm_same_bytes_test_impl,
    doc = """Runs plain `helm template` and fails unless its output is the rendered documents, byte for byte, and nothing else.

The order is not compared, nor `---`, comments and empty lines between documents; CR LF of a template is LF in manifests.

```starlark
helm_same_bytes_test(
    name = "production_same_bytes_test",
    template = ":production",
)
```
""",
    attrs = ENGINE | {
        "template": attr.label(doc = "A helm_template.", mandatory = True, providers = [HelmTemplateInfo]),
    },
    test = True,
    toolchains = TOOLCHAINS,
)
