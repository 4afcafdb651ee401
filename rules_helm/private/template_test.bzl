"""helm_template_test: what a chart renders to, against what is committed."""

load(":engine.bzl", "ENGINE", "TOOLCHAINS", "engine_program")
load(":template.bzl", "HelmTemplateInfo")
load(":toolchain.bzl", "check", "name_of")

def _helm_template_test_impl(ctx):
    template = ctx.attr.template[HelmTemplateInfo]
    golden = ctx.files.golden
    check(ctx, "golden", golden, "at least one file", golden)
    folders = {file.dirname: None for file in golden}
    if template.split:
        check(ctx, "golden", len(folders) == 1, "files of one folder, since the template is split", folders.keys())
    else:
        check(ctx, "golden", len(golden) == 1, "one file, since the template is not split", [file.short_path for file in golden])
    return engine_program(
        ctx,
        command = "template-test",
        files = [template.rendered] + golden,
        params = {
            "golden": [file.short_path for file in golden],
            "label": name_of(ctx.label),
            "mend": ctx.attr.mend or "bazel run " + name_of(ctx.label),
            "rendered": template.rendered.short_path,
        },
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
    attrs = ENGINE | {
        "template": attr.label(doc = "A helm_template.", mandatory = True, providers = [HelmTemplateInfo]),
        "golden": attr.label_list(
            doc = "The committed file; for a split template, the committed files, all in one folder.",
            mandatory = True,
            allow_files = [".yaml", ".yml"],
        ),
        "mend": attr.string(doc = "The one command that mends what is stale, for the message; default `bazel run <this test>`."),
    },
    test = True,
    toolchains = TOOLCHAINS,
)
