"""dry_run_test: manifests, as a real kube-apiserver takes them."""

def _quoted(text):
    return "'" + text.replace("'", "'\\''") + "'"

def _dry_run_test_impl(ctx):
    if not ctx.files.manifests:
        fail("{}: manifests: expected at least one file, received none from {}".format(ctx.label, [str(target.label) for target in ctx.attr.manifests]))
    words = ["--only-server"] + ["--crds=" + file.short_path for file in ctx.files.crds] + [file.short_path for file in ctx.files.manifests]
    script = ctx.actions.declare_file(ctx.label.name)
    ctx.actions.write(
        script,
        "#!/usr/bin/env bash\nexec ./{} {}\n".format(
            _quoted(ctx.executable._validate.short_path),
            " ".join([_quoted(word) for word in words]),
        ),
        is_executable = True,
    )
    return [DefaultInfo(
        executable = script,
        runfiles = ctx.runfiles(ctx.files.manifests + ctx.files.crds).merge(ctx.attr._validate[DefaultInfo].default_runfiles),
    )]

dry_run_test = rule(
    _dry_run_test_impl,
    doc = """Applies manifests to a kube-apiserver with a strict server-side dry run, in namespaces that enforce Pod Security "restricted".

Whatever the server refuses or warns of fails. The server starts once for a test, so one test for all manifests is the cheapest.

```starlark
dry_run_test(
    name = "dry_run_test",
    manifests = ["//charts/trips-api:production"],
)
```
""",
    attrs = {
        "crds": attr.label_list(doc = "CustomResourceDefinitions beside those of //tools/kubernetes/crds.", allow_files = True),
        "manifests": attr.label_list(doc = "Files, and folders with all below them.", mandatory = True, allow_files = True),
        "_validate": attr.label(default = "//tools/kubernetes:validate", executable = True, cfg = "target"),
    },
    test = True,
)
