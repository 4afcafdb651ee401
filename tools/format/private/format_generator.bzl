"""format_generator: a program that writes files of the tree, as //:format runs it."""

# The output, then the files and folders whose names and contents make the digest.
_DIGEST = """\
set -o errexit -o pipefail
if command -v sha256sum >/dev/null; then sum=sha256sum; else sum='shasum -a 256'; fi
out=$1
shift
for input; do if [ -d "$input" ]; then find -L "$input" -type f; elif [ -e "$input" ]; then echo "$input"; fi; done |
  LC_ALL=C sort | tr '\\n' '\\0' | xargs -0 $sum | $sum | cut -c1-64 >"$out"
"""

def _format_generator_impl(ctx):
    tool = ctx.attr.tool[DefaultInfo]
    program = tool.files_to_run.executable
    digest = ctx.actions.declare_file(ctx.label.name + ".digest")
    inputs = depset([program], transitive = [tool.default_runfiles.files])
    ctx.actions.run_shell(
        command = _DIGEST,
        arguments = [ctx.actions.args().add(digest).add_all(inputs, expand_directories = False)],
        inputs = inputs,
        mnemonic = "FormatGeneratorDigest",
        outputs = [digest],
        progress_message = "Digest of %{label}'s program",
    )
    manifest = ctx.actions.declare_file(ctx.label.name + ".json")
    ctx.actions.write(manifest, json.encode_indent({
        "args": ctx.attr.generate_args,
        "checkArgs": ctx.attr.check_args,
        "digestFile": digest.short_path,
        "inputs": ctx.attr.inputs,
        "name": ctx.attr.title or ctx.label.name,
        "program": program.short_path,
    }))
    return [DefaultInfo(
        files = depset([manifest]),
        runfiles = ctx.runfiles([manifest, digest, program]).merge(tool.default_runfiles),
    )]

format_generator = rule(
    implementation = _format_generator_impl,
    doc = """A program that writes files of the checkout, registered by its label in `tools/format/generators.bzl`.

It is started like by `bazel run` and finds the checkout by BUILD_WORKSPACE_DIRECTORY. It runs when its inputs or the program
itself changed since it last had nothing to do, and before the formatters, so that they see what it wrote.

```starlark
format_generator(
    name = "gazelle_generator",
    check_args = ["--mode=diff"],
    inputs = ["**/BUILD.bazel", "**/*.ts"],
    tool = "//tools/gazelle",
)
```
""",
    attrs = {
        "check_args": attr.string_list(mandatory = True, doc = "Arguments with which it changes nothing, and ends with 1 when something is stale."),
        "generate_args": attr.string_list(doc = "Arguments with which it writes."),
        "inputs": attr.string_list(mandatory = True, allow_empty = False, doc = "Globs over all files of the checkout that it reads or writes."),
        "title": attr.string(doc = "What the report calls it; default the name."),
        "tool": attr.label(mandatory = True, executable = True, cfg = "target", doc = "The program."),
    },
)
