"""starlark_docs: the reference of a ruleset, from the docstrings of its Starlark files."""

load("@aspect_rules_js//js:defs.bzl", "js_run_binary")
load("@bazel_skylib//rules:diff_test.bzl", "diff_test")

def starlark_docs(name, srcs, deps, committed):
    """Renders docstrings to Markdown, and compares them with the committed reference.

    ```starlark
    starlark_docs(
        name = "rules_helm",
        srcs = ["@rules_helm//:defs.bzl"],
        committed = "@rules_helm//docs:rules.md",
        deps = ["@rules_helm//:starlark"],
    )
    ```
    makes `:rules_helm.md` and `:rules_helm_test`; `bazel run //tools/starlark-docs:update` brings the committed file up to date, once
    the target is listed there.

    Args:
      name: the ruleset, which the heading names
      srcs: the public Starlark files, in the order in which they are described
      deps: targets with all Starlark files that these load
      committed: the committed file
    """
    extracts = []
    for index, src in enumerate(srcs):
        native.starlark_doc_extract(
            name = "{}_{}".format(name, index),
            src = src,
            deps = deps,
        )
        extracts.append("{}_{}".format(name, index))
    js_run_binary(
        name = name,
        srcs = extracts,
        outs = [name + ".md"],
        args = ["$(rootpath {}.md)".format(name), name] + ["$(rootpath {})".format(extract) for extract in extracts],
        mnemonic = "StarlarkDocs",
        progress_message = "Writing the reference %{label}",
        tool = ":render",
    )
    diff_test(
        name = name + "_test",
        size = "small",
        failure_message = "The docstrings have changed. Run: ./bazel run //tools/starlark-docs:update",
        file1 = committed,
        file2 = name + ".md",
    )
