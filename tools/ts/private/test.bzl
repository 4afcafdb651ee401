"""ts_test: tests by vitest."""

load("@npm//:vitest/package_json.bzl", vitest = "bin")
load(":library.bzl", "is_typescript", "ts_library", "with_implied")

def ts_test(name, srcs, deps = [], data = [], env = {}, web = False, size = "small", tags = [], visibility = None, **kwargs):
    """Runs vitest over test files, and type-checks them.

    The working directory is the repository's root in the runfiles; the files that match `*.test.ts` or `*.test.tsx` are run, the
    others are what they import. Results of single tests reach Bazel as JUnit XML.

    ```starlark
    ts_test(
        name = "store_test",
        srcs = ["store.test.ts"],
        data = ["//tools/lock:nats-server"],
        env = {"NATS_SERVER_BIN": "$(rootpath //tools/lock:nats-server)"},
        deps = [":trips-api"],
    )
    ```

    Args:
      name: the test
      srcs: test files, and helpers and fixtures that only they import
      deps: what they import; vitest is implied
      data: files and programs that they need at run time
      env: environment; `$(rootpath //label)` of data is replaced
      web: whether they are typed for a browser
      size: Bazel's test size
      tags: tags of all targets
      visibility: as everywhere
      **kwargs: attributes of js_test
    """
    package = native.package_name()
    tests = ["{}/{}".format(package, src) for src in srcs if is_typescript(src) and ".test." in src]
    ts_library(
        name = name + "_srcs",
        srcs = srcs,
        tags = tags,
        testonly = True,
        web = web,
        deps = with_implied(deps, ["//:node_modules/vitest"] + (["//:node_modules/@types/node"] if web else [])),
    )
    vitest.vitest_test(
        name = name,
        args = ["run", "--configLoader=native", "--config=tools/ts/vitest.config.ts"] + tests,
        data = data + [":{}_srcs".format(name), "//tools/ts:vitest_config"],
        env = env,
        node_options = ["--disable-warning=ExperimentalWarning"],
        size = size,
        tags = tags,
        visibility = visibility,
        **kwargs
    )
