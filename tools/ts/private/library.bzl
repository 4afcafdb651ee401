"""ts_library: TypeScript sources that others import, and the proof that they type-check."""

load("@aspect_rules_js//js:defs.bzl", "js_library")
load("@aspect_rules_ts//ts:defs.bzl", "ts_config", "ts_project")
load("@bazel_skylib//rules:build_test.bzl", "build_test")
load("@bazel_skylib//rules:write_file.bzl", "write_file")

def is_typescript(src):
    """Whether a source is TypeScript by its name.

    Args:
      src: a file's name or label
    Returns:
      True for .ts, .tsx and .mts
    """
    return src.endswith(".ts") or src.endswith(".tsx") or src.endswith(".mts")

def with_implied(deps, implied):
    """Adds dependencies that a macro implies to those that are written.

    Args:
      deps: labels as written
      implied: labels that may stand among them
    Returns:
      deps and what of implied they lack
    """
    return deps + [label for label in implied if label not in deps]

def typecheck(name, srcs, deps, web = False, testonly = False, tags = []):
    """Declares `<name>_typecheck_test`, which fails where tsc finds an error in srcs.

    tsc reads the sources of dependencies as they are written: nothing is emitted, and root_dir is the repository's root.

    Args:
      name: the library's name
      srcs: TypeScript files of this package
      deps: what they import
      web: whether they run in a browser (tsconfig.web.json)
      testonly: as everywhere
      tags: tags of the test
    """
    to_root = "/".join([".."] * len(native.package_name().split("/"))) if native.package_name() else "."
    base = "tsconfig.web.json" if web else "tsconfig.json"

    # What the test is made of is "manual": a wildcard builds it through the test, once.
    check = name + "_check"
    write_file(
        name = check + "_json",
        out = check + ".tsconfig.json",
        content = [json.encode_indent({"extends": "{}/{}".format(to_root, base), "files": srcs, "include": []})],
        tags = ["manual"],
        testonly = testonly,
    )
    ts_config(
        name = check + "_config",
        src = check + "_json",
        deps = ["//:tsconfig_web" if web else "//:tsconfig"],
        tags = ["manual"],
        testonly = testonly,
    )
    ts_project(
        name = check,
        srcs = srcs,
        tsconfig = check + "_config",
        no_emit = True,
        resolve_json_module = True,
        root_dir = None if to_root == "." else to_root,
        tags = ["manual"],
        testonly = testonly,
        validate = False,
        deps = with_implied(deps, [] if web else ["//:node_modules/@types/node"]),
    )
    build_test(
        name = name + "_typecheck_test",
        size = "small",
        tags = tags,
        targets = [check + "_typecheck"],
    )

def ts_library(name, srcs, deps = [], data = [], web = False, testonly = False, tags = [], visibility = None):
    """TypeScript sources that other targets import, run or bundle. There is no compile step: Node and esbuild read .ts files.

    ```starlark
    ts_library(
        name = "geo",
        srcs = ["distance.ts"],
        deps = ["//:node_modules/typebox"],
        visibility = ["//services:__subpackages__"],
    )
    ```
    makes `:geo` and `:geo_typecheck_test`.

    Args:
      name: the library; the folder's name where it is the folder's only one
      srcs: .ts and .tsx files of this package, and what they import besides (.css, .json, .svg)
      deps: libraries and npm packages (`//:node_modules/<package>`) that srcs import; @types/node is implied
      data: files that the code reads at run time
      web: whether it runs in a browser: DOM types, JSX, bundler resolution
      testonly: as everywhere
      tags: tags of all targets
      visibility: who may import it
    """
    typescript = [src for src in srcs if is_typescript(src)]
    deps = with_implied(deps, ["//:package_json"])
    js_library(
        name = name,
        srcs = [src for src in srcs if not is_typescript(src)],
        types = typescript,
        data = data,
        tags = tags,
        testonly = testonly,
        visibility = visibility,
        deps = deps,
    )
    typecheck(name, typescript, deps + ([":" + name] if len(typescript) < len(srcs) else []), web = web, testonly = testonly, tags = tags)
