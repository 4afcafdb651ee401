"""ts_binary: a program in TypeScript, for `bazel run` and for actions."""

load("@aspect_rules_js//js:defs.bzl", "js_binary")
load(":library.bzl", "ts_library")

NODE_OPTIONS = ["--enable-source-maps", "--disable-warning=ExperimentalWarning"]

def ts_binary(name, entry_point = "main.ts", srcs = None, deps = [], data = [], env = {}, fixed_args = [], testonly = False, tags = [], visibility = None, **kwargs):
    """A program in TypeScript that runs on the vendored Node.

    ```starlark
    ts_binary(
        name = "update",
        entry_point = "update.ts",
        deps = [":lock"],
    )
    ```

    Args:
      name: the program
      entry_point: its first file, of this package
      srcs: all files of the program that no library of deps has; default the entry point
      deps: libraries and npm packages that srcs import
      data: files and programs that it needs at run time
      env: environment; `$(rootpath //label)` of data is replaced
      fixed_args: arguments before those of the caller
      testonly: as everywhere
      tags: tags of all targets
      visibility: who may run it
      **kwargs: attributes of js_binary
    """
    main = name + "_main"
    ts_library(
        name = main,
        srcs = srcs or [entry_point],
        testonly = testonly,
        tags = tags,
        deps = deps,
    )
    js_binary(
        name = name,
        data = [":" + main] + data,
        entry_point = entry_point,
        env = env,
        fixed_args = fixed_args,
        node_options = NODE_OPTIONS,
        tags = tags,
        testonly = testonly,
        visibility = visibility,
        **kwargs
    )
