"""semgrep-core as an OCI artifact: built for several platforms, pushed with crane."""

load("//private:engine.bzl", "node_of")
load("//private:toolchain.bzl", "check")

_NODE = "@rules_nodejs//nodejs:toolchain_type"
_PLATFORMS = "//command_line_option:platforms"

def _each_impl(_settings, attr):
    return {name: {_PLATFORMS: str(platform)} for platform, name in attr.platforms.items()}

_each = transition(implementation = _each_impl, inputs = [], outputs = [_PLATFORMS])

def _folder(ctx, target):
    files = target[DefaultInfo].files.to_list()
    folders = [file for file in files if file.is_directory]
    check(ctx, "engine", len(folders) == 1 and len(files) == 1, "one folder with semgrep-core", [file.short_path for file in files])
    return folders[0]

def _artifact_impl(ctx):
    for name in ctx.attr.platforms.values():
        check(ctx, "platforms", len(name.split("/")) == 2, "OS/ARCHITECTURE such as linux/amd64", name)
    out = ctx.actions.declare_directory(ctx.label.name)
    folders = {name: _folder(ctx, target) for name, target in ctx.split_attr.engine.items()}
    ctx.actions.run(
        mnemonic = "SemgrepArtifact",
        progress_message = "Packing semgrep-core for %{label}",
        executable = node_of(ctx),
        arguments = [ctx.file._oci.path, "layout", out.path, ctx.attr.version] + ["{}={}".format(name, folder.path) for name, folder in folders.items()],
        inputs = folders.values(),
        outputs = [out],
        tools = [ctx.file._oci],
        env = {"LC_ALL": "C", "TZ": "UTC"},
    )
    return [DefaultInfo(files = depset([out]), runfiles = ctx.runfiles([out]))]

semgrep_engine_artifact = rule(
    _artifact_impl,
    doc = """semgrep-core for several platforms as an OCI image layout: the same engines give the same digest, whoever builds it.

```starlark
semgrep_engine_artifact(
    name = "engine",
    engine = "//third_party:semgrep",
    platforms = {
        "//platforms:linux_amd64": "linux/amd64",
        "//platforms:linux_arm64": "linux/arm64",
    },
    version = "1.185.0",
)
```
""",
    attrs = {
        "engine": attr.label(doc = "The folder `bin/` of semgrep's wheel, for the platform that asks.", mandatory = True, cfg = _each),
        "platforms": attr.label_keyed_string_dict(doc = "Platforms, each in the words of OCI: OS/ARCHITECTURE.", mandatory = True),
        "version": attr.string(doc = "Of semgrep-core; the tag under which it is pushed.", mandatory = True),
        "_allowlist_function_transition": attr.label(default = "@bazel_tools//tools/allowlists/function_transition_allowlist"),
        "_oci": attr.label(default = "//oci:oci.mjs", allow_single_file = True, cfg = "exec"),
    },
    toolchains = [_NODE],
)

def _push_impl(ctx):
    out = ctx.actions.declare_file(ctx.label.name)
    node = node_of(ctx)
    words = [node.short_path, ctx.file._oci.short_path, "push", ctx.file.artifact.short_path, ctx.file.crane.short_path, ctx.attr.version]
    ctx.actions.expand_template(
        template = ctx.file._launcher,
        output = out,
        is_executable = True,
        substitutions = {
            "{{words}}": " ".join(["'{}'".format(word) for word in words]),
            "{{workspace}}": ctx.workspace_name,
        },
    )
    return [DefaultInfo(executable = out, runfiles = ctx.runfiles([node, ctx.file._oci, ctx.file.artifact, ctx.file.crane]))]

semgrep_engine_push = rule(
    _push_impl,
    doc = """Pushes a semgrep_engine_artifact with crane and the credentials of whoever runs it, and says what to write into MODULE.bazel.

    bazel run :engine.push -- registry.example.org/tools/semgrep
    bazel run :engine.push -- localhost:5000/semgrep --insecure
""",
    attrs = {
        "artifact": attr.label(doc = "A semgrep_engine_artifact.", mandatory = True, allow_single_file = True),
        "crane": attr.label(doc = "The program crane.", mandatory = True, allow_single_file = True, cfg = "target"),
        "version": attr.string(doc = "The tag.", mandatory = True),
        "_launcher": attr.label(default = "//private:launcher.sh.tpl", allow_single_file = True),
        "_oci": attr.label(default = "//oci:oci.mjs", allow_single_file = True, cfg = "exec"),
    },
    executable = True,
    toolchains = [_NODE],
)
