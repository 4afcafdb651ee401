"""The semgrep-core that all rules use, as a Bazel toolchain."""

def _semgrep_toolchain_impl(ctx):
    files = ctx.files.engine
    folders = [file for file in files if file.is_directory]
    programs = [file for file in files if file.basename == "semgrep-core"]
    if len(folders) != 1 and len(programs) != 1:
        fail("{}: engine: expected one folder with semgrep-core and libs/, or these files, received {}".format(
            ctx.label,
            [file.short_path for file in files],
        ))
    program = programs[0] if programs else folders[0]
    inside = "" if programs else "/semgrep-core"
    return [platform_common.ToolchainInfo(
        files = depset(files),
        path = program.path + inside,
        short_path = program.short_path + inside,
        version = ctx.attr.version,
    )]

semgrep_toolchain = rule(
    _semgrep_toolchain_impl,
    doc = """Names the engine that scans.

```starlark
load("@rules_semgrep//:toolchain.bzl", "semgrep_toolchain")

semgrep_toolchain(
    name = "semgrep_toolchain",
    engine = "//third_party:semgrep",
    version = "1.185.0",
)

toolchain(
    name = "toolchain",
    toolchain = ":semgrep_toolchain",
    toolchain_type = "@rules_semgrep//:toolchain_type",
)
```
and `register_toolchains("//third_party:toolchain")` in MODULE.bazel.
""",
    attrs = {
        "engine": attr.label(
            doc = "The folder `bin/` of semgrep's wheel: semgrep-core does not start without the libraries beside it.",
            mandatory = True,
            allow_files = True,
            cfg = "exec",
        ),
        "version": attr.string(doc = "Its version.", mandatory = True),
    },
)
