"""manifests_diff and helm_diff: what changes in the cluster, said for people."""

load(":engine.bzl", "ENGINE", "TOOLCHAINS", "engine_action", "engine_program")
load(":toolchain.bzl", "check", "name_of")

def _manifests_diff_impl(ctx):
    folder = (ctx.attr.folder or ctx.label.package).strip("/")
    check(ctx, "folder", folder, "a folder of the repository, since the target is in the root package", ctx.attr.folder)
    return engine_program(
        ctx,
        command = "diff",
        files = [],
        params = {"branch": ctx.attr.branch, "folder": folder, "label": name_of(ctx.label)},
    )

manifests_diff = rule(
    _manifests_diff_impl,
    doc = """Says what changes in the cluster between two states of the committed manifests: `bazel run //manifests:diff`.

Without arguments it compares where the branch left the default branch with the working tree. `--base REF` and `--head REF` name other
commits, `--format markdown` makes the comment of a pull request, `--format json` is for programs, `--exit-code` ends with status 1 when
something changes; `--help` has the rest. Nothing is built and nothing is rendered for it: both states are read from git.

```starlark
manifests_diff(name = "diff")
```
in `manifests/BUILD.bazel`. docs/diff.md tells how to read it.
""",
    attrs = ENGINE | {
        "folder": attr.string(doc = "The folder of committed manifests, from the workspace; default the target's package."),
        "branch": attr.string(doc = "The branch that others are merged into.", default = "main"),
    },
    executable = True,
    toolchains = TOOLCHAINS,
)

def _side(ctx, attribute):
    files = getattr(ctx.files, attribute)
    package = getattr(ctx.attr, attribute)[0].label.package
    root = package + "/" if package else ""

    def place(file):
        return "" if file.is_directory else file.short_path.removeprefix(root)

    check(ctx, attribute, files, "targets with manifests", attribute + " without files")
    labels = [name_of(target.label) for target in getattr(ctx.attr, attribute)]
    return {"files": [[place(file), file.path] for file in files], "label": ", ".join(labels)}

def _helm_diff_impl(ctx):
    text = ctx.actions.declare_file(ctx.label.name + ".txt")
    markdown = ctx.actions.declare_file(ctx.label.name + ".md")
    engine_action(
        ctx,
        command = "diff-output",
        inputs = ctx.files.old + ctx.files.new,
        mnemonic = "HelmDiff",
        outputs = [text, markdown],
        params = {
            "label": name_of(ctx.label),
            "markdown": markdown.path,
            "new": _side(ctx, "new"),
            "old": _side(ctx, "old"),
            "text": text.path,
        },
        progress_message = "Comparing manifests for %{label}",
    )
    return [DefaultInfo(files = depset([text, markdown]))]

helm_diff = rule(
    _helm_diff_impl,
    doc = """What changes in the cluster from one rendering to another, as `<name>.txt` and `<name>.md`.

Two overlays, a chart before and after an upgrade, or what is committed and what is rendered:

```starlark
helm_diff(
    name = "upgrade",
    old = [":production"],
    new = [":production_next"],
)
```
""",
    attrs = ENGINE | {
        "old": attr.label_list(doc = "Manifests: a helm_template, an argocd_app or files.", mandatory = True, allow_empty = False, allow_files = [".yaml", ".yml", ".json"]),
        "new": attr.label_list(doc = "Manifests to compare with them.", mandatory = True, allow_empty = False, allow_files = [".yaml", ".yml", ".json"]),
    },
    toolchains = TOOLCHAINS,
)
