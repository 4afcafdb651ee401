"""Small rules behind `image`: a folder of a bundle, files that are the same for every platform, a text to print."""

def _bundle_folder_impl(ctx):
    folders = [file for file in ctx.files.bundle if file.is_directory and file.basename == ctx.attr.folder]
    if len(folders) != 1:
        fail("{}: {} has no folder {}: it has {}".format(
            ctx.label,
            ctx.attr.bundle.label,
            ctx.attr.folder,
            ", ".join([file.basename for file in ctx.files.bundle]) or "nothing",
        ))
    return DefaultInfo(files = depset(folders))

bundle_folder = rule(
    implementation = _bundle_folder_impl,
    doc = "One of the folders that a bundle consists of.",
    attrs = {
        "bundle": attr.label(mandatory = True, doc = "The bundle."),
        "folder": attr.string(mandatory = True, doc = "The folder's name."),
    },
)

def _to_host_impl(settings, _attr):
    return {"//command_line_option:platforms": str(settings["//command_line_option:host_platform"])}

_to_host = transition(
    implementation = _to_host_impl,
    inputs = ["//command_line_option:host_platform"],
    outputs = ["//command_line_option:platforms"],
)

def _platform_independent_impl(ctx):
    return DefaultInfo(files = depset(ctx.files.src))

platform_independent = rule(
    implementation = _platform_independent_impl,
    doc = "Files that no platform changes: they are built once, whatever the platforms of the images that hold them.",
    attrs = {
        "src": attr.label(mandatory = True, allow_files = True, cfg = _to_host, doc = "The files."),
        "_allowlist_function_transition": attr.label(default = "@bazel_tools//tools/allowlists/function_transition_allowlist"),
    },
)

def _printed_impl(ctx):
    program = ctx.actions.declare_file(ctx.label.name + ".sh")
    text = ctx.file.src
    ctx.actions.write(program, is_executable = True, content = "#!/bin/sh\nexec cat \"${{RUNFILES_DIR:-$0.runfiles}}/{}/{}\"\n".format(ctx.workspace_name, text.short_path))
    return DefaultInfo(executable = program, files = depset([text]), runfiles = ctx.runfiles([text]))

printed = rule(
    implementation = _printed_impl,
    executable = True,
    doc = "A program that prints a text.",
    attrs = {"src": attr.label(mandatory = True, allow_single_file = True, doc = "The text.")},
)
