"""What BUILD files use of format: a check for each package, and the registration of generators."""

load("//tools/format/private:format_generator.bzl", _format_generator = "format_generator")
load("//tools/format/private:format_test.bzl", _format_test_rule = "format_test")

format_generator = _format_generator

def format_test(name = "format_test", srcs = None, exclude = [], **kwargs):
    """Checks that the files of this package are formatted: those of the folders below too, as far as they have no BUILD file.

    The test sees its files as inputs, so it is sandboxed, cached and run again only when one of them, a tool or the
    configuration changes. `bazel run //:format` mends what it finds.

    ```starlark
    load("//tools/format:defs.bzl", "format_test")

    format_test()
    ```

    Args:
      name: the test
      srcs: the files; default all of the package
      exclude: globs of files that are no sources
      **kwargs: attributes of every test
    """
    _format_test_rule(
        name = name,
        size = kwargs.pop("size", "small"),
        srcs = srcs if srcs != None else native.glob(["**"], exclude = exclude),
        **kwargs
    )

def format_root():
    """The root's part: the configuration that every check reads, and `//:format_test` for the root's own files."""
    native.filegroup(
        name = "format_config",
        srcs = native.glob(
            [
                ".editorconfig",
                ".gitattributes",
                ".prettierignore",
                ".prettierrc.json",
                ".shellcheckrc",
            ],
            allow_empty = True,
        ),
        visibility = ["//visibility:public"],
    )
    format_test(exclude = [
        ".git/**",
        ".lane",
        ".state/**",
        ".state-operators/**",
        "node_modules/**",
        "user.bazelrc",
    ])
