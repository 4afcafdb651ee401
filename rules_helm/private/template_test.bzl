"""helm_template_test: what a chart renders to, against what is committed."""

load(":template.bzl", "HelmTemplateInfo")
load(":toolchain.bzl", "SCRIPTS", "TOOLCHAIN", "check", "helm_of", "name_of", "program", "script")

def _helm_template_test_impl(ctx):
    template = ctx.attr.template[HelmTemplateInfo]
    golden = ctx.files.golden
    check(ctx, "golden", golden, "at least one file", golden)
    folders = {file.dirname: None for file in golden}
    if template.split:
        check(ctx, "golden", len(folders) == 1, "files of one folder, since the template is split", folders.keys())
    else:
        check(ctx, "golden", len(golden) == 1, "one file, since the template is not split", [file.short_path for file in golden])
    return program(
        ctx,
        ctx.file._template_test_sh,
        [
            ctx.file._helm_sh.short_path,
            helm_of(ctx).helm.short_path,
            name_of(ctx.label),
            template.rendered.short_path,
        ] + [file.short_path for file in golden],
        [template.rendered] + golden,
    )

helm_template_test = rule(
    _helm_template_test_impl,
    doc = """Fails with a diff when committed manifests are not what a chart renders to; `bazel run` of the test mends them.

```starlark
helm_template_test(
    name = "production_test",
    golden = ["production.golden.yaml"],
    template = ":production",
)
```
""",
    attrs = SCRIPTS | {
        "template": attr.label(doc = "A helm_template.", mandatory = True, providers = [HelmTemplateInfo]),
        "golden": attr.label_list(
            doc = "The committed file; for a split template, the committed files, all in one folder.",
            mandatory = True,
            allow_files = [".yaml", ".yml"],
        ),
        "_template_test_sh": script("template_test.sh"),
    },
    test = True,
    toolchains = [TOOLCHAIN],
)
