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

def _name(ctx, attribute):
    labels = [target.label for target in getattr(ctx.attr, attribute)]
    if len(labels) > 1:
        return getattr(ctx.attr, attribute + "_folder") or attribute
    same = labels[0].package == ctx.label.package and labels[0].repo_name == ctx.label.repo_name
    return ":" + labels[0].name if same else name_of(labels[0])

def _place(ctx, attribute, file):
    """Where a file stands among the manifests; "" for a folder that has them all."""
    if file.is_directory:
        return ""
    parts = [file.owner.package, getattr(ctx.attr, attribute + "_folder")]
    root = "".join([part.strip("/") + "/" for part in parts if part])
    path = file.owner.package + "/" + file.owner.name if file.is_source else "/".join([file.owner.package, file.basename])
    path = path.removeprefix("/")
    check(ctx, attribute, path.startswith(root), "files below " + root, path)
    return path.removeprefix(root)

def _side(ctx, attribute):
    files = getattr(ctx.files, attribute)
    check(ctx, attribute, files, "targets with manifests", "targets without files")
    return {"files": [[_place(ctx, attribute, file), file.path] for file in files], "label": _name(ctx, attribute)}

def _helm_diff_impl(ctx):
    text, markdown = ctx.outputs.text, ctx.outputs.markdown
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

_helm_diff = rule(
    _helm_diff_impl,
    doc = "What changes in the cluster from one rendering to another.",
    attrs = ENGINE | {
        "old": attr.label_list(doc = "Manifests: a helm_template, an argocd_app or files.", mandatory = True, allow_empty = False, allow_files = [".yaml", ".yml", ".json"]),
        "old_folder": attr.string(doc = "For files: the folder of their package that `<overlay>/<app>/...` stand in."),
        "new": attr.label_list(doc = "Manifests to compare with them.", mandatory = True, allow_empty = False, allow_files = [".yaml", ".yml", ".json"]),
        "new_folder": attr.string(doc = "Likewise for `new`."),
        "text": attr.output(doc = "The report for people and logs.", mandatory = True),
        "markdown": attr.output(doc = "The report for a pull request.", mandatory = True),
    },
    toolchains = TOOLCHAINS,
)

def helm_diff(name, old, new, old_folder = "", new_folder = "", tags = [], visibility = None):
    """What changes in the cluster from one rendering to another, as `<name>.txt` and `<name>.md`.

    Two overlays, a chart before and after an upgrade, or what is committed and what is rendered:

    ```starlark
    helm_diff(
        name = "upgrade",
        old = [":production"],
        new = [":production_next"],
    )
    ```

    Args:
      name: the target; builds both files
      old: manifests: a helm_template, an argocd_app or files
      new: manifests to compare with them
      old_folder: for files, the folder of their package that `<overlay>/<app>/...` stand in
      new_folder: likewise for `new`
      tags: tags of the target
      visibility: who may use it
    """
    _helm_diff(
        name = name,
        markdown = name + ".md",
        new = new,
        new_folder = new_folder,
        old = old,
        old_folder = old_folder,
        tags = tags,
        text = name + ".txt",
        visibility = visibility,
    )
